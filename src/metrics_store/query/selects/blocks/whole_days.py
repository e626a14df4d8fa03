"""Days compared with moments within a day, as SQL compares them: a day is its first moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.tables.metric_tables import DimensionColumn

if TYPE_CHECKING:
    from metrics_store.query.selects.tables.metric_tables import MetricTable

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
_MIDNIGHT = re.compile(r"[0:.]+")
_IN_UTC = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z")
_Operators = dict[type[exp.Expr], type[exp.Binary]]
_TURNED: _Operators = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}
_COMPARISONS = (*_TURNED, exp.EQ, exp.NEQ, exp.Between, exp.In)
# Of a day and a moment after its beginning: the first moments of days tell no more apart.
_OF_DAYS: _Operators = {
    exp.GT: exp.GT,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LTE,
}


def without_zone(condition: exp.Expr, table: MetricTable) -> exp.Expr:
    """Give a condition in which texts that are compared with times do not end with the zone Z.

    PostgreSQL reads them so: they are of the type of what they are compared with.
    """

    def change(node: exp.Expr) -> exp.Expr:
        if isinstance(node, _COMPARISONS) and any(
            _is_time(one, table) for one in node.find_all(exp.Column)
        ):
            for one in node.iter_expressions():
                found = _IN_UTC.fullmatch(one.name) if isinstance(one, exp.Literal) else None
                if found is not None:
                    one.set("this", f"{found[1]} {found[2]}".removesuffix(" 00:00:00"))
        return node

    return condition.transform(change)


def in_whole_days(condition: exp.Expr, table: MetricTable) -> exp.Expr:
    """Give a condition in which days are compared with days.

    Tools write the last thirty days as what comes after this moment thirty days ago.
    """

    def change(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Between) and not node.args.get("symmetric"):
            low, high = node.args["low"], node.args["high"]
            if _is_day(node.this, table) and (_day(low) or _day(high)):
                first = _compared(exp.GTE, node.this, low)
                last = _compared(exp.LTE, node.this.copy(), high)
                return exp.Paren(this=exp.And(this=first, expression=last))
            return node
        if type(node) not in _TURNED:
            return node
        if _is_day(node.this, table) and _day(node.expression):
            return _compared(type(node), node.this, node.expression)
        if _is_day(node.expression, table) and _day(node.this):
            return _compared(_TURNED[type(node)], node.expression, node.this)
        return node

    return condition.transform(change)


def _compared(operator: type[exp.Expr], column: exp.Expr, value: exp.Expr) -> exp.Expr:
    day = _day(value)
    if day is None:
        return operator(this=column, expression=value)
    return _OF_DAYS[operator](this=column, expression=exp.Literal.string(day))


def _is_day(node: exp.Expr, table: MetricTable) -> bool:
    if not isinstance(node, exp.Column) or not _is_time(node, table):
        return False
    column = table.column(identifier(node.this))
    assert isinstance(column, DimensionColumn)  # noqa: S101 - as times are
    return (column.grain or column.grains[0]) == "day"


def _is_time(node: exp.Column, table: MetricTable) -> bool:
    column = table.column(identifier(node.this))
    return isinstance(column, DimensionColumn) and column.is_time


def _day(node: exp.Expr) -> str | None:
    """Give the day of a moment after its beginning; none for a day, and for what is no time."""
    literal = node.this if isinstance(node, exp.Cast) else node
    if not isinstance(literal, exp.Literal) or not literal.is_string:
        return None
    found = _MOMENT.fullmatch(literal.name)
    return None if found is None or _MIDNIGHT.fullmatch(found[2]) else found[1]
