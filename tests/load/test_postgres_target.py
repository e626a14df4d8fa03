"""The same files in PostgreSQL: one transaction, and views and readers go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from load.library import BOOKS, LIBRARY, duckdb_target, write_files
from metrics_store.errors import MetricsStoreError
from metrics_store.load.loader import load_directory
from metrics_store.warehouse.postgres.postgres_connection import connect
from metrics_store.warehouse.table_comments import comments_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from metrics_store.project.profile import Target

Rows = list[tuple[object, ...]]
BOOK_ROWS = """
select id, title, price::text, pages, lent, added_at::text, printed::text, tags::text,
    rating, genre, note, shelf__c
from raw_library.book order by id
"""


@pytest.fixture
def target(postgres_target: Target) -> Target:
    return postgres_target


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


@pytest.fixture
def connection(target: Target) -> Iterator[psycopg.Connection]:
    with connect(target) as opened:
        opened.autocommit = True
        yield opened


def columns_of(connection: psycopg.Connection, table: str) -> Rows:
    return connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [f"raw_library.{table}"],
    ).fetchall()


def test_tables_say_where_their_rows_come_from(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    for text in ("Lent by the 'old' library.", None):
        if text is None:
            (files / "origin.txt").unlink()
        else:
            (files / "origin.txt").write_text(text, encoding="utf-8")
        load_directory(LIBRARY, files, target)
        said = connection.execute(comments_sql("postgres").encode()).fetchall()
        tables = ("book", "branch", "loan_event") if text else ()
        assert said == [("raw_library", name, text) for name in tables]


def test_both_warehouses_hold_the_same(
    files: Path, target: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    embedded = duckdb_target(tmp_path)
    load_directory(LIBRARY, files, embedded)
    load_directory(LIBRARY, files, target)
    with duckdb.connect(str(embedded.duckdb_path), read_only=True) as other:
        expected = other.execute(BOOK_ROWS).fetchall()
    assert connection.execute(BOOK_ROWS).fetchall() == expected
    assert len(expected) == 3
    assert columns_of(connection, "book") == [
        ("id", "bigint"),
        ("title", "text"),
        ("price", "numeric(12,2)"),
        ("pages", "integer"),
        ("lent", "boolean"),
        ("added_at", "timestamp without time zone"),
        ("printed", "date"),
        ("tags", "json"),
        ("rating", "double precision"),
        ("genre", "text"),
        ("note", "text"),
        ("shelf__c", "text"),
    ]
    assert connection.execute("select count(*) from raw_library.branch").fetchone() == (0,)


def test_the_same_files_twice_give_the_same_rows(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    before = connection.execute(BOOK_ROWS).fetchall()
    load_directory(LIBRARY, files, target)
    assert connection.execute(BOOK_ROWS).fetchall() == before
    assert connection.execute("select count(*) from raw_library.loan_event").fetchone() == (4,)


def test_a_view_on_a_table_stays_and_shows_the_new_rows(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    connection.execute("create view titles as select title from raw_library.book")
    (files / "book.csv").write_text(BOOKS.replace("Ωmega", "Alpha"), encoding="utf-8")
    load_directory(LIBRARY, files, target)
    titles = connection.execute("select title from titles order by title").fetchall()
    assert titles == [("Alpha",), ("Sea, and sky",), ("Two\nlines",)]


def test_a_reader_neither_waits_nor_sees_half_a_load(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    with connect(target) as reader:
        reader.execute("set transaction isolation level repeatable read")
        before = reader.execute(BOOK_ROWS).fetchall()
        (files / "book.csv").write_text(BOOKS.replace("Ωmega", "Alpha"), encoding="utf-8")
        load_directory(LIBRARY, files, target)
        assert reader.execute(BOOK_ROWS).fetchall() == before
    assert connection.execute(BOOK_ROWS).fetchall() != before


def test_new_columns_are_added_and_old_ones_stay(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    text = BOOKS.replace("Shelf__c", "Colour__c")
    (files / "book.csv").write_text(text, encoding="utf-8")
    load_directory(LIBRARY, files, target)
    assert columns_of(connection, "book")[-2:] == [("shelf__c", "text"), ("colour__c", "text")]
    rows = connection.execute("select shelf__c, colour__c from raw_library.book where id = 1")
    assert rows.fetchall() == [(None, "A1")]


def test_a_broken_file_changes_nothing(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    before = connection.execute(BOOK_ROWS).fetchall()
    (files / "book.csv").write_text(BOOKS.replace("Ωmega", "Alpha"), encoding="utf-8")
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\nx,y,z\n")
    with pytest.raises(MetricsStoreError, match=r"LoanEvent\.csv, line 2"):
        load_directory(LIBRARY, files, target)
    assert connection.execute(BOOK_ROWS).fetchall() == before


def test_another_type_in_the_database_is_refused_and_changes_nothing(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    connection.execute("alter table raw_library.loan_event alter book_id type text")
    (files / "book.csv").write_text(BOOKS.replace("Ωmega", "Alpha"), encoding="utf-8")
    with pytest.raises(MetricsStoreError) as refused:
        load_directory(LIBRARY, files, target)
    message = str(refused.value)
    assert "the column book_id of the table raw_library.loan_event has the type text" in message
    assert "expected: bigint" in message
    titles = connection.execute("select title from raw_library.book where id = 3").fetchall()
    assert titles == [("Ωmega",)]


def test_what_the_database_refuses_is_told_and_changes_nothing(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    load_directory(LIBRARY, files, target)
    connection.execute("alter table raw_library.loan_event add check (book_id < 9)")
    (files / "book.csv").write_text(BOOKS.replace("Ωmega", "Alpha"), encoding="utf-8")
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\n10,y,z\n")
    with pytest.raises(MetricsStoreError) as refused:
        load_directory(LIBRARY, files, target)
    assert "violates check constraint" in str(refused.value)
    assert target.settings["password"] not in str(refused.value)
    titles = connection.execute("select title from raw_library.book where id = 3").fetchall()
    assert titles == [("Ωmega",)]


def test_a_view_in_the_place_of_a_table_is_refused(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    connection.execute("create schema raw_library")
    connection.execute("create view raw_library.book as select 1 as id")
    with pytest.raises(
        MetricsStoreError, match=r"raw_library\.book in the warehouse is not a table"
    ):
        load_directory(LIBRARY, files, target)


def test_text_that_copy_could_misread_arrives_as_it_is(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    odd = ["\\.", "\\N", "NULL", 'a"b', "tab\there", "a\r\nb", "'", " ", "naïve 😀", "\\"]
    quoted = [text.replace('"', '""') for text in odd]
    lines = [f'{number},note,"{text}"' for number, text in enumerate(quoted)]
    content = "book_id,field,new_value\n" + "\n".join(lines) + "\n"
    (files / "LoanEvent.csv").write_bytes(content.encode())
    load_directory(LIBRARY, files, target)
    rows = connection.execute("select new_value from raw_library.loan_event order by book_id")
    assert [value for (value,) in rows] == odd


def test_many_rows_arrive_in_several_batches(
    files: Path, target: Target, connection: psycopg.Connection
) -> None:
    rows = "".join(f"{number},note,{number}\n" for number in range(120_000))
    (files / "LoanEvent.csv").write_text("book_id,field,new_value\n" + rows)
    load_directory(LIBRARY, files, target)
    counted = connection.execute(
        "select count(*), count(distinct book_id), sum(new_value::bigint) "
        "from raw_library.loan_event"
    ).fetchone()
    assert counted == (120_000, 120_000, 120_000 * 119_999 // 2)
