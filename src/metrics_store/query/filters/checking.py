"""A filter against the definitions: names become what they are, texts of times become times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.filters.refusal import refused
from metrics_store.query.filters.times import (
    OF_ENDS,
    as_time,
    fit_of,
    has_time_of_day,
    read_value,
    values_of,
)
from metrics_store.query.filters.tree import (
    All,
    Any,
    Comparison,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Range,
    Truth,
    Value,
)
from metrics_store.query.periods import one

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.errors import MetricsStoreError


def check_filter(  # noqa: PLR0911 - a return a kind of node
    tree: Filter, resolve: Callable[[Name, bool], Name]
) -> Filter:
    """Give a filter whose names are known and whose times are compared with times.

    Args:
        tree: The filter as it was asked.
        resolve: Says of a name what it is, or raises; also told whether it is compared with times
            of day.

    Raises:
        MetricsStoreError: A name does not exist, or a time is compared with what is no time.
    """
    match tree:
        case All(parts):
            return All(tuple(check_filter(part, resolve) for part in parts))
        case Any(parts):
            return Any(tuple(check_filter(part, resolve) for part in parts))
        case Not(part):
            return Not(check_filter(part, resolve))
    name = resolve(tree.name, any(map(has_time_of_day, values_of(tree))))
    match tree:
        case Comparison(_, operator, value):
            return Comparison(name, operator, _fitting(name, value, is_end=operator in OF_ENDS))
        case Membership(_, values):
            return Membership(name, tuple(_fitting(name, value) for value in values))
        case Range(_, low, high):
            return Range(name, _fitting(name, low), _fitting(name, high, is_end=True))
        case Missing():
            return Missing(name)
        case Pattern(_, pattern):
            _refuse_time(name, "a time has no pattern")
            return Pattern(name, pattern)
        case Truth():
            _refuse_time(name, "a time is neither true nor false")
            return Truth(name)


def _refuse_time(name: Name, what: str) -> None:
    if name.kind is Kind.TIME_DIMENSION:
        raise refused(what, str(name), expected=f"such as {name} >= '2024-01-31'")


def _fitting(name: Name, value: Value, *, is_end: bool = False) -> Value:
    try:
        return read_value(value, fit_of(name, is_end=is_end))
    except ValueError:
        raise _unfit(name, value) from None


def _unfit(name: Name, value: Value) -> MetricsStoreError:
    try:
        as_time(value)
    except ValueError:
        return refused(
            f"{name} is a time and is compared with something else",
            repr(value),
            expected="a day such as '2024-01-31', or a time such as '2024-01-31 12:00:00'",
        )
    period = one(name.compared)
    return refused(
        f"{name} is compared with a time within {period}, and tells none apart in there",
        str(value),
        expected=f"the beginning of {period}; after <= and > its end too",
        remedy="compare with whole periods, or by a finer grain where the time has one",
    )
