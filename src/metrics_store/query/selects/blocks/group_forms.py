"""What a group key may be: a dimension, a period, a part of a time, or SQL around one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.blocks.period_expressions import tells_periods_apart
from metrics_store.query.selects.blocks.sql_types import NUMBERS, TIMES
from metrics_store.query.selects.tables.column_types import TIMESTAMP
from metrics_store.query.selects.tables.metric_tables import DATE_PARTS, DimensionColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.selects.tables.metric_tables import Column

_GRAINS = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"]
# What tells any two values apart that were told apart before.
_FAITHFUL = {
    exp.DType.TEXT,
    exp.DType.VARCHAR,
    exp.DType.TIMESTAMP,
    exp.DType.TIMESTAMPNTZ,
    exp.DType.TIMESTAMPTZ,
}


def group_form(
    node: exp.Expr,
    column_of: Callable[[exp.Column], Column],
    mark_of: Callable[[exp.Expr], str],
) -> tuple[str, str] | None:
    """Give the group-by that an expression is, and its type; none for any other expression.

    Args:
        node: The expression.
        column_of: Gives a column.
        mark_of: Gives the mark of a grain that is a parameter.
    """
    if isinstance(node, exp.Column):
        column = column_of(node)
        return (column.group_by, column.type) if isinstance(column, DimensionColumn) else None
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        return _period(node, column_of, mark_of)
    if isinstance(node, exp.Extract):
        return _part(node, column_of)
    if isinstance(node, exp.Sub):
        return _first_of_month(node, column_of)
    return None


def time_of(node: exp.Expr, column_of: Callable[[exp.Column], Column]) -> DimensionColumn | None:
    """Give the time that an expression is, as it is or cast to a time."""
    while isinstance(node, exp.Paren) or (
        isinstance(node, exp.Cast) and node.to.this in TIMES and not node.to.expressions
    ):
        node = node.this
    if not isinstance(node, exp.Column):
        return None
    column = column_of(node)
    return column if isinstance(column, DimensionColumn) and column.is_time else None


def _period(
    node: exp.Expr,
    column_of: Callable[[exp.Column], Column],
    mark_of: Callable[[exp.Expr], str],
) -> tuple[str, str] | None:
    time, unit = time_of(node.this, column_of), node.args.get("unit")
    if time is None or unit is None:
        return None
    if unit.find(exp.Parameter):
        return None if time.grain else (f"{time.path}__{mark_of(unit)}", TIMESTAMP)
    found = period_of(time, unit.name.lower())
    return None if found is None else (found, TIMESTAMP)


def period_of(time: DimensionColumn, grain: str) -> str | None:
    """Give the group-by that a time is by a grain of PostgreSQL; none where it has none such."""
    own = time.grain or time.grains[0]
    if grain not in _GRAINS or own not in _GRAINS:
        return None
    if _GRAINS.index(grain) <= _GRAINS.index(own):
        # The week of a month's first day begins before it.
        begins_before = grain == "week" and own != "week"
        return None if begins_before else time.group_by
    # A week is in no month; whole months are in quarters.
    if grain not in time.grains or (own == "week" and grain != "week"):
        return None
    return f"{time.path}__{grain}"


def _part(node: exp.Extract, column_of: Callable[[exp.Column], Column]) -> tuple[str, str] | None:
    time = time_of(node.expression, column_of)
    part = node.name.lower()
    # Its own grain would have to hold the part: leave that to the rows.
    if time is None or time.grain:
        return None
    # What questions call `dow` is ISO's; PostgreSQL's begins the week with 0 for Sunday.
    part = {"isodow": "dow", "dow": ""}.get(part, part)
    return (f"{time.path}__extract_{part}", "numeric") if part in DATE_PARTS else None


def _first_of_month(
    node: exp.Sub, column_of: Callable[[exp.Column], Column]
) -> tuple[str, str] | None:
    """Take a day minus the days before it in its month for the month: so some tools write it."""
    time = time_of(node.this, column_of)
    if time is None or time.grain or "month" not in time.grains or time.grains[0] != "day":
        return None
    found = [
        one
        for one in node.expression.find_all(exp.Extract)
        if one.name.lower() == "day" and time_of(one.expression, column_of) == time
    ]
    if len(found) != 1:
        return None
    shape = node.expression.copy()
    shape.find(exp.Extract).replace(exp.column("day"))
    text = "".join(shape.sql(dialect="postgres").lower().split()).replace("cast(dayasint)", "day")
    forms = {"((day-1)*interval'1day')", "(day-1)*interval'1day'", "interval'1day'*(day-1)"}
    return (f"{time.path}__month", TIMESTAMP) if text in forms else None


def keeps_apart(  # noqa: C901, PLR0911 - a return a form
    node: exp.Expr, is_group: Callable[[exp.Expr], str | None]
) -> bool:
    """Whether an expression differs wherever its one group does, so that it merges no groups.

    Args:
        node: The expression.
        is_group: Gives the group-by that an expression is; none for others.
    """
    group = is_group(node)
    if group is not None or tells_periods_apart(node, is_group):
        return True
    if isinstance(node, exp.Extract) and node.name.lower() == "dow":
        # Sunday is 0 or 7 in it, and the other days are the same.
        iso = exp.Extract(this=exp.var("ISODOW"), expression=node.expression)
        return is_group(iso) is not None
    if isinstance(node, exp.Paren):
        return keeps_apart(node.this, is_group)
    if isinstance(node, exp.Cast):
        kind, inner = node.to.this, node.this
        while isinstance(inner, exp.Paren):
            inner = inner.this
        known = is_group(inner)
        if node.to.expressions:
            return False
        if kind in _FAITHFUL:
            return keeps_apart(node.this, is_group)
        if kind is exp.DType.DATE:
            return known is not None and known.rpartition("__")[2] in _GRAINS[4:]
        if kind in NUMBERS:
            return _is_whole(node.this, is_group)
        return False
    if isinstance(node, exp.Trunc | exp.Floor | exp.Round | exp.Ceil):
        return _is_whole(node.this, is_group)
    if isinstance(node, exp.Add | exp.Sub):
        one, other = node.this, node.expression
        if isinstance(other, exp.Literal | exp.Interval):
            return keeps_apart(one, is_group) and isinstance(other, exp.Literal)
    return False


def _is_whole(node: exp.Expr, is_group: Callable[[exp.Expr], str | None]) -> bool:
    while isinstance(node, exp.Paren | exp.Cast | exp.Trunc | exp.Floor | exp.Round):
        if isinstance(node, exp.Cast) and node.to.this not in NUMBERS:
            return False
        node = node.this
    group = is_group(node)
    return group is not None and "__extract_" in group
