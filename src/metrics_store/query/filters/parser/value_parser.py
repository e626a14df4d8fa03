"""Parses the literals of a filter, and calculates those that are written as expressions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.filters.letter_case import lower, upper
from metrics_store.query.filters.parser.cast_types import DATES, NUMBERS, TEXTS, TIMESTAMPS, type_of
from metrics_store.query.filters.parser.day_parser import is_day_expression, read_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.filters.filter_tree import Value
    from metrics_store.query.filters.parser.filter_text import FilterText

EXPECTED = "a text in single quotes, a number, true, false, date '2024-01-31' or timestamp '...'"
# Engines hold so many digits.
_DIGITS = 37
_ARITHMETIC: dict[type[exp.Expr], Callable[[Decimal, Decimal], Decimal]] = {
    exp.Add: lambda one, other: one + other,
    exp.Sub: lambda one, other: one - other,
    exp.Mul: lambda one, other: one * other,
    # Exact, as DuckDB divides; PostgreSQL's division of whole numbers has no fraction.
    exp.Div: lambda one, other: one / other,
}
_OF_TEXTS: dict[type[exp.Expr], Callable[[str], str]] = {
    exp.Lower: lower,
    exp.Upper: upper,
    exp.Trim: lambda text: text.strip(" "),
}


def read_value(node: exp.Expr, source: FilterText) -> Value:
    """Parse one literal.

    Raises:
        MetricsStoreError: It is none, or cannot be worked out.
    """
    if isinstance(node, exp.Paren):
        return read_value(node.this, source)
    if isinstance(node, exp.Null):
        what = "nothing equals NULL"
        raise source.rejected(what, node.parent or node, "IS NULL or IS NOT NULL")
    found = _plain_value(node, source)
    if found is None:
        found = _computed_value(node, source)
    if found is None:
        raise source.rejected("a filter compares with no plain value", node, EXPECTED)
    return found


def _plain_value(node: exp.Expr, source: FilterText) -> Value | None:
    match node:
        case exp.Literal(is_string=True):
            return str(node.this)
        case exp.Literal():
            return _number(node, node.this, source)
        case exp.Neg() if isinstance(node.this, exp.Literal | exp.Paren | exp.Neg):
            return _int_if_whole(-_decimal(node.this, source))
        case exp.Boolean():
            return bool(node.this)
        case _:
            return None


def _computed_value(node: exp.Expr, source: FilterText) -> Value | None:
    if type(node) in _OF_TEXTS:
        source.check_arguments(node, "this")
        text = read_value(node.this, source)
        return _OF_TEXTS[type(node)](text) if isinstance(text, str) else None
    if isinstance(node, exp.Date):
        source.check_arguments(node, "this")
        return _cast(node, read_value(node.this, source), DATES, source)
    if isinstance(node, exp.Cast):
        kind = type_of(node)
        return None if kind is None else _cast(node, read_value(node.this, source), kind, source)
    if type(node) in _ARITHMETIC and not is_day(node):
        return _calculated(node, source)
    return read_day(node, source) if is_day_expression(node) else None


def is_value(node: exp.Expr) -> bool:
    """Whether a part of a filter is a value, and names nothing."""
    return node.find(exp.Column, exp.Query, exp.Anonymous) is None


def is_day(node: exp.Expr) -> bool:
    """Whether a sum is of a day and what is added to it."""
    return any(node.find(kind) for kind in (exp.CurrentDate, exp.Interval, exp.Cast, exp.Date)) or (
        isinstance(node, exp.DateTrunc | exp.TimestampTrunc)
    )


def _number(node: exp.Expr, text: str, source: FilterText) -> int | Decimal:
    whole, _, fraction = text.partition(".")
    if len(text) > len("9" * 40) or not (whole + fraction).isdecimal() or not text.isascii():
        raise source.rejected(
            "a filter has a number that cannot be read", node, "such as 12 or 0.5"
        )
    return Decimal(text) if "." in text else int(text)


def _decimal(node: exp.Expr, source: FilterText) -> Decimal:
    value = read_value(node, source)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise source.rejected("a filter calculates with what is no number", node, "such as 60 * 24")
    return Decimal(value)


def _int_if_whole(number: Decimal) -> int | Decimal:
    """Give a whole number as such, unless it was written with a fraction."""
    return int(number) if number.as_tuple().exponent == 0 else number


def _calculated(node: exp.Expr, source: FilterText) -> int | Decimal:
    source.check_arguments(node, "this", "expression", "typed", "safe")
    one, other = _decimal(node.this, source), _decimal(node.expression, source)
    try:
        with localcontext() as context:
            context.prec = _DIGITS
            # What has no end cannot be written down.
            context.traps[Inexact] = True
            found = _ARITHMETIC[type(node)](one, other)
    except (DivisionByZero, InvalidOperation, Inexact, Overflow):
        what = "a filter calculates what has no exact result"
        raise source.rejected(what, node, f"at most {_DIGITS} digits, such as 60 * 24") from None
    if found == found.to_integral_value() and found.adjusted() < _DIGITS:
        return int(found)
    return found


def _cast(node: exp.Expr, value: Value, kind: frozenset[exp.DType], source: FilterText) -> Value:
    """Give a value as another type, where nothing is lost by it."""
    try:
        if kind is TEXTS and isinstance(value, str):
            return value
        if kind is NUMBERS and not isinstance(value, dt.date | bool):
            return _int_if_whole(Decimal(str(value).strip()))
        if kind is DATES and isinstance(value, str):
            return dt.date.fromisoformat(value)
        if kind is DATES and type(value) is dt.date:
            return value
        if kind is TIMESTAMPS and isinstance(value, str):
            return dt.datetime.fromisoformat(value)
        if kind is TIMESTAMPS and isinstance(value, dt.datetime):
            return value
    except (ValueError, InvalidOperation):
        if kind in (DATES, TIMESTAMPS):
            raise source.rejected(
                "a filter has a day that there is not", node, "such as date '2024-01-31'"
            ) from None
    raise source.rejected("a filter casts a value to what it is not", node, EXPECTED)
