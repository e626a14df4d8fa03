"""Read reports as they lie in the warehouse, and compare them row by row."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from math import isclose
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq

from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from definitions.warehouses import BuiltProject

Row = dict[str, Any]
Rows = dict[tuple[object, ...], Row]


def ask_reports(project: BuiltProject, engine: str, query: str) -> list[Row]:
    """Run a query as it stands, in the schema of the reports."""
    target = project.targets[engine]
    if engine == "duckdb":
        with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
            connection.execute("set schema = 'reports'")
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    with connect(target) as connection:
        connection.execute("set search_path to dev_reports")
        answer = connection.execute(query.encode())
        names = [column.name for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def report(project: BuiltProject, engine: str, name: str, *key: str) -> Rows:
    """Give all rows of a report by the columns that name a row."""
    return keyed(ask_reports(project, engine, f"select * from {name}"), *key)


def keyed(rows: Iterable[Row], *key: str) -> Rows:
    """Give rows by the columns that name a row."""
    rows = list(rows)
    found = {tuple(row[column] for column in key): row for row in rows}
    assert len(found) == len(rows), "two rows of one key"
    return found


def answers(
    project: BuiltProject,
    engine: str,
    metrics: Sequence[str],
    group_by: Sequence[str],
    *,
    salesforce_only: bool = False,
) -> list[Row]:
    """Ask MetricFlow for the rows of several metrics at once; periods are dates.

    Args:
        project: The built project.
        engine: The engine that is asked.
        metrics: The metrics.
        group_by: What to group by.
        salesforce_only: Whether to leave out the opportunities of the other CRM.
    """
    source = "opportunity__crm_source"
    question = MetricRequest(
        metrics=metrics, group_by=[*group_by, source] if salesforce_only else group_by
    )
    return [
        {
            name: value.date() if isinstance(value, datetime) else value
            for name, value in row.items()
            if name != source
        }
        for row in project.stores[engine].answer(question).to_pylist()
        if row.get(source, "salesforce") == "salesforce"
    ]


def unlike(expected: Rows, found: Rows) -> dict[tuple[object, ...], object]:
    """Give the keys that only one side has, and the columns in which the rows differ.

    Numbers are alike to 1e-9, all else is equal; nothing is not 0.
    """
    missing: dict[tuple[object, ...], object] = {
        key: "missing" for key in expected if key not in found
    }
    extra: dict[tuple[object, ...], object] = {key: "extra" for key in found if key not in expected}
    differing = {
        key: columns
        for key in expected.keys() & found.keys()
        if (columns := _differences(expected[key], found[key]))
    }
    return {**missing, **extra, **differing}


def _differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Row:
    pairs = {name: (expected.get(name), found.get(name)) for name in {*expected, *found}}
    return {name: pair for name, pair in pairs.items() if not _alike(*pair)}


def _alike(expected: object, found: object) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float | Decimal) and isinstance(found, int | float | Decimal):
        return isclose(float(expected), float(found), rel_tol=1e-9, abs_tol=1e-9)
    return expected == found


def owner_labels(demo_data: Path) -> dict[str | None, str | None]:
    """Name each owner, with the CRM or the id where several share the name."""
    names = {
        **{f"pipedrive:{row['id']}": row["name"] for row in _users(demo_data, "pipedrive/users")},
        **{f"salesforce:{row['id']}": row["name"] for row in _users(demo_data, "salesforce/user")},
    }
    sources: dict[str, list[str]] = defaultdict(list)
    for owner, name in names.items():
        sources[name].append(owner.partition(":")[0])
    labels: dict[str | None, str | None] = {None: None}
    for owner, name in names.items():
        source, shared = owner.partition(":")[0], sources[name]
        same = source if shared.count(source) == 1 else owner
        labels[owner] = name if len(shared) == 1 else f"{name} ({same})"
    return labels


def _users(demo_data: Path, table: str) -> list[Row]:
    rows: list[Row] = pq.read_table(demo_data / f"{table}.parquet").to_pylist()
    return rows


def quarter_label(first_day: date) -> str:
    return f"Q{(first_day.month + 2) // 3} {first_day.year}"


def month_label(first_day: date) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[first_day.month - 1]} {first_day.year}"
