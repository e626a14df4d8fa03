"""Checks a filter against the definitions: its names exist, its literals fit them."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics_store.query.filters.comparison_times import (
    END_OPERATORS,
    compared_values,
    defaults_of,
    fit_of,
    has_time_of_day,
    parse_time,
    read_time_value,
)
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Applied,
    Comparison,
    Constant,
    Default,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Predicate,
    Range,
    Term,
    Truth,
    Value,
    name_of,
)
from metrics_store.query.periods import one

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.errors import MetricsStoreError


class _Type(enum.Enum):
    """What a term holds, as far as the definitions say; of a dimension they say nothing more."""

    ANYTHING = "anything"
    TIME = "a time"
    TEXT = "a text"
    NUMBER = "a number"


_EXAMPLES = {
    _Type.TIME: "a day such as '2024-01-31', or a time such as '2024-01-31 12:00:00'",
    _Type.TEXT: "a text such as 'paid'",
    _Type.NUMBER: "a number such as 2024",
}


def check_filter(tree: Filter, resolve: Callable[[Name, bool], Name]) -> Filter:
    """Give a filter whose names are known and whose values fit what they are compared with.

    Args:
        tree: The filter as the caller wrote it.
        resolve: Says of a name what it is, or raises; also told whether it is compared with times
            of day.

    Raises:
        MetricsStoreError: A name does not exist, a time is compared with what is no time, or a
            function is of something that it does not take.
    """
    match tree:
        case All(parts):
            return All(tuple(check_filter(part, resolve) for part in parts))
        case Any(parts):
            return Any(tuple(check_filter(part, resolve) for part in parts))
        case Not(part):
            return Not(check_filter(part, resolve))
        case Constant():
            return tree
        case _:
            values = (*defaults_of(tree.term), *compared_values(tree))
            by_time_of_day = any(map(has_time_of_day, values))
            return _check_predicate(tree, *_check_term(tree.term, resolve, by_time_of_day))


def _check_predicate(tree: Predicate, term: Term, held: _Type) -> Predicate:
    match tree:
        case Comparison(_, operator, value):
            fitting = _fit_value(term, held, value, is_end=operator in END_OPERATORS)
            return Comparison(term, operator, fitting)
        case Membership(_, values):
            return Membership(term, tuple(_fit_value(term, held, value) for value in values))
        case Range(_, low, high):
            last = _fit_value(term, held, high, is_end=True)
            return Range(term, _fit_value(term, held, low), last)
        case Missing():
            return Missing(term)
        case Pattern(_, pattern, escaped):
            if held in (_Type.TIME, _Type.NUMBER):
                raise rejected(f"{held.value} has no pattern", str(term), expected=_compared(term))
            return Pattern(term, pattern, escaped)
        case Truth():
            if held is not _Type.ANYTHING:
                what = f"{held.value} is neither true nor false"
                raise rejected(what, str(term), expected=_compared(term))
            return Truth(term)


def _check_term(
    term: Term,
    resolve: Callable[[Name, bool], Name],
    by_time_of_day: bool,  # noqa: FBT001 - as `resolve` is told
) -> tuple[Term, _Type]:
    """Give a term whose name is known, and what it holds."""
    match term:
        case Name():
            name = resolve(term, by_time_of_day)
            return name, _Type.TIME if name.kind is Kind.TIME_DIMENSION else _Type.ANYTHING
        case Default(inner, value):
            known, held = _check_term(inner, resolve, by_time_of_day)
            return Default(known, _fit_value(known, held, value)), held
        case Applied(function, inner):
            known, held = _check_term(inner, resolve, by_time_of_day)
    if function.gives_text:
        if held in (_Type.TIME, _Type.NUMBER):
            raise rejected(f"{held.value} is no text", f"{function.value}({known})")
        return Applied(function, known), _Type.TEXT
    if held is not _Type.TIME:
        raise rejected(f"{known} is no time", f"{function.value}({known})", expected="a time")
    return Applied(function, known), _Type.NUMBER


def _compared(term: Term) -> str:
    return f"such as {term} >= '2024-01-31'" if isinstance(term, Name) else ""


def _fit_value(term: Term, held: _Type, value: Value, *, is_end: bool = False) -> Value:
    if held is _Type.TIME:
        name = name_of(term)
        try:
            return read_time_value(value, fit_of(name, is_end=is_end))
        except ValueError:
            raise _unfit_time(name, value) from None
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if (held is _Type.TEXT and not isinstance(value, str)) or (
        held is _Type.NUMBER and not is_number
    ):
        raise _mismatch(term, held, value)
    return value


def _mismatch(term: Term, held: _Type, value: Value) -> MetricsStoreError:
    return rejected(
        f"{term} is {held.value} and is compared with something else",
        repr(value),
        expected=_EXAMPLES[held],
    )


def _unfit_time(name: Name, value: Value) -> MetricsStoreError:
    try:
        parse_time(value)
    except ValueError:
        return _mismatch(name, _Type.TIME, value)
    period = one(name.compared)
    return rejected(
        f"{name} is compared with a time within {period}, and tells none apart in there",
        str(value),
        expected=f"the beginning of {period}; after <= and > its end too",
        remedy="compare with whole periods, or by a finer grain where the time has one",
    )
