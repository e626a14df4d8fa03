"""Periods as tools write them in one number: the year and the month, or seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = 86_400
_ORDER = ["day", "month", "quarter", "year"]
# The part of a year that a number holds -> the period that it is with the year, and its highest.
_PARTS = {"month": ("month", 12), "quarter": ("quarter", 4), "doy": ("day", 366)}


@dataclass(frozen=True)
class _Period:
    """What an expression says of a time: no more than its period, and which one that is.

    Attributes:
        time: The time, or a period of it.
        grain: The period.
    """

    time: exp.Expr
    grain: str


def in_periods(node: exp.Expr, has_grain: Callable[[exp.Expr, str], bool]) -> exp.Expr:
    """Give an expression with periods in place of times where it says no more than the period.

    Args:
        node: The expression.
        has_grain: Whether an expression is a time that has periods of a grain.
    """

    def change(one: exp.Expr) -> exp.Expr:
        period = _period_of(one)
        if period is None or not has_grain(period.time, period.grain):
            return one
        unit = exp.Var(this=period.grain.upper())
        time = exp.TimestampTrunc(this=period.time.copy(), unit=unit)
        return one.transform(lambda part: time.copy() if part == period.time else part)

    return _changed(node, change)


def _changed(node: exp.Expr, change: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    new = change(node)
    if new is not node:
        return new
    for child in list(node.iter_expressions()):
        found = _changed(child, change)
        if found is not child:
            child.replace(found)
    return node


def tells_periods_apart(node: exp.Expr, is_group: Callable[[exp.Expr], str | None]) -> bool:
    """Whether an expression differs wherever the period in it does.

    Args:
        node: The expression.
        is_group: Gives the group-by that an expression is; none for others.
    """
    period = _period_of(node)
    if period is None:
        return False
    grain = (is_group(period.time) or "").rpartition("__")[2]
    return grain in _ORDER and _ORDER.index(grain) >= _ORDER.index(period.grain)


def _period_of(node: exp.Expr) -> _Period | None:
    if isinstance(node, exp.Add):
        return _year_and_part(node)
    return _seconds(node)


def _year_and_part(node: exp.Add) -> _Period | None:
    """Read the year times something, and the month or quarter."""
    product, part = node.this.unnest(), _extracted(node.expression)
    if not isinstance(product, exp.Mul) or part is None or part.name.lower() not in _PARTS:
        return None
    year, factor = _extracted(product.this), product.expression.unnest()
    if year is None or year.name.lower() != "year" or year.expression != part.expression:
        return None
    grain, highest = _PARTS[part.name.lower()]
    if not isinstance(factor, exp.Literal) or factor.is_string or float(factor.name) <= highest:
        return None
    return _Period(part.expression, grain)


def _extracted(node: exp.Expr) -> exp.Extract | None:
    while isinstance(node, exp.Paren | exp.Trunc | exp.Cast):
        node = node.this
    return node if isinstance(node, exp.Extract) else None


def _seconds(node: exp.Expr) -> _Period | None:
    """Read the seconds since 1970, cut to steps of which a day has a whole number."""
    if isinstance(node, exp.Mul) and isinstance(node.this, exp.Floor):
        quotient = node.this.this.unnest()
        if not isinstance(quotient, exp.Div) or quotient.expression != node.expression:
            return None
        step = node.expression.unnest()
        if not isinstance(step, exp.Literal) or step.is_string or not step.name.isdecimal():
            return None
        if int(step.name) == 0 or _DAY % int(step.name):
            return None
        node = quotient.this
    found = _extracted(node) if isinstance(node, exp.Extract | exp.Paren | exp.Cast) else None
    if found is None or found.name.lower() != "epoch":
        return None
    return _Period(found.expression, "day")
