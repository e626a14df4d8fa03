"""Parses the terms of a filter: names, and a short list of functions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.filters.filter_tree import Applied, Default, Function, Kind, Name, Term
from metrics_store.query.filters.parser.cast_types import DATES, TEXTS, TIMESTAMPS, type_of
from metrics_store.query.filters.parser.filter_text import unsupported_reason
from metrics_store.query.filters.parser.value_parser import read_value
from metrics_store.query.periods import GRAINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.filters.parser.filter_text import FilterText

EXPECTED = "a name first, such as owner__team = 'EMEA'"
FUNCTIONS = (
    "lower, upper, trim, coalesce, extract, year, quarter, month, week, day, date_trunc, date or "
    "CAST to text, date or timestamp, of a name"
)
_FUNCTIONS: dict[type[exp.Expr], Function] = {
    exp.Lower: Function.LOWER,
    exp.Upper: Function.UPPER,
    exp.Trim: Function.TRIM,
    exp.Year: Function.YEAR,
    exp.Quarter: Function.QUARTER,
    exp.Month: Function.MONTH,
    exp.Week: Function.WEEK,
    exp.WeekOfYear: Function.WEEK,
    exp.Day: Function.DAY,
    exp.DayOfMonth: Function.DAY,
    exp.DayOfYear: Function.DAY_OF_YEAR,
}
_FIELDS = {
    "YEAR": Function.YEAR,
    "QUARTER": Function.QUARTER,
    "MONTH": Function.MONTH,
    "WEEK": Function.WEEK,
    "DAY": Function.DAY,
    "DOY": Function.DAY_OF_YEAR,
    "DAYOFYEAR": Function.DAY_OF_YEAR,
    "DOW": Function.DAY_OF_WEEK,
    "DAYOFWEEK": Function.DAY_OF_WEEK,
    "ISODOW": Function.ISO_DAY_OF_WEEK,
    "DAYOFWEEKISO": Function.ISO_DAY_OF_WEEK,
}


def read_term(node: exp.Expr, source: FilterText) -> Term:
    """Parse one term.

    Raises:
        MetricsStoreError: It is no name, and no function of one that filters have.
    """
    read = _READERS.get(type(node))
    found = None if read is None else read(node, source)
    if found is not None:
        return found
    if isinstance(node, exp.Func):
        raise source.rejected(unsupported_reason(node), node, FUNCTIONS)
    what = "a name is missing" if isinstance(node, exp.Literal) else unsupported_reason(node)
    raise source.rejected(what, node, EXPECTED)


def _within(node: exp.Expr, source: FilterText) -> Term:
    return read_term(node.this, source)


def _name(node: exp.Expr, source: FilterText) -> Term | None:
    source.check_arguments(node, "this")
    return source.names.get(node.this.meta.get("start", -1))


def _applied(node: exp.Expr, source: FilterText) -> Term:
    source.check_arguments(node, "this")
    return Applied(_FUNCTIONS[type(node)], read_term(node.this, source))


def _default(node: exp.Expr, source: FilterText) -> Term | None:
    source.check_arguments(node, "this", "expressions", "is_nvl", "is_null")
    if len(node.expressions) != 1:
        return None
    return Default(read_term(node.this, source), read_value(node.expressions[0], source))


def _extracted(node: exp.Expr, source: FilterText) -> Term | None:
    source.check_arguments(node, "this", "expression")
    field = _FIELDS.get(str(node.this.name).upper())
    return None if field is None else Applied(field, read_term(node.expression, source))


def _truncated(node: exp.Expr, source: FilterText) -> Term | None:
    source.check_arguments(node, "this", "unit")
    grain = str(node.args["unit"].name).lower()
    return _by_grain(node, grain, source) if grain in GRAINS else None


def _day(node: exp.Expr, source: FilterText) -> Term:
    source.check_arguments(node, "this")
    return _by_grain(node, "day", source)


def _cast(node: exp.Expr, source: FilterText) -> Term | None:
    kind = type_of(node) if isinstance(node, exp.Cast) else None
    if kind is TEXTS:
        return Applied(Function.TEXT, read_term(node.this, source))
    if kind is DATES:
        return _by_grain(node, "day", source)
    return _as_time(node, source) if kind is TIMESTAMPS else None


_READERS: dict[type[exp.Expr], Callable[[exp.Expr, FilterText], Term | None]] = {
    exp.Paren: _within,
    exp.Column: _name,
    exp.Coalesce: _default,
    exp.Extract: _extracted,
    exp.DateTrunc: _truncated,
    exp.TimestampTrunc: _truncated,
    exp.Date: _day,
    exp.Cast: _cast,
    **dict.fromkeys(_FUNCTIONS, _applied),
}


def _by_grain(node: exp.Expr, grain: str, source: FilterText) -> Name:
    """Give a time by a grain: what `date_trunc` says, a name has a form for."""
    name = _as_time(node, source)
    path, _, last = name.path.rpartition("__")
    if name.grain is None and name.kind is not Kind.TIME_DIMENSION and path and last in GRAINS:
        name = Name(path, name.kind, last)
    if name.grain in GRAINS:
        finer = GRAINS.index(name.grain) <= GRAINS.index(grain)
        if not finer or (name.grain == "week" and grain != "week"):
            # Weeks lie in two months; what is coarser already is as it was.
            what = f"a filter takes a {grain} of what is by {name.grain}"
            raise source.rejected(what, node, f"a time without grain, such as {name.path}")
    elif name.grain is not None:
        what = f"a filter takes a {grain} of what is by {name.grain}"
        raise source.rejected(what, node, f"a time without grain, such as {name.path}")
    return Name(name.path, Kind.TIME_DIMENSION, grain)


def _as_time(node: exp.Expr, source: FilterText) -> Name:
    term = read_term(node.this, source)
    if not isinstance(term, Name) or term.kind in (Kind.ENTITY, Kind.METRIC):
        raise source.rejected("a filter makes a time of what is none", node, "the name of a time")
    if term.kind is Kind.DIMENSION:
        return Name(term.path, Kind.TIME_DIMENSION, term.grain)
    return term
