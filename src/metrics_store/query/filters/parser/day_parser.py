"""Calculates the days that a filter writes as expressions: today, thirty days before.

They are worked out here, from the calendar and the day in UTC; no function reaches the SQL.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.periods import GRAINS, first_day, later

if TYPE_CHECKING:
    from metrics_store.query.filters.parser.filter_text import FilterText

EXPECTED = (
    "current_date, date '2024-01-31', either + or - interval '30 days' or 30, or "
    "date_trunc('month', ...) of those"
)
_MOST = 100_000


def is_day_expression(node: exp.Expr) -> bool:
    """Whether a node is a day to work out, and not a plain value."""
    return isinstance(
        node, exp.CurrentDate | exp.Add | exp.Sub | exp.DateTrunc | exp.TimestampTrunc
    )


def read_day(node: exp.Expr, source: FilterText) -> dt.date:
    """Work out a day.

    Raises:
        MetricsStoreError: It is something else, or lies outside of all calendars.
    """
    match node:
        case exp.CurrentDate():
            source.check_arguments(node)
            return dt.datetime.now(dt.UTC).date()
        case exp.Cast() if isinstance(node.this, exp.Literal) and node.this.is_string:
            source.check_arguments(node, "this", "to")
            if node.to.this is exp.DataType.Type.DATE and not node.to.args.get("expressions"):
                return _iso(node, str(node.this.this), source)
        case exp.Add() | exp.Sub():
            source.check_arguments(node, "this", "expression")
            return _moved(node, source)
        case exp.DateTrunc() | exp.TimestampTrunc():
            source.check_arguments(node, "this", "unit")
            grain = str(node.args["unit"].name).lower()
            if grain in GRAINS:
                return first_day(read_day(node.this, source), grain)
    raise source.rejected("a filter has a day that cannot be worked out", node, EXPECTED)


def _iso(node: exp.Expr, text: str, source: FilterText) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise source.rejected("a filter has a day that there is not", node, EXPECTED) from None


def _moved(node: exp.Add | exp.Sub, source: FilterText) -> dt.date:
    interval = node.expression
    day = read_day(node.this, source)
    number = unit = ""
    if isinstance(interval, exp.Interval) and isinstance(interval.this, exp.Literal):
        number, unit = str(interval.this.this), str(interval.unit or "").upper().removesuffix("S")
    elif isinstance(interval, exp.Literal) and not interval.is_string:
        # A number beside a day is of days, as on both engines.
        number, unit = str(interval.this), "DAY"
    if number.isdecimal() and number.isascii() and int(number) <= _MOST:
        count = int(number) if isinstance(node, exp.Add) else -int(number)
        try:
            if unit.lower() in GRAINS:
                return later(day, count, unit.lower())
        except (OverflowError, ValueError):
            pass
    raise source.rejected("a filter has a day that cannot be worked out", node, EXPECTED)
