"""Checks a roll-up against the rows beneath it: only one that says what they say is used.

A roll-up may be older than its marts, changed by hand, half built, or somebody's own: its rows are
those that its definition gives now, or it is not used. That is compared, row by row, unless the
build that published the warehouse made it of the rows that are there, and nobody wrote since.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from metrics_store.engine.rollups.table_state import TableState
from metrics_store.errors import LimitExceededError, MetricsStoreError, UnavailableError
from metrics_store.query.filters.sql_literals import render_value
from metrics_store.query.rollups.rollup_sources import readable_relation
from metrics_store.query.rollups.row_checksum import CHECKSUM_COLUMN, row_checksum
from metrics_store.warehouse.statement import Limits, RelationMissingError, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from metrics_store.query.rollups.rollup_select import RollupSelects
    from metrics_store.query.rollups.rollup_table import RollupTable

    Read = Callable[[Statement], pa.Table]

# One look at all rows, which nobody repeats while they stay the same.
_LIMITS = Limits(seconds=600)
# Sums of floats depend on the order of the rows.
_TOLERANCE = 1e-9
# What gives another value while the rows stay the same.
_CHANGING = re.compile(
    r"\b(current_date|current_time|current_timestamp|localtime|localtimestamp|now|today|"
    r"clock_timestamp|statement_timestamp|transaction_timestamp|get_current_timestamp|"
    r"get_current_time|random|uuid|gen_random_uuid|nextval|current_user|session_user)\b",
    re.IGNORECASE,
)
_FLOAT, _SHORT_FLOAT = "double precision", "real"
_OTHER_ROWS = (
    "does not have the rows that its marts give now: it is older than they are, half built, or was "
    "changed by hand"
)
_ROWS_TWICE = "counts rows several times: a key that it joins by is not unique"
_TEXT = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class PlannedCheck:
    """The check of a roll-up, planned.

    Attributes:
        table: The roll-up.
        select: The SELECT that gives its rows.
        total: The SELECT of all rows together.
        relations: Its relation, and those that its rows come from.
    """

    table: RollupTable
    select: str
    total: str
    relations: tuple[str, ...]


class TableCheck:
    """Checks roll-ups.

    Args:
        read: Runs a statement.
        selects: Gives the SELECTs of their rows over the definitions that are live.
        dialect: The SQL.
    """

    def __init__(self, read: Read, selects: RollupSelects, dialect: str) -> None:
        self._read = read
        self._selects = selects
        self._dialect = dialect

    def planned(self, table: RollupTable) -> PlannedCheck:
        """Plan the check of a roll-up; one thread at a time may do so."""
        select = self._selects.select(table)
        read = sorted(one for one in self._selects.relations if one in select)
        return PlannedCheck(table, select, self._selects.total(table), (table.relation, *read))

    def state(self, planned: PlannedCheck, *, is_vouched: bool = False) -> TableState:
        """Give the state of a roll-up.

        Args:
            planned: Its check.
            is_vouched: Whether the build vouches for its rows: it made them of the rows that are
                there. Then what they keep of themselves is looked at, and all rows together.

        Raises:
            UnavailableError: The warehouse cannot be reached.
        """
        try:
            return self._state(planned, is_vouched=is_vouched)
        except RelationMissingError:
            return TableState("is not there: it was dropped, or is not built yet")
        except UnavailableError:
            raise
        except LimitExceededError:
            return TableState("takes too long to be compared with the rows beneath it")
        except MetricsStoreError as error:
            return TableState(f"cannot be read: {error.what}")

    def _state(self, planned: PlannedCheck, *, is_vouched: bool) -> TableState:
        table = planned.table
        types = self._types(table.relation)
        theirs = dict(table.columns)
        of_column = {one: types.get(theirs.get(one, one)) for one in table.column_names}
        sums = [one.column for one in table.aggregates if one.aggregation == "sum"]
        problem = self._unfit(planned) or _unfit_columns(of_column, sums, theirs)
        if problem:
            return TableState(problem)
        floats = {name for name, kind in of_column.items() if kind in (_FLOAT, _SHORT_FLOAT)}
        compared = (
            stored_rows(table, self._dialect)
            if is_vouched
            else comparison(table, planned.select, floats)
        )
        found = self._rows(compared).to_pylist()[0]
        rows = int(found["stored"])
        if found["differing"]:
            return TableState(_OTHER_ROWS, rows)
        if sums and not self._has_all_rows_once(planned, sums):
            return TableState(_ROWS_TWICE, rows)
        # DuckDB adds up whole numbers, and sums of them, in one type.
        is_whole = self._dialect == "postgres"
        whole = [name for name in sums if is_whole and of_column[name] == "bigint"]
        return TableState("", rows, tuple(whole))

    def _unfit(self, planned: PlannedCheck) -> str:
        """Say what can change the rows beneath a roll-up unseen; empty for nothing."""
        changing = _CHANGING.search(_TEXT.sub("''", planned.select))
        if changing is not None:
            return f"depends on {changing[0].lower()}, which no table stores"
        view = self._view(planned.relations)
        return f"reads {view}, a view, whose rows may change without a build" if view else ""

    def _types(self, relation: str) -> dict[str, str]:
        """Give the columns of a table with their types, in PostgreSQL's words."""
        if self._dialect == "postgres":
            # An answer without rows does not tell numerics from whole numbers.
            found = self._rows(
                "SELECT attname AS name, format_type(atttypid, NULL) AS kind FROM pg_attribute "  # noqa: S608 - out of the definitions
                f"WHERE attrelid = to_regclass({render_value(relation)}) "
                "AND attnum > 0 AND NOT attisdropped"
            ).to_pylist()
            if not found:
                raise RelationMissingError(relation)
            return {one["name"]: one["kind"] for one in found}
        schema = self._rows(f"SELECT * FROM {relation} WHERE 1 = 0").schema  # noqa: S608 - as above
        return {
            one.name: _FLOAT if pa.types.is_floating(one.type) else str(one.type) for one in schema
        }

    def _has_all_rows_once(self, planned: PlannedCheck, sums: Sequence[str]) -> bool:
        """Whether joins to the grain's names have made rows neither more nor fewer."""
        columns = ", ".join(f"SUM({name}) AS {name}" for name in sums)
        stored = self._rows(f"SELECT {columns} FROM {readable_relation(planned.table)} AS stored")  # noqa: S608
        whole = self._rows(planned.total)
        return all(
            _equal(stored.column(name)[0].as_py(), whole.column(name)[0].as_py()) for name in sums
        )

    def _view(self, relations: Sequence[str]) -> str:
        """Give one of the relations that is no table of DuckDB's own; empty where all are."""
        if self._dialect != "duckdb":
            # The marks of PostgreSQL's tables tell.
            return ""
        views = self._rows(
            "SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        ).to_pylist()
        names = {".".join(f'"{part}"' for part in one.values()) for one in views}
        return next((one for one in relations if one in names), "")

    def _rows(self, sql: str) -> pa.Table:
        return self._read(Statement(sql, limits=_LIMITS))


def _unfit_columns(
    types: Mapping[str, str | None], sums: Sequence[str], theirs: Mapping[str, str]
) -> str:
    """Say which column a roll-up lacks, or cannot add up; empty for none."""
    for name, kind in types.items():
        if kind is None:
            return f"has no column {theirs.get(name, name)}"
        if name in sums and kind == _SHORT_FLOAT:
            return f"adds up {name} in floats of four bytes, which have no exact sums"
    return ""


def comparison(table: RollupTable, select: str, floats: set[str]) -> str:
    """Give the SQL that counts a roll-up's rows, and keys whose rows are not those of a SELECT."""
    keys = ["1 AS every_row", *(one.column for one in table.names)]
    values = [one.column for one in table.aggregates]
    listed = ", ".join([*(one.column for one in table.names), *values])
    wrong = ["COUNT(*) != 2", "MIN(side) = MAX(side)"]
    for name in values:
        wrong.append(f"COUNT({name}) = 1")
        wrong.append(
            f"ABS(MAX({name}) - MIN({name})) > "
            f"{_TOLERANCE} * GREATEST(ABS(MAX({name})), ABS(MIN({name})), 1)"
            if name in floats
            else f"MIN({name}) != MAX({name})"
        )
    grouped = ", ".join(["every_row", *(one.column for one in table.names)])
    return (
        # All of it is out of the definitions.
        f"WITH stored AS (SELECT 1 AS side, {listed} FROM {readable_relation(table)} AS stored), "  # noqa: S608
        f"fresh AS (SELECT 2 AS side, {listed} FROM (\n{select}\n) fresh), "
        f"both_sides AS (SELECT side, {', '.join([*keys, *values])} FROM "
        "(SELECT * FROM stored UNION ALL SELECT * FROM fresh) united), "
        f"differing AS (SELECT 1 AS one FROM both_sides GROUP BY {grouped} "
        f"HAVING {' OR '.join(wrong)}) "
        "SELECT (SELECT COUNT(*) FROM stored) AS stored, "
        "(SELECT COUNT(*) FROM differing) AS differing"
    )


def stored_rows(table: RollupTable, dialect: str) -> str:
    """Give the SQL that counts a generated roll-up's rows, and those that were edited."""
    checksum = row_checksum(table.column_names, dialect)
    return (
        "SELECT COUNT(*) AS stored, COUNT(CASE WHEN "  # noqa: S608 - out of the definitions
        f"{CHECKSUM_COLUMN} = {checksum} THEN NULL ELSE 1 END) AS differing FROM {table.relation}"
    )


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 - a number of any kind
    if one is None or other is None:
        return one is other
    if isinstance(one, float) or isinstance(other, float):
        return abs(float(one) - float(other)) <= _TOLERANCE * max(
            abs(float(one)), abs(float(other)), 1.0
        )
    return Decimal(one) == Decimal(other)
