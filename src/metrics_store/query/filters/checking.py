"""A filter against the definitions: names become what they are, texts of times become times."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.query.filters.refusal import refused
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

if TYPE_CHECKING:
    from collections.abc import Callable


def check_filter(  # noqa: PLR0911 - a return a kind of node
    tree: Filter, resolve: Callable[[Name], Name]
) -> Filter:
    """Give a filter whose names are known and whose times are compared with times.

    Args:
        tree: The filter as it was asked.
        resolve: Says of a name what it is, or raises.

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
    name = resolve(tree.name)
    match tree:
        case Comparison(_, operator, value):
            return Comparison(name, operator, _fitting(name, value))
        case Membership(_, values):
            return Membership(name, tuple(_fitting(name, value) for value in values))
        case Range(_, low, high):
            return Range(name, _fitting(name, low), _fitting(name, high))
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


def _fitting(name: Name, value: Value) -> Value:
    if name.kind is not Kind.TIME_DIMENSION or isinstance(value, dt.date):
        return value
    try:
        return as_time(value)
    except ValueError:
        raise refused(
            f"{name} is a time and is compared with something else",
            repr(value),
            expected="a day such as '2024-01-31', or a time such as '2024-01-31 12:00:00'",
        ) from None


def as_time(value: Value) -> dt.date:
    """Read a text as a day or a time.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - one error for all that is no time
    text = value.strip()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromisoformat(text)
