"""Raw Pipedrive tables as lists of dicts, from CSV or Parquet, exact duplicates dropped."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, Any]
Raw = dict[str, list[Row]]

TABLES = ("activity", "activity_types", "deal_changes", "fields", "stages", "users")


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


CASTS: dict[str, Callable[[str], object]] = {
    "id": int,
    "activity_id": int,
    "assigned_to_user": int,
    "deal_id": int,
    "stage_id": int,
    "done": _boolean,
    "due_to": datetime.fromisoformat,
    "change_time": datetime.fromisoformat,
    "modified": datetime.fromisoformat,
}


def _cast(column: str, text: str) -> object:
    if text == "":
        return None
    return CASTS[column](text) if column in CASTS else text


def read_csv_directory(directory: Path) -> Raw:
    """Read `<table>.csv`; empty text is None, headers are taken in lower case."""
    raw: Raw = {}
    for table in TABLES:
        with (directory / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            header = [name.lower() for name in next(reader)]
            raw[table] = [
                {column: _cast(column, text) for column, text in zip(header, line, strict=True)}
                for line in reader
            ]
    return raw


def read_parquet_directory(directory: Path) -> Raw:
    """Read `<table>.parquet` as it stands."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - a CSV reader needs none of it

    return {table: pq.read_table(directory / f"{table}.parquet").to_pylist() for table in TABLES}


def distinct_rows(rows: list[Row]) -> list[Row]:
    """Keep the first of rows that are equal in every column."""
    return list({tuple(sorted(row.items())): row for row in rows}.values())
