"""A source about a library, with every kind of rule; nothing in it is about sales."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb

from metrics_store.load.contracts.contract import Bounds, Column, Fit, KnownValues, Source, Table
from metrics_store.load.contracts.data_types import parse_data_type
from metrics_store.project.profile import Target

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "raw_library"


def _column(name: str, data_type: str, **rules: object) -> Column:
    return Column(name, parse_data_type(data_type), **rules)  # type: ignore[arg-type]


BOOK = Table(
    "book",
    SCHEMA,
    "book",
    (
        _column("id", "bigint", not_null=True, unique=True),
        _column("title", "text", not_null=True),
        _column("price", "numeric(12, 2)"),
        _column("pages", "integer"),
        _column("lent", "boolean", not_null=True),
        _column("added_at", "timestamp", not_null=True),
        _column("printed", "date"),
        _column("tags", "json"),
        _column("rating", "double precision", bounds=Bounds(Decimal(0), Decimal(10))),
        _column("genre", "text", accepted_values=("novel", "poem")),
        _column("note", "text", optional=True),
    ),
)
LOAN_EVENT = Table(
    "loan_event",
    SCHEMA,
    "loan_event",
    (
        _column("book_id", "bigint", not_null=True),
        _column("field", "text", not_null=True),
        _column(
            "new_value",
            "text",
            fits=(
                Fit((("field", "due"),), parse_data_type("timestamp")),
                Fit((("field", "reader"),), parse_data_type("bigint")),
            ),
        ),
    ),
)
BRANCH = Table(
    "branch",
    SCHEMA,
    "branch",
    (
        _column("id", "bigint", not_null=True),
        _column("city", "text", known=KnownValues(("Rome", "Paris"), "seeds/cities.csv")),
    ),
    optional=True,
    may_be_empty=True,
)
LIBRARY = Source("library", (BOOK, LOAN_EVENT, BRANCH))

BOOKS = """\
Id,Title,Price,Pages,Lent,AddedAt,Printed,Tags,Rating,Genre,Shelf__c
1,"Sea, and sky",12.50,320,true,2024-07-24T06:47:10,1999-12-31,"{""a"": [1, 2]}",4.5,novel,A1
2,"Two
lines",,-5,No,2024-04-09 21:32:09.123456,2023-07-11 00:00:00,,1e-3,,
3,Ωmega,7,,1,2024-04-09T21:32:09.000+0200,,[],,poem,  B 2
"""
LOAN_EVENTS = """\
BOOK_ID,FIELD,NEW_VALUE
1,due,2024-08-01T00:00:00
1,reader,44
2,note,whatever it is
2,due,
"""


def write_files(directory: Path) -> Path:
    """Write good files into a new directory."""
    directory.mkdir()
    (directory / "book.csv").write_text(BOOKS, encoding="utf-8")
    (directory / "LoanEvent.csv").write_text(LOAN_EVENTS, encoding="utf-8")
    return directory


def duckdb_target(directory: Path) -> Target:
    """Give a DuckDB target whose file is in the directory."""
    return Target(directory, "duckdb", {"type": "duckdb", "path": "warehouse.duckdb"})


def contents(target: Target, schema: str = SCHEMA) -> dict[str, list[tuple[object, ...]]]:
    """Read every table of the schema: its columns with types, and its rows in a fixed order."""
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = ? order by all",
            [schema],
        ).fetchall()
        return {
            name: [
                *connection.execute(f'describe "{schema}"."{name}"').fetchall(),
                *connection.execute(f'from "{schema}"."{name}" order by all').fetchall(),
            ]
            for (name,) in names
        }


def digest(path: Path) -> str:
    """Give a file's content in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
