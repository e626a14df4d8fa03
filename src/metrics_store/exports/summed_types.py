"""What PostgreSQL makes of sums of sums, told from the types that dbt's contracts give columns.

Its sum of an `integer` is a `bigint`, and the sum of those a `numeric`: another type, by which
whole numbers are divided otherwise.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metrics_store.query.rollups.rollup_table import StoredAggregate

_POSTGRES = "postgres"
_INTEGERS = {exp.DataType.Type.SMALLINT, exp.DataType.Type.INT}
# Sums of `real` depend on how many are added up at once.
_STEADY = {exp.DataType.Type.BIGINT, exp.DataType.Type.DECIMAL, exp.DataType.Type.DOUBLE}


class SummedType(enum.Enum):
    """What a sum of sums is beside the sum of the rows."""

    SAME = "same"
    WHOLE = "whole"
    UNKNOWN = "unknown"


def summed_types(
    aggregates: Iterable[StoredAggregate], types: Mapping[str, str]
) -> dict[str, SummedType]:
    """Give each sum of a roll-up with what PostgreSQL makes of it.

    Args:
        aggregates: The columns of the roll-up.
        types: The columns of the model beneath, each with its type; empty where nothing says.
    """
    return {
        one.column: _summed(one.expression, types) for one in aggregates if one.aggregation == "sum"
    }


def _summed(expression: str, types: Mapping[str, str]) -> SummedType:
    try:
        parsed = sqlglot.parse_one(expression, dialect=_POSTGRES)
        typed = annotate_types(parsed.transform(_with_type, types), dialect=_POSTGRES)
    except SqlglotError:
        return SummedType.UNKNOWN
    if any(not _is_in_condition(column) for column in typed.find_all(exp.Column)):
        return SummedType.UNKNOWN
    found = None if typed.type is None else typed.type.this
    if found in _INTEGERS:
        return SummedType.WHOLE
    return SummedType.SAME if found in _STEADY else SummedType.UNKNOWN


def _with_type(node: exp.Expression, types: Mapping[str, str]) -> exp.Expression:
    """Put a value of its type in the place of a column whose type is known."""
    if not isinstance(node, exp.Column) or not types.get(node.name.lower()):
        return node
    return exp.cast(exp.Null(), types[node.name.lower()], dialect=_POSTGRES)


def _is_in_condition(column: exp.Column) -> bool:
    """Whether a column only decides which value is taken."""
    node: exp.Expr = column
    while node.parent is not None:
        if isinstance(node.parent, exp.If) and node.arg_key == "this":
            return True
        node = node.parent
    return False
