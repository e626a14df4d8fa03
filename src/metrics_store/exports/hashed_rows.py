"""SELECTs that tell by a hash of their values whether rows are those that were rolled up before.

What a roll-up stores follows from the values that its SELECT groups and aggregates. A period whose
rows have the same sum of hashes and the same number need not be aggregated again, whatever was
deleted, came late or was written anew in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.query.rollups.row_checksum import HASH_COLUMNS, row_hash

_AGGREGATES = (exp.Sum, exp.Min, exp.Max)
# MetricFlow writes the outermost clauses at the start of a line.
_CLAUSES = re.compile(
    r"SELECT\n(?P<columns>(?:[ ][^\n]*\n)+)(?P<source>FROM .*?)(?P<grouped>\nGROUP BY\n.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class HashedRows:
    """SELECTs of one grouping of rows.

    Attributes:
        groups: The grouping, with the hash and the number of each group's rows beside it.
        periods: The start of each period, the text that stands for it, its hash and its number.
    """

    groups: str
    periods: str


def hashed_rows(sql: str, dialect: str, time: str) -> HashedRows | None:
    """Give a grouping with hashes.

    Args:
        sql: The SELECT that groups rows by a time and other columns, as MetricFlow writes it.
        dialect: The SQL.
        time: The alias of the time.

    Returns:
        None where the SELECT is of another form.
    """
    found = _CLAUSES.fullmatch(sql)
    if found is None:
        return None
    try:
        select = sqlglot.parse_one(f"SELECT {found['columns']}", dialect=dialect)
    except SqlglotError:
        return None
    values = {one.alias_or_name: _value(one.unalias()) for one in select.expressions}
    given = {name: one.sql(dialect=dialect) for name, one in values.items() if one is not None}
    if time not in given or len(given) < len(values):
        return None
    start, hashed = given[time], row_hash(list(given.values()), dialect)
    hashes = f"SUM({hashed}) AS {HASH_COLUMNS[0]}\n  , COUNT(*) AS {HASH_COLUMNS[1]}\n"
    source, grouped = found["source"], found["grouped"]
    # A session's zone decides how PostgreSQL writes times with a zone.
    written = f"CAST({start} AS TIMESTAMP)" if dialect == "postgres" else start
    return HashedRows(
        groups=f"SELECT\n{found['columns']}  , {hashes}{source}{grouped}",
        periods=f"SELECT\n  {start} AS rollup_start\n"
        f"  , COALESCE(CAST({written} AS VARCHAR), '') AS rollup_period\n"
        f"  , {hashes}{source}\nGROUP BY\n  {start}",
    )


def _value(column: exp.Expression) -> exp.Expression | None:
    """Give what a column is grouped by or aggregates; none where that cannot be said."""
    if isinstance(column, _AGGREGATES):
        column = column.this
    return None if column.find(exp.AggFunc, exp.Window, exp.Subquery) else column
