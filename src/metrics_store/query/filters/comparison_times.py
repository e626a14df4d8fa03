"""The times that a filter compares with: none may be finer than what it is compared with.

A name of a time has the beginnings of its periods as values. Compared with a moment within a
period, a request would say less than it seems to: `metric_time__day >= '2024-03-01 12:00'` is from
the second of March on. Only the last second of a period, as clients write its end, says the same.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Constant,
    Default,
    Filter,
    Membership,
    Missing,
    Name,
    Not,
    Operator,
    Pattern,
    Predicate,
    Range,
    Term,
    Truth,
    Value,
)
from metrics_store.query.periods import GRAINS, begins

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY, _SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
_END = " ends"
# `<=` takes the whole of the period that ends then, and `>` nothing of it.
END_OPERATORS = {Operator.LESS_OR_EQUAL, Operator.GREATER}


def compared_values(predicate: Predicate) -> tuple[Value, ...]:
    """Give what a condition compares with."""
    match predicate:
        case Comparison(_, _, value):
            return (value,)
        case Membership(_, values):
            return values
        case Range(_, low, high):
            return (low, high)
        case Pattern(_, pattern):
            return (pattern,)
        case Missing() | Truth():
            return ()


def fit_of(name: Name, *, is_end: bool = False) -> str:
    """Give what times a value may be that is compared with a name.

    It is a grain, at the beginning of one of whose periods the value has to be, with ` ends` where
    it may be at the end of one instead; empty for a name that is no time.
    """
    return name.compared + _END if name.compared and is_end else name.compared


def fits_of(tree: Filter) -> Iterator[str]:
    """Say of each value or list of a checked filter, in their order, what times it may be."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from fits_of(part)
        case Not(part):
            yield from fits_of(part)
        case Constant():
            return
        case _:
            yield from _fits_of_term(tree.term)
            yield from _fits_of_values(tree)


def _fits_of_term(term: Term) -> Iterator[str]:
    if not isinstance(term, Name):
        yield from _fits_of_term(term.term)
    if isinstance(term, Default):
        yield _fit(term)


def _fits_of_values(tree: Predicate) -> Iterator[str]:
    match tree:
        case Comparison(term, operator, _):
            yield _fit(term, is_end=operator in END_OPERATORS)
        case Membership(term, _):
            yield _fit(term)
        case Range(term, _, _):
            yield from (_fit(term), _fit(term, is_end=True))
        case Pattern():
            yield ""
        case Missing() | Truth():
            pass


def _fit(term: Term, *, is_end: bool = False) -> str:
    """Say what times a value may be that is compared with a term; none of a part of a time."""
    while isinstance(term, Default):
        term = term.term
    return fit_of(term, is_end=is_end) if isinstance(term, Name) else ""


def defaults_of(term: Term) -> Iterator[Value]:
    """Give the values that stand in a term for none, the inner ones first."""
    if not isinstance(term, Name):
        yield from defaults_of(term.term)
    if isinstance(term, Default):
        yield term.value


def read_time_value(value: Value, fit: str) -> Value:
    """Read a literal as the time that it has to be.

    Raises:
        ValueError: It is to be a time of some fineness, and is none.
    """
    if not fit:
        return value
    time = parse_time(value)
    if not _fits(time, fit):
        raise ValueError(value)
    return time


def parse_time(value: Value) -> dt.date:
    """Read a text as a day or a time.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - one error for all that is no time
    text = value.strip()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromisoformat(text)


def has_time_of_day(value: Value) -> bool:
    """Whether a value is a time within a day, or the text of one."""
    try:
        time = parse_time(value)
    except ValueError:
        return False
    return isinstance(time, dt.datetime) and time.time() != dt.time()


def _fits(time: dt.date, fit: str) -> bool:
    grain = fit.removesuffix(_END)
    moment = time if isinstance(time, dt.datetime) else dt.datetime.combine(time, dt.time())
    is_whole_day = moment.time() == dt.time()
    if fit == grain or (grain not in GRAINS and begins(moment, grain)):
        return begins(moment, grain)
    try:
        after = moment + _DAY if is_whole_day else moment.replace(microsecond=0) + _SECOND
    except OverflowError:
        # The last day that there is ends every period.
        return True
    return begins(after, grain)
