"""What stands in a landed table, counted in one pass over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.load.landed.connectors import connector_of
from metrics_store.load.landed.landed_tables import read_rows
from metrics_store.load.sql_names import fold, quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.load.contracts.contract import Table
    from metrics_store.load.landed.connectors import Connector
    from metrics_store.load.landed.landed_tables import LandedTable
    from metrics_store.warehouse.statement import Executor

_YES = "('true', 't', '1', '1.0', 'yes', 'y')"
_NO = "('false', 'f', '0', '0.0', 'no', 'n')"


@dataclass(frozen=True)
class TableContents:
    """The rows of a table, in numbers.

    Attributes:
        connector: Which tool landed it, as far as its columns say.
        rows: Rows that are a record's current version.
        former: Rows that are former versions, which the store leaves out.
        gone: Current rows whose record is gone in the CRM.
        filled: How many current rows have a value, by the contract's column.
        distinct: How many values there are, of columns in which none may stand twice.
        fresh: When it changed last, in words; empty where nothing says it.
        fresh_by: The column that says so.
    """

    connector: Connector
    rows: int
    former: int = 0
    gone: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    distinct: Mapping[str, int] = field(default_factory=dict)
    fresh: str = ""
    fresh_by: str = ""


def _text(column: str) -> str:
    return f"nullif(trim(cast({quote(column)} as text)), '')"


def _moment(given: object) -> str:
    """Write a time as UTC's: one with an offset is moved, the seconds since 1970 are counted."""
    if given is None:
        return ""
    try:
        moment = given if isinstance(given, datetime) else _read_moment(str(given))
    except (ValueError, OverflowError, OSError):
        return str(given)
    zoned = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{zoned:%Y-%m-%d %H:%M} UTC"


def _read_moment(text: str) -> datetime:
    is_number = text.replace(".", "", 1).isdigit()
    return datetime.fromtimestamp(float(text), UTC) if is_number else datetime.fromisoformat(text)


def _selected(table: Table, landed: LandedTable) -> dict[str, str]:
    """Give what is counted: name of the result -> SQL over current rows."""
    connector = connector_of(tuple(landed.columns.values()))
    gone = landed.columns.get(fold(connector.gone))
    found = {"all_rows": "count(*)"}
    if gone:
        is_time = fold(connector.gone).endswith("at")
        condition = f"{_text(gone)} is not null" if is_time else f"lower({_text(gone)}) in {_YES}"
        found["gone"] = f"count(case when {condition} then 1 end)"
    for number, column in enumerate(table.columns):
        name = landed.columns.get(fold(column.name))
        if name:
            found[f"filled_{number}"] = f"count({_text(name)})"
            if column.unique:
                found[f"distinct_{number}"] = f"count(distinct {_text(name)})"
    fresh = _fresh_column(table, landed)
    if fresh:
        found["fresh"] = f"max({quote(fresh)})"
    return found


def _fresh_column(table: Table, landed: LandedTable) -> str:
    """Give the column that says when the table changed last: the connector's, or the contract's."""
    connector = connector_of(tuple(landed.columns.values()))
    names = [landed.columns.get(fold(name), "") for name in (*connector.times, table.loaded_at)]
    return next(filter(None, names), "")


def read_contents(table: Table, landed: LandedTable, executor: Executor) -> TableContents:
    """Count what stands in a landed table.

    Raises:
        MetricsStoreError: The warehouse cannot read it.
    """
    connector = connector_of(tuple(landed.columns.values()))
    relation = f"{quote(landed.schema)}.{quote(landed.name)}"
    current = landed.columns.get(fold(connector.current)) if connector.current else None
    kept = f"coalesce(lower({_text(current)}), 'true') not in {_NO}" if current else "true"
    counted = ", ".join(f"{sql} as {quote(name)}" for name, sql in _selected(table, landed).items())
    [row] = read_rows(executor, f"select {counted} from {relation} where {kept}")  # noqa: S608
    former = 0
    if current:
        sql = f"select count(*) as former from {relation} where not ({kept})"  # noqa: S608
        former = int(read_rows(executor, sql)[0]["former"])
    names = {number: column.name for number, column in enumerate(table.columns)}
    return TableContents(
        connector,
        rows=int(row["all_rows"]),
        former=former,
        gone=int(row.get("gone", 0)),
        filled={
            name: int(row[f"filled_{number}"])
            for number, name in names.items()
            if f"filled_{number}" in row
        },
        distinct={
            name: int(row[f"distinct_{number}"])
            for number, name in names.items()
            if f"distinct_{number}" in row
        },
        fresh=_moment(row.get("fresh")),
        fresh_by=_fresh_column(table, landed),
    )
