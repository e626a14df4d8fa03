"""Parquet that is read where it lies gives what a copy gives, and is checked as a copy is."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.library import BOOK, LIBRARY, contents, duckdb_target, write_files
from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract import Source
from metrics_store.load.load_options import LoadOptions
from metrics_store.load.loader import load_directory
from metrics_store.project.profile import Target
from metrics_store.warehouse.embedded.files_in_place import require_unchanged
from metrics_store.warehouse.table_comments import comments_sql

if TYPE_CHECKING:
    from pathlib import Path

IN_PLACE = LoadOptions(in_place=True)
EVENTS = {
    "BookId": pa.array([1, 1, 2, 2], pa.int32()),
    "FIELD": ["due", "reader", "note", "due"],
    "new_value": ["2024-08-01T00:00:00", "44", "", None],
    "Shelf": ["a", "", "c", None],
}
BRANCHES = {"id": pa.array([1, 2]), "city": ["Rome", "Paris"]}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Give books as CSV, events in two parts with their columns in two orders, and branches."""
    directory = write_files(tmp_path / "files")
    (directory / "LoanEvent.csv").unlink()
    events = pa.table(EVENTS)
    (directory / "loan_event").mkdir()
    pq.write_table(events.slice(0, 3), directory / "loan_event" / "part_1.parquet")
    turned = events.slice(3).select(["Shelf", "new_value", "FIELD", "BookId"])
    pq.write_table(turned, directory / "loan_event" / "part_2.parquet")
    pq.write_table(pa.table(BRANCHES), directory / "branch.parquet")
    return directory


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return duckdb_target(tmp_path)


def _kinds(target: Target) -> dict[str, str]:
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        return dict(
            connection.execute(
                "select table_name, table_type from information_schema.tables "
                "where table_schema = 'raw_library'"
            ).fetchall()
        )


def test_a_view_of_the_files_gives_what_a_copy_gives(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    copied = contents(target)
    loaded = load_directory(LIBRARY, files, target, IN_PLACE)
    assert contents(target) == copied
    assert _kinds(target) == {"book": "BASE TABLE", "loan_event": "VIEW", "branch": "VIEW"}
    assert [(table.in_place, table.rows) for table in loaded] == [(False, 3), (True, 4), (True, 2)]
    assert "book is a copy: its files are no Parquet" in loaded[0].notes[-1]
    load_directory(LIBRARY, files, target)
    assert contents(target) == copied
    assert set(_kinds(target).values()) == {"BASE TABLE"}
    # Nothing is read in place any more, so nobody minds what becomes of the files.
    (files / "branch.parquet").unlink()
    require_unchanged(target.duckdb_path)


def test_where_rows_come_from_is_said_of_views_too(files: Path, target: Target) -> None:
    (files / "origin.txt").write_text("Made up.\n", encoding="utf-8")
    load_directory(LIBRARY, files, target, IN_PLACE)
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        said = connection.execute(comments_sql("duckdb")).fetchall()
    assert ("raw_library", "loan_event", "Made up.") in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("BookId", ["1", "1", "2", "2"], "BookId is stored as VARCHAR and is to be bigint"),
        ("new_value", pa.array([1, 2, 3, 4]), "new_value is stored as BIGINT and is to be text"),
        (
            "Shelf",
            pa.array([0, 1, 2, 3], pa.timestamp("us", "UTC")),
            "Shelf is stored as TIMESTAMP WITH TIME ZONE and is to be text",
        ),
    ],
)
def test_what_has_to_be_converted_is_copied(
    column: str, values: object, reason: str, files: Path, target: Target
) -> None:
    for part, rows in ((1, slice(0, 3)), (2, slice(3, 4))):
        table = pa.table(EVENTS | {"FIELD": ["note"] * 4, column: values})
        table = table.slice(rows.start, rows.stop - rows.start)
        pq.write_table(table, files / "loan_event" / f"part_{part}.parquet")
    loaded = load_directory(LIBRARY, files, target, IN_PLACE)
    assert _kinds(target)["loan_event"] == "BASE TABLE"
    assert loaded[1].notes == (f"loan_event is a copy: {reason}",)


def test_a_bad_row_of_a_part_is_named_and_changes_nothing(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target, IN_PLACE)
    before = contents(target)
    part = files / "loan_event" / "part_2.parquet"
    good = part.read_bytes()
    bad = pa.table(EVENTS | {"FIELD": ["note", None, "due", "note"]})
    pq.write_table(bad, part)
    with pytest.raises(MetricsStoreError, match=r"part_2\.parquet, row 2, column FIELD") as refused:
        load_directory(LIBRARY, files, target, IN_PLACE)
    assert "nothing was loaded" in str(refused.value)
    part.write_bytes(good)
    assert contents(target) == before


@pytest.mark.parametrize("gone", [True, False])
def test_files_that_changed_since_are_named(gone: bool, files: Path, target: Target) -> None:  # noqa: FBT001
    load_directory(LIBRARY, files, target, IN_PLACE)
    require_unchanged(target.duckdb_path)
    part = files / "loan_event" / "part_2.parquet"
    if gone:
        part.unlink()
    else:
        pq.write_table(pa.table(EVENTS), part)
    with pytest.raises(MetricsStoreError, match="load them again") as refused:
        require_unchanged(target.duckdb_path)
    assert f"{part}{': No such file' if gone else ' has changed'}" in str(refused.value)
    pq.write_table(pa.table(EVENTS), part)
    load_directory(LIBRARY, files, target, IN_PLACE)
    require_unchanged(target.duckdb_path)


def test_a_file_that_changes_while_it_is_checked_is_not_loaded(
    files: Path, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)

    def changed(directory: Path) -> str:
        pq.write_table(pa.table(BRANCHES).slice(1), directory / "branch.parquet")
        return ""

    monkeypatch.setattr("metrics_store.load.loader.read_origin", changed)
    with pytest.raises(MetricsStoreError, match="has changed"):
        load_directory(LIBRARY, files, target, IN_PLACE)
    assert contents(target) == before


def test_a_path_that_reads_as_a_pattern_is_copied(tmp_path: Path, target: Target) -> None:
    directory = write_files(tmp_path / "files [1]")
    pq.write_table(pa.table(BRANCHES), directory / "branch.parquet")
    loaded = load_directory(LIBRARY, directory, target, IN_PLACE)
    assert loaded[2].rows == 2
    assert _kinds(target)["branch"] == "BASE TABLE"


@pytest.mark.slow
def test_every_type_is_read_as_a_copy_has_it(files: Path, target: Target) -> None:
    book = {
        "id": pa.array([1, 2], pa.int16()),
        "title": ["a", "b"],
        "price": pa.array([Decimal("1.105000"), None], pa.decimal128(24, 6)),
        "pages": pa.array([1, 2], pa.int32()),
        "lent": [True, False],
        "added_at": pa.array([0, 1], pa.timestamp("us")),
        "printed": pa.array([0, 1], pa.date32()),
        "tags": ["{}", None],
        "rating": [0.1, None],
        "genre": ["novel", ""],
    }
    (files / "book.csv").unlink()
    pq.write_table(pa.table(book), files / "book.parquet")
    # JSON is checked word by word, and kept as it was checked.
    loaded = load_directory(LIBRARY, files, target, IN_PLACE)
    assert loaded[0].notes[-1].endswith("tags is stored as VARCHAR and is to be json")
    columns = tuple(column for column in BOOK.columns if column.name != "tags")
    library = Source("library", (dataclasses.replace(BOOK, columns=columns), *LIBRARY.tables[1:]))
    load_directory(library, files, target)
    copied = contents(target)
    assert load_directory(library, files, target, IN_PLACE)[0].in_place
    assert contents(target) == copied


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        (IN_PLACE, "postgres", "reads no files in place"),
        (IN_PLACE, "spark", "reads no files in place"),
        ("reject", "duckdb", "no row can be set aside"),
    ],
)
def test_what_cannot_be_in_place_is_refused(
    options: LoadOptions | str, kind: str, says: str, files: Path, tmp_path: Path
) -> None:
    if isinstance(options, str):
        options = LoadOptions(reject_to=tmp_path / "rejected.csv", in_place=True)
    target = Target(tmp_path, "chosen", {"type": kind, "path": "warehouse.duckdb"})
    with pytest.raises(MetricsStoreError, match=says):
        load_directory(LIBRARY, files, target, options)
    assert not (tmp_path / "rejected.csv").exists()
    assert not (tmp_path / "warehouse.duckdb").exists()
