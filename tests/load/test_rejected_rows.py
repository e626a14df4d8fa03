"""Rows that break a rule are set aside with their reason, and nothing else is lost."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from load.library import BOOKS, LIBRARY, contents, duckdb_target, write_files
from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import LoadOptions
from metrics_store.load.loader import load_directory

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.loader import LoadedTable
    from metrics_store.project.profile import Target


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return duckdb_target(tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


def load(files: Path, target: Target) -> list[LoadedTable]:
    return load_directory(
        LIBRARY, files, target, LoadOptions(reject_to=target.project_directory / "rejects.csv")
    )


def rejects(target: Target) -> list[dict[str, str]]:
    path = target.project_directory / "rejects.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BAD = """\
4,No price,12 EUR,many,true,2024-01-01,,,,,
4,Short,1
5,,1,1,true,2024-01-01,,,,,
4,Once more,1,1,true,2024-01-01,,,,,
3,Twice,1,1,true,2024-01-01,,,,,
"""


def test_bad_rows_are_set_aside_and_the_others_are_loaded(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    (files / "book.csv").write_text(BOOKS + BAD, encoding="utf-8")
    loaded = load(files, target)
    assert [(table.rows, table.rejected) for table in loaded] == [(4, 4), (4, 0), (0, 0)]
    after = contents(target)
    new = [row for row in after["book"] if row not in before["book"]]
    assert [row[:2] for row in new] == [(4, "Once more")]
    assert {**after, "book": [row for row in after["book"] if row not in new]} == before
    assert [(row["table"], row["file"], row["place"]) for row in rejects(target)] == [
        ("book", "book.csv", place) for place in ("line 6", "line 7", "line 8", "line 10")
    ]
    reasons = [row["reason"] for row in rejects(target)]
    assert reasons[0] == (
        "column Price: '12 EUR' does not fit; expected a number such as 1234.5 with at most 10 "
        "digits before the point; column Pages: 'many' does not fit; expected a whole number "
        "between -2147483648 and 2147483647"
    )
    assert reasons[1:] == [
        "the row has 3 fields; expected 11 fields, as in the header",
        "column Title: there is no value; expected a value in every row",
        "column Id: '3' stands in line 5 of book.csv already",
    ]
    assert json.loads(rejects(target)[0]["record"])["Price"] == "12 EUR"
    assert json.loads(rejects(target)[1]["record"]) == ["4", "Short", "1"]


def test_rows_of_parts_are_set_aside_with_their_part(files: Path, target: Target) -> None:
    header = BOOKS.partition("\n")[0]
    (files / "book_2.csv").write_text(f"{header}\n{BAD}", encoding="utf-8")
    load(files, target)
    assert [(row["file"], row["place"]) for row in rejects(target)] == [
        ("book_2.csv", f"line {line}") for line in (2, 3, 4, 6)
    ]
    assert "'3' stands in line 5 of book.csv already" in rejects(target)[3]["reason"]


def test_where_nothing_is_wrong_the_file_has_no_rows(files: Path, target: Target) -> None:
    assert sum(table.rejected for table in load(files, target)) == 0
    text = (target.project_directory / "rejects.csv").read_text(encoding="utf-8")
    assert text == "table,file,place,reason,record\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOOKS.replace("Price,", ""), "the row has 11 fields"),
        (BOOKS.replace("Title", "Name"), "the column Title is missing"),
        (BOOKS + "4,Short,1", "the file is cut off: its last row has 3 of 11 fields"),
        (BOOKS.replace('lines"', "lines"), "never closed"),
        (BOOKS.replace(",true,", ",x,").replace(",No,", ",x,").replace(",7,,1,", ",7,,x,"),
         "no row can be loaded; the first: column Lent: 'x' does not fit"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_whole_file_is_still_refused(
    text: str, says: str, files: Path, target: Target
) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    (files / "book.csv").write_text(text, encoding="utf-8")
    with pytest.raises(MetricsStoreError) as refused:
        load(files, target)
    assert says in str(refused.value) or "missing" in str(refused.value)
    assert contents(target) == before
    assert not (target.project_directory / "rejects.csv").exists()


def test_a_file_that_cannot_be_written_keeps_everything_as_it_was(
    files: Path, target: Target
) -> None:
    options = LoadOptions(reject_to=target.project_directory / "nowhere" / "rejects.csv")
    with pytest.raises(MetricsStoreError, match="nothing was loaded") as refused:
        load_directory(LIBRARY, files, target, options)
    assert "No such file or directory" in str(refused.value)
    assert not target.duckdb_path.exists()
