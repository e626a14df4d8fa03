"""Parts of a time that together tell a period: the year and the quarter tell the quarter.

Tools group by parts, each in a column of its own, or by the text of a time. Where the parts tell
which period it is, the metric is asked by the period, and the parts are taken of that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.blocks.group_forms import period_of, time_of
from metrics_store.query.selects.blocks.sql_types import NUMBERS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from metrics_store.query.selects.tables.metric_tables import Column, DimensionColumn

# Parts -> the period that they tell, the finest last.
_PERIODS = (
    ({"year"}, "year"),
    ({"year", "quarter"}, "quarter"),
    ({"year", "month"}, "month"),
    ({"year", "month", "day"}, "day"),
    ({"year", "doy"}, "day"),
)
_PARTS = {"year", "quarter", "month", "day", "doy"}
_WEEK = {"isoyear", "week"}
# Templates of to_char for numbers and names, the longest of those that begin alike first.
_TEMPLATES = {
    "YYYY": "year",
    "IYYY": "isoyear",
    "MONTH": "month",
    "MON": "month",
    "MM": "month",
    "IW": "week",
    "DDD": "doy",
    "DD": "day",
    "Q": "quarter",
}
_MODIFIERS = {"FM", "TM", "TH"}
_TOKEN = re.compile(rf'"[^"]*"|{"|".join([*_TEMPLATES, *_MODIFIERS])}|[^A-Z0-9"]', re.IGNORECASE)


def parts_of_periods(
    keys: Iterable[exp.Expr], column_of: Callable[[exp.Column], Column]
) -> dict[exp.Expr, exp.Expr]:
    """Give the parts among some group keys, each as the part of the period that all of them tell.

    Args:
        keys: The keys; a part counts where it is a key alone, or cast to a number or a text.
        column_of: Gives a column.
    """
    found: dict[DimensionColumn, dict[exp.Expr, set[str]]] = {}
    for key in keys:
        node = bare_part(key)
        time = None if node is None else time_of(_argument(node), column_of)
        if node is not None and time is not None:
            found.setdefault(time, {})[node] = _parts(node)
    replaced: dict[exp.Expr, exp.Expr] = {}
    for time, nodes in found.items():
        grain = _period(set().union(*nodes.values()))
        if grain and period_of(time, grain) and all(nodes.values()):
            replaced |= {node: _of_period(node, grain) for node in nodes}
    return replaced


def bare_part(node: exp.Expr) -> exp.Expr | None:
    """Give the part of a time that a key is, alone or cast; none for another key."""
    while isinstance(node, exp.Paren | exp.Cast | exp.Trunc | exp.Floor):
        if isinstance(node, exp.Cast) and (
            node.to.expressions or node.to.this not in NUMBERS | TEXTS
        ):
            return None
        node = node.this
    return node if isinstance(node, exp.Extract | exp.TimeToStr) else None


def _argument(node: exp.Expr) -> exp.Expr:
    found = node.expression if isinstance(node, exp.Extract) else node.this
    assert isinstance(found, exp.Expr)  # noqa: S101 - for the type checker
    return found


def _parts(node: exp.Expr) -> set[str]:
    """Give the parts that a call tells; none where it is not known."""
    if isinstance(node, exp.Extract):
        part = str(node.name).lower()
        return {part} if part in _PARTS | _WEEK else set()
    # As PostgreSQL writes it, since the parser has templates of its own.
    written = node.sql(dialect="postgres")
    template = re.search(r", '((?:[^']|'')*)'\)$", written)
    tokens = [] if template is None else _TOKEN.findall(template[1])
    if template is None or "".join(tokens) != template[1]:
        return set()
    return {_TEMPLATES[one.upper()] for one in tokens if one.upper() in _TEMPLATES}


def _period(parts: set[str]) -> str | None:
    if parts == _WEEK:
        return "week"
    if not parts <= _PARTS:
        return None
    told = [grain for needed, grain in _PERIODS if needed <= parts]
    # A day of the month tells nothing without the month.
    return None if not told or ("day" in parts and told[-1] != "day") else told[-1]


def _of_period(node: exp.Expr, grain: str) -> exp.Expr:
    new = node.copy()
    period = exp.TimestampTrunc(this=_argument(node).copy(), unit=exp.Var(this=grain.upper()))
    new.set("expression" if isinstance(node, exp.Extract) else "this", period)
    return new


def with_periods(node: exp.Expr, periods: dict[exp.Expr, exp.Expr]) -> exp.Expr:
    """Give an expression with parts of periods in the place of parts of times."""
    return node.transform(lambda one: periods[one].copy() if one in periods else one)
