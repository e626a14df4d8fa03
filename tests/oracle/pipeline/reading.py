"""Raw Salesforce tables as lists of dicts with snake_case columns, from CSV or Parquet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from oracle.pipeline.settings import Membership, Quota
from oracle.pipeline.values import snake_case

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.reading import Raw, Row

TABLES = (
    "account",
    "user",
    "user_role",
    "opportunity",
    "opportunity_history",
    "opportunity_field_history",
)


def folded(row: Row) -> Row:
    """A row with its column names in snake_case."""
    return {snake_case(column): value for column, value in row.items()}


def read_csv_directory(directory: Path) -> Raw:
    """Read the tables whose file is there, its name in either spelling; the others are empty."""
    raw: Raw = {table: [] for table in TABLES}
    for path in sorted(directory.glob("*.csv")):
        table = snake_case(path.stem)
        if table in TABLES:
            with path.open(newline="", encoding="utf-8-sig") as file:
                raw[table] = [folded(row) for row in csv.DictReader(file)]
    return raw


def read_parquet_directory(directory: Path) -> Raw:
    """Read `<table>.parquet` where it is there; the other tables are empty."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - a CSV reader needs none of it

    raw: Raw = {table: [] for table in TABLES}
    for table in TABLES:
        path = directory / f"{table}.parquet"
        if path.exists():
            raw[table] = [folded(row) for row in pq.read_table(path).to_pylist()]
    return raw


def read_planning_directory(directory: Path) -> tuple[list[Quota], list[Membership]]:
    """Quotas and team memberships out of a planning tool's Parquet tables."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - a CSV reader needs none of it

    quotas = pq.read_table(directory / "quota.parquet").to_pylist()
    memberships = pq.read_table(directory / "team_membership.parquet").to_pylist()
    return (
        [Quota(row["owner_id"], row["month"], row["quota"]) for row in quotas],
        [Membership(row["owner_id"], row["team"], row["valid_from"]) for row in memberships],
    )
