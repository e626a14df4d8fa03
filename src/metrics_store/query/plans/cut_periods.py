"""Whether the conditions of a request leave out a part of some period."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from typing import TYPE_CHECKING

from metrics_store.query.filters.comparison_times import compared_values, parse_time
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Constant,
    Default,
    Filter,
    Function,
    Membership,
    Missing,
    Name,
    Not,
    Operator,
    Predicate,
    Range,
    Term,
    Value,
)
from metrics_store.query.metric_request import span_value
from metrics_store.query.periods import FINER_THAN_DAYS, GRAINS, first_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from metrics_store.query.metric_request import MetricRequest

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_COMPARED: dict[Operator, Callable[[object, object], bool]] = {
    Operator.EQUAL: lambda one, other: one == other,
    Operator.NOT_EQUAL: lambda one, other: one != other,
    Operator.LESS: lambda one, other: one < other,  # type: ignore[operator]
    Operator.LESS_OR_EQUAL: lambda one, other: one <= other,  # type: ignore[operator]
    Operator.GREATER: lambda one, other: one > other,  # type: ignore[operator]
    Operator.GREATER_OR_EQUAL: lambda one, other: one >= other,  # type: ignore[operator]
}
_PARTS: dict[Function, Callable[[dt.datetime], int]] = {
    Function.YEAR: lambda moment: moment.year,
    Function.QUARTER: lambda moment: (moment.month + 2) // 3,
    Function.MONTH: lambda moment: moment.month,
    Function.WEEK: lambda moment: moment.isocalendar().week,
    Function.DAY: lambda moment: moment.day,
    Function.DAY_OF_YEAR: lambda moment: moment.timetuple().tm_yday,
    Function.DAY_OF_WEEK: lambda moment: moment.isoweekday() % 7,
    Function.ISO_DAY_OF_WEEK: lambda moment: moment.isoweekday(),
}
# Of parts of times, such as the day of a month, one year tells of all.
_ANY_YEAR = [dt.datetime.combine(dt.date(2024, month, 1), dt.time()) for month in range(1, 13)]


def conditions(request: MetricRequest) -> Filter:
    """Give the filter of a request, and its start and end, in the order of a plan's conditions."""
    ends = (
        (request.start_time, Operator.GREATER_OR_EQUAL),
        (request.end_time, Operator.LESS_OR_EQUAL),
    )
    parts: list[Filter] = [] if request.where is None else [request.where]
    parts += [
        Comparison(Name("metric_time"), operator, span_value(time))
        for time, operator in ends
        if time is not None
    ]
    return All(tuple(parts))


def predicates(tree: Filter) -> Iterator[Predicate]:
    """Give the conditions of a filter in their order."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from predicates(part)
        case Not(part):
            yield from predicates(part)
        case Constant():
            return
        case _:
            yield tree


def cuts(tree: Filter, grains: Sequence[str], period: str) -> bool:
    """Whether a filter leaves out a part of some period, and not all of it.

    Args:
        tree: The filter.
        grains: Of each condition in it, the grain of the time that it is on; empty where it is on
            something else.
        period: The grain of the periods.
    """
    known = dict(zip(map(id, predicates(tree)), grains, strict=True))
    times = [
        moment
        for condition in predicates(tree)
        if known[id(condition)]
        for moment in _moments(condition)
    ]
    begins = {_beginning(time + step, period) for time in times for step in (-_DAY, 0 * _DAY, _DAY)}
    for begin in begins:
        inside = functools.partial(_is_inside, begin=begin, period=period)
        days = itertools.takewhile(inside, (begin + number * _DAY for number in itertools.count()))
        edges = (time + step for time in times for step in (-_HOUR, 0 * _HOUR, _HOUR))
        points = itertools.chain(days, filter(inside, edges))
        if len({_holds(tree, point, known) is not False for point in points}) > 1:
            return True
    return False


def _moments(condition: Predicate) -> Iterator[dt.datetime]:
    if not isinstance(condition.term, Name | Default):
        yield from _ANY_YEAR
        return
    for value in compared_values(condition):
        moment = _moment(value)
        # At the ends of all calendars nothing is cut.
        if moment is not None and 1 < moment.year < 9998:  # noqa: PLR2004
            yield moment


def _moment(value: Value) -> dt.datetime | None:
    try:
        time = parse_time(value)
    except ValueError:
        return None
    return time if isinstance(time, dt.datetime) else dt.datetime.combine(time, dt.time())


def _beginning(moment: dt.datetime, grain: str) -> dt.datetime:
    if grain in GRAINS:
        return dt.datetime.combine(first_day(moment.date(), grain), dt.time())
    return moment.replace(minute=0, second=0, microsecond=0) if grain == "hour" else moment


def _is_inside(moment: dt.datetime, begin: dt.datetime, period: str) -> bool:
    return _beginning(moment, period) == begin


def _holds(tree: Filter, moment: dt.datetime, grains: dict[int, str]) -> bool | None:
    """Whether a filter holds at a moment; nothing where rows say."""
    match tree:
        case All(parts):
            found = [_holds(part, moment, grains) for part in parts]
            return False if False in found else None if None in found else True
        case Any(parts):
            found = [_holds(part, moment, grains) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            held = _holds(part, moment, grains)
            return None if held is None else not held
        case Constant(holds):
            return holds
        case _:
            return _condition_holds(tree, moment, grains[id(tree)])


def _condition_holds(condition: Predicate, moment: dt.datetime, grain: str) -> bool | None:
    value = _value(condition.term, moment, grain)
    if value is None:
        return None
    read = _moment if isinstance(value, dt.datetime) else _same
    match condition:
        case Comparison(_, operator, compared):
            return _COMPARED[operator](value, read(compared))
        case Membership(_, values):
            return value in [read(one) for one in values]
        case Range(_, low, high):
            return bool(read(low) <= value <= read(high))  # type: ignore[operator]
        case Missing():
            return False
        case _:
            return None


def _same(value: Value) -> Value:
    return value


def _value(term: Term, moment: dt.datetime, grain: str) -> dt.datetime | int | None:
    """Give what a term is at a moment; nothing where it is of no time, or of unknown periods."""
    match term:
        case Name():
            is_known = grain in GRAINS or grain in FINER_THAN_DAYS
            return _beginning(moment, grain) if is_known else None
        case Default(inner, _):
            return _value(inner, moment, grain)
    time = _value(term.term, moment, grain)
    part = _PARTS.get(term.function)
    return part(time) if part is not None and isinstance(time, dt.datetime) else None
