"""Broken Parquet files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from load.broken_cases import STAMP, WHOLE, Case, recode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def table_of_books() -> pa.Table:
    """Give two books in Parquet's own types."""
    return pa.table(
        {
            "id": pa.array([1, 2]),
            "title": ["a", "b"],
            "price": [1.5, None],
            "pages": pa.array([1, 2], pa.int32()),
            "lent": [True, False],
            "added_at": pa.array([0, 1], pa.timestamp("us")),
            "printed": pa.array([0, 1], pa.date32()),
            "tags": ["{}", None],
            "rating": [0.5, None],
            "genre": ["novel", None],
        }
    )


def parquet(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    """Put a changed Parquet file in the place of book.csv."""

    def apply(directory: Path) -> None:
        (directory / "book.csv").unlink()
        pq.write_table(change(table_of_books()), directory / "book.parquet")

    return apply


def parquet_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Put a Parquet file with changed bytes in the place of book.csv."""

    def apply(directory: Path) -> None:
        parquet(lambda table: table)(directory)
        recode(change, "book.parquet")(directory)

    return apply


def set_column(name: str, values: pa.Array) -> Callable[[Path], None]:
    """Replace one Parquet column."""
    return parquet(lambda table: table.set_column(table.column_names.index(name), name, values))


PARQUET_CASES = [
    Case(
        "Parquet without a footer",
        parquet_bytes(lambda content: content[:-20]),
        ("book.parquet", "cut off", "no Parquet footer"),
    ),
    Case(
        "Parquet with a damaged footer",
        parquet_bytes(lambda content: content[:-60] + b"\xff" * 52 + content[-8:]),
        ("book.parquet", "damaged"),
    ),
    Case("CSV named Parquet", parquet_bytes(lambda _: b"id,title\n"), ("book.parquet", "no Parq")),
    Case(
        "gzip named Parquet",
        parquet_bytes(gzip.compress),
        ("book.parquet", "this is a gzip archive"),
    ),
    Case("Parquet without rows", parquet(lambda t: t.slice(0, 0)), ("book.parquet", "no rows")),
    Case(
        "Parquet without a column",
        parquet(lambda table: table.drop_columns(["rating"])),
        ("book.parquet", "header", "the column rating is missing"),
    ),
    Case(
        "Parquet with two spellings of a name",
        parquet(lambda table: table.append_column("Added_At", table["added_at"])),
        ("book.parquet", "(added_at) and 11 (Added_At) have the same name"),
    ),
    Case(
        "Parquet with a list for a number",
        set_column("pages", pa.array([[1], [2]])),
        ("book.parquet", "column pages", "'BIGINT[]'", WHOLE),
    ),
    Case(
        "Parquet with bytes for a text",
        set_column("title", pa.array([b"a", b"b"])),
        ("book.parquet", "column title", "'BLOB'", "expected text"),
    ),
    Case(
        "Parquet with a fraction for a whole number",
        set_column("id", pa.array([1.0, 1.5])),
        ("book.parquet", "row 2", "column id", "'1.5'", WHOLE, "DOUBLE"),
    ),
    Case(
        "Parquet with too large a number",
        set_column("pages", pa.array([1, 2**40])),
        ("book.parquet", "row 2", "column pages", "'1099511627776'", WHOLE, "BIGINT"),
    ),
    Case(
        "Parquet with NaN",
        set_column("price", pa.array([float("nan"), 1.0])),
        ("book.parquet", "row 1", "column price", "'nan'", "a number"),
    ),
    Case(
        "Parquet with an infinite number",
        set_column("rating", pa.array([0.5, float("inf")])),
        ("book.parquet", "row 2", "column rating", "'inf'", "a finite number"),
    ),
    Case(
        "Parquet with a number for a timestamp",
        set_column("added_at", pa.array([1720000000, 1])),
        ("book.parquet", "row 1", "column added_at", "'1720000000'", STAMP, "BIGINT"),
    ),
    Case(
        "Parquet with a year out of range",
        set_column("added_at", pa.array([0, 2**55], pa.timestamp("us"))),
        ("book.parquet", "row 2", "column added_at", "in the years 1900 to 2200"),
    ),
    Case(
        "Parquet with nanoseconds that would be lost",
        set_column("added_at", pa.array([1001, 0], pa.timestamp("ns"))),
        ("book.parquet", "row 1", "column added_at", STAMP),
    ),
    Case(
        "Parquet with a NULL",
        set_column("title", pa.array(["a", None])),
        ("book.parquet", "row 2", "column title", "there is no value"),
    ),
    Case(
        "Parquet with a value twice",
        set_column("id", pa.array([7, 7])),
        ("book.parquet", "row 2", "column id", "'7' stands in row 1 already"),
    ),
    Case(
        "Parquet with a NUL byte",
        set_column("title", pa.array(["a", "b\0c"])),
        ("book.parquet", "row 2", "column title", r"'b\x00c'", "NUL"),
    ),
    Case(
        "Parquet with text that is not UTF-8",
        set_column("title", pa.array([b"a", b"\xff"]).view(pa.string())),
        ("book.parquet", "UTF8"),
    ),
]
