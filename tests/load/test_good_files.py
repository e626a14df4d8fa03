"""Files that people really have are loaded, and loaded the same however they are written."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from load.library import BOOKS, LIBRARY, contents, duckdb_target, write_files
from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import Formats, LoadOptions
from metrics_store.load.loader import load_directory
from metrics_store.warehouse.table_comments import comments_sql

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.project.profile import Target


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return duckdb_target(tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


def query(target: Target, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_every_type_and_every_quirk(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    assert query(target, "from raw_library.book order by id") == [
        (1, "Sea, and sky", Decimal("12.50"), 320, True, datetime(2024, 7, 24, 6, 47, 10),
         date(1999, 12, 31), '{"a": [1, 2]}', 4.5, "novel", None, "A1"),
        (2, "Two\nlines", None, -5, False, datetime(2024, 4, 9, 21, 32, 9, 123456),
         date(2023, 7, 11), None, 0.001, None, None, None),
        (3, "Ωmega", Decimal("7.00"), None, True, datetime(2024, 4, 9, 19, 32, 9),
         None, "[]", None, "poem", None, "  B 2"),
    ]  # fmt: skip


def test_the_tables_have_the_contracts_types_and_the_files_own_columns(
    files: Path, target: Target
) -> None:
    load_directory(LIBRARY, files, target)
    described = query(target, "describe raw_library.book")
    assert [(name, kind) for name, kind, *_ in described] == [
        ("id", "BIGINT"),
        ("title", "VARCHAR"),
        ("price", "DECIMAL(12,2)"),
        ("pages", "INTEGER"),
        ("lent", "BOOLEAN"),
        ("added_at", "TIMESTAMP"),
        ("printed", "DATE"),
        ("tags", "JSON"),
        ("rating", "DOUBLE"),
        ("genre", "VARCHAR"),
        ("note", "VARCHAR"),
        ("shelf__c", "VARCHAR"),
    ]


def _comments(target: Target) -> list[tuple[object, ...]]:
    return query(target, comments_sql("duckdb"))


def test_tables_say_where_their_rows_come_from(files: Path, target: Target) -> None:
    (files / "origin.txt").write_text("Lent by\n the 'old' library.\n", encoding="utf-8")
    load_directory(LIBRARY, files, target)
    said = "Lent by the 'old' library."
    assert _comments(target) == [
        ("raw_library", name, said) for name in ("book", "branch", "loan_event")
    ]
    (files / "origin.txt").unlink()
    load_directory(LIBRARY, files, target)
    assert _comments(target) == []


def test_what_was_loaded_is_reported(files: Path, target: Target) -> None:
    loaded = load_directory(LIBRARY, files, target)
    assert [(table.relation, table.rows, table.file) for table in loaded] == [
        ("raw_library.book", 3, "book.csv"),
        ("raw_library.loan_event", 4, "LoanEvent.csv"),
        ("raw_library.branch", 0, ""),
    ]


def test_an_optional_table_without_a_file_is_there_and_empty(files: Path, target: Target) -> None:
    (files / "branch.csv").write_text("id,city\n1,Rome\n")
    load_directory(LIBRARY, files, target)
    assert query(target, "from raw_library.branch") == [(1, "Rome")]
    (files / "branch.csv").unlink()
    load_directory(LIBRARY, files, target)
    assert query(target, "from raw_library.branch") == []


def test_a_table_that_may_be_empty_may_have_only_a_header(files: Path, target: Target) -> None:
    (files / "Branch.CSV").write_text("ID,CITY\n")
    loaded = load_directory(LIBRARY, files, target)
    assert (loaded[2].rows, loaded[2].file) == (0, "Branch.CSV")


def _turned(text: str) -> bytes:
    """Put the declared columns in the opposite order."""
    turned = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(turned).writerows([*row[-2::-1], row[-1]] for row in rows)
    return turned.getvalue().encode()


def _separated(text: str, delimiter: str) -> bytes:
    """Separate the fields by another sign."""
    written = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode()


REWRITINGS: dict[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "without a final line end": lambda text: text.rstrip("\n").encode(),
    "with Windows line ends": lambda text: text.replace("\n2,", "\r\n2,").encode(),
    "with blank lines": lambda text: text.replace("\n1,", "\n\n1,").encode() + b"\n\n",
    "with an upper-case header": lambda text: (
        text.partition("\n")[0].upper() + "\n" + text.partition("\n")[2]
    ).encode(),
    "with snake-case names": lambda text: text.replace("AddedAt", "added_at").encode(),
    "with spaces around names and numbers": lambda text: (
        text.replace("Price,Pages", " Price , Pages ").replace(",320,", ", 320 ,").encode()
    ),
    "with numbers as pandas writes them": lambda text: text.replace(",320,", ",320.0,").encode(),
    "with other booleans": lambda text: (
        text.replace(",true,", ",YES,").replace(",No,", ",False,").encode()
    ),
    "with rows in another order": lambda text: "\n".join(
        [text.split("\n")[0], text.split("\n")[4], *text.split("\n")[1:4]]
    ).encode(),
    "with columns in another order": _turned,
    "with semicolons": lambda text: _separated(text, ";"),
    "with tabs": lambda text: _separated(text, "\t"),
    "with Excel's line above": lambda text: b"sep=;\r\n" + _separated(text, ";"),
    "with empty rows below": lambda text: text.encode() + b",,,,,,,,,,\n" * 2,
    "packed": lambda text: gzip.compress(text.encode()),
}
OTHER_FORMATS: dict[str, tuple[Formats, Callable[[str], bytes]]] = {
    "in UTF-16": (Formats("utf-16"), lambda text: text.encode("utf-16")),
    "in UTF-16 without a mark": (Formats("utf-16"), lambda text: text.encode("utf-16-le")),
    "in UTF-16, packed": (Formats("utf-16"), lambda text: gzip.compress(text.encode("utf-16"))),
    "in UTF-8 beside files that are not": (Formats("latin-1"), lambda text: text.encode()),
    "with days as in the US": (
        Formats(dates="us"),
        lambda text: (
            text.replace("2024-07-24T06:47:10", '"7/24/2024, 6:47:10 AM"')
            .replace("1999-12-31", "12/31/1999")
            .replace("2023-07-11 00:00:00", "07-11-2023")
            .encode()
        ),
    ),
    "with days as in Europe": (
        Formats(dates="eu"),
        lambda text: (
            text.replace("2024-07-24T06:47:10", "24.7.2024 06:47:10")
            .replace("1999-12-31", "31/12/1999")
            .replace("2023-07-11 00:00:00", "11.07.2023 12:00 AM")
            .encode()
        ),
    ),
    "with decimal commas": (
        Formats(decimal_comma=True),
        lambda text: (
            text.replace("12.50", '"12,50"').replace("4.5,", '"4,5",').replace("1e-3", '"0,001"')
        ).encode(),
    ),
}


@pytest.mark.parametrize(("formats", "write"), OTHER_FORMATS.values(), ids=OTHER_FORMATS.keys())
def test_formats_that_the_load_is_told_of_give_the_same_table(
    formats: Formats, write: Callable[[str], bytes], files: Path, target: Target
) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    rewritten = write(BOOKS)
    assert rewritten != BOOKS.encode() or formats.encoding == "latin-1"
    (files / "book.csv").write_bytes(rewritten)
    load_directory(LIBRARY, files, target, LoadOptions(formats))
    assert contents(target) == before


def test_latin_1_is_what_windows_writes(files: Path, target: Target) -> None:
    (files / "book.csv").write_bytes(BOOKS.replace("Ωmega", "10 € für").encode("cp1252"))
    load_directory(LIBRARY, files, target, LoadOptions(Formats("latin-1")))
    assert query(target, "select title from raw_library.book where id = 3") == [("10 € für",)]


@pytest.mark.parametrize(
    ("formats", "cell", "says"),
    [
        (Formats(), ("1999-12-31", "12/31/1999"), "; --dates us (month first) reads it"),
        (Formats(), ("1999-12-31", "31.12.1999"), "; --dates eu (day first) reads it"),
        (Formats(), ("12.50", '"12,50"'), "; --decimal-comma reads 1.234,5"),
        (Formats(), ("12.50", '"12,500.00"'), "without commas between the digits"),
        (Formats(dates="us"), ("1999-12-31", "31/12/1999"), "2024-07-24, or 7/24/2024, in the"),
        (Formats(decimal_comma=True), ("7,,1", "7,,1"), "a number such as 1.234,5 with at most"),
    ],
)
def test_what_does_not_fit_is_told_with_the_option_that_reads_it(
    formats: Formats, cell: tuple[str, str], says: str, files: Path, target: Target
) -> None:
    (files / "book.csv").write_text(BOOKS.replace(*cell), encoding="utf-8")
    with pytest.raises(MetricsStoreError) as refused:
        load_directory(LIBRARY, files, target, LoadOptions(formats))
    assert says in str(refused.value)


def _parts(directory: Path) -> tuple[bytes, bytes]:
    """Take the file away and give its two halves, the second with its columns turned."""
    text = (directory / "book.csv").read_text(encoding="utf-8")
    (directory / "book.csv").unlink()
    header, first, rest = text.split("\n", 2)
    return f"{header}\n{first}\n".encode(), _turned(f"{header}\n{rest}")


def test_parts_with_numbers_are_one_table(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    first, second = _parts(files)
    (files / "Book_1.csv").write_bytes(first)
    (files / "Book_2.csv.gz").write_bytes(gzip.compress(second))
    loaded = load_directory(LIBRARY, files, target)
    assert loaded[0].file == "Book_1.csv, Book_2.csv.gz"
    assert contents(target) == before


@pytest.mark.parametrize("name", ["BOOK", "book.csv"])
def test_parts_in_a_directory_are_one_table(name: str, files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    first, second = _parts(files)
    (files / name).mkdir()
    (files / name / "part-00000-a.csv").write_bytes(first)
    (files / name / "part-00007-b.csv").write_bytes(second)
    (files / name / "_SUCCESS").write_bytes(b"")
    load_directory(LIBRARY, files, target)
    assert contents(target) == before


def test_parquet_parts_are_one_table(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    (files / "book.csv").unlink()
    table = pa.table(TYPED)
    pq.write_table(table.slice(0, 1), files / "book_0.parquet")
    pq.write_table(table.slice(1), files / "book_1.parquet")
    load_directory(LIBRARY, files, target)
    assert contents(target) == before


@pytest.mark.parametrize("rewrite", REWRITINGS.values(), ids=REWRITINGS.keys())
def test_other_spellings_give_the_same_table(
    rewrite: Callable[[str], bytes], files: Path, target: Target
) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    rewritten = rewrite(BOOKS)
    assert rewritten != BOOKS.encode()
    (files / "book.csv").write_bytes(rewritten)
    load_directory(LIBRARY, files, target)
    assert contents(target) == before


def test_the_same_files_twice_give_the_same_tables(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    load_directory(LIBRARY, files, target)
    assert contents(target) == before


def test_new_files_replace_the_old_rows(files: Path, target: Target) -> None:
    load_directory(LIBRARY, files, target)
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\n9,note,x\n")
    load_directory(LIBRARY, files, target)
    assert query(target, "from raw_library.loan_event") == [(9, "note", "x")]


TYPED = {
    "Id": pa.array([1, 2, 3], pa.int16()),
    "Title": pa.array(["Sea, and sky", "Two\nlines", "Ωmega"]).dictionary_encode(),
    "Price": pa.array([12.5, None, 7.0]),
    "Pages": pa.array([320.0, -5.0, None]),
    "Lent": pa.array([True, False, True]),
    "AddedAt": pa.array(
        [datetime(2024, 7, 24, 6, 47, 10), datetime(2024, 4, 9, 21, 32, 9, 123456),
         datetime(2024, 4, 9, 19, 32, 9)], pa.timestamp("us", "UTC")),
    "Printed": pa.array([date(1999, 12, 31), date(2023, 7, 11), None]),
    "Tags": pa.array(['{"a": [1, 2]}', None, "[]"], pa.large_string()),
    "Rating": pa.array([4.5, 0.001, None]),
    "Genre": pa.array(["novel", "", "poem"]),
    "Shelf__c": pa.array(["A1", None, "  B 2"]),
}  # fmt: skip
AS_TEXT = {
    "Pages": pa.array(["320", "-5", ""]),
    "Lent": pa.array(["true", "No", "1"]),
    "AddedAt": pa.array(
        ["2024-07-24T06:47:10", "2024-04-09 21:32:09.123456", "2024-04-09T21:32:09.000+0200"]
    ),
    "Printed": pa.array(["1999-12-31", "2023-07-11 00:00:00", None]),
}
OTHER_TYPES = {
    "Price": pa.array([Decimal("12.500"), None, Decimal("7.000")], pa.decimal128(20, 3)),
    "AddedAt": TYPED["AddedAt"].cast(pa.timestamp("ns")),
    "Printed": TYPED["Printed"].cast(pa.timestamp("s")),
    "Lent": pa.array([1, 0, 1]),
    "Note": pa.array([None, None, None], pa.null()),
}


@pytest.mark.parametrize(
    "columns", [TYPED, TYPED | AS_TEXT, TYPED | OTHER_TYPES], ids=["typed", "text", "other types"]
)
def test_csv_and_parquet_give_identical_tables(
    columns: dict[str, pa.Array], files: Path, target: Target
) -> None:
    load_directory(LIBRARY, files, target)
    before = contents(target)
    (files / "book.csv").unlink()
    pq.write_table(pa.table(columns), files / "Book.parquet")
    load_directory(LIBRARY, files, target)
    assert contents(target) == before


def test_more_rows_than_one_batch_keep_their_line_numbers(files: Path, target: Target) -> None:
    rows = "".join(f"{number},note,\n" for number in range(45_000))
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\n" + rows)
    load_directory(LIBRARY, files, target)
    counted = query(target, "select count(*), count(distinct book_id) from raw_library.loan_event")
    assert counted == [(45_000, 45_000)]
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\n" + rows + "x,note,\n")
    with pytest.raises(Exception, match=r"LoanEvent\.csv, line 45002, column book_id: 'x'"):
        load_directory(LIBRARY, files, target)


def test_odd_names_are_quoted(tmp_path: Path, target: Target) -> None:
    files = write_files(tmp_path / "it's [1] *")
    text = BOOKS.replace("Shelf__c", '"select ""it\'s"" from x; --"')
    (files / "book.csv").write_text(text, encoding="utf-8")
    load_directory(LIBRARY, files, target)
    names = [name for name, *_ in query(target, "describe raw_library.book")]
    assert names[-1] == """select "it's" from x; --"""


def test_files_of_no_table_are_passed_by_and_named(
    files: Path, target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "staff.csv").write_text("whatever")
    (files / "notes.txt").write_text("whatever")
    (files / ".book.csv").write_text("whatever")
    load_directory(LIBRARY, files, target)
    assert "staff.csv" in capsys.readouterr().err


def test_what_else_the_warehouse_holds_stays(files: Path, target: Target) -> None:
    with duckdb.connect(str(target.duckdb_path)) as connection:
        connection.execute("create schema raw_library")
        connection.execute("create table raw_library.kept as select 7 as number")
        connection.execute("create view shelf as select 1 as id")
    load_directory(LIBRARY, files, target)
    assert query(target, "select number, (select id from shelf) from raw_library.kept") == [(7, 1)]
