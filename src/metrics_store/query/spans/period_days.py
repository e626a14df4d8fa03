"""The days of a period that is asked for: those of the common calendar are worked out here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.periods import GRAINS, first_day, later
from metrics_store.query.spans.asked_period import (
    FISCAL,
    AskedPeriod,
    NamedPeriod,
    Place,
    RelativePeriod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Days = tuple[dt.date | None, dt.date | None]
    Calendar = Mapping[str, Sequence[tuple[dt.date, dt.date]]]

_DAY = dt.timedelta(days=1)
# Of 52 weeks, without its last day.
_SHORTEST_YEAR = dt.timedelta(days=363)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def days_of(asked: AskedPeriod, reference: dt.date, own: Calendar) -> Days:
    """Give the first and the last day; none where the period is open there.

    Args:
        asked: The period.
        reference: The reference date; it counts as a whole day.
        own: Each grain that the project's calendar has of its own -> the first and last days of its
            periods, in order.

    Raises:
        MetricsStoreError: There is no such grain, or the calendar ends before.
    """
    try:
        if isinstance(asked, RelativePeriod):
            return _relative(asked, reference, own)
        first = None if asked.first is None else _named(asked.first, own)[0]
        last = None if asked.last is None else _named(asked.last, own)[1]
    except (OverflowError, ValueError):
        raise _beyond(str(asked)) from None
    return first, last


def _relative(asked: RelativePeriod, reference: dt.date, own: Calendar) -> Days:
    if asked.grain in own:
        return _of_own(asked, reference, own[asked.grain])
    if asked.grain not in GRAINS:
        grains = [*GRAINS, *own]
        raise MetricsStoreError(
            "there is no such period",
            where=str(asked),
            expected="one of " + ", ".join(one.replace("_", " ") for one in grains),
        )
    running = first_day(reference, asked.grain)
    following = later(running, 1, asked.grain)
    match asked.place:
        case Place.THIS:
            return running, following - _DAY
        case Place.NEXT:
            return following, later(following, asked.count, asked.grain) - _DAY
        case Place.LAST:
            end = following if following - _DAY == reference else running
            return later(end, -asked.count, asked.grain), end - _DAY


def _of_own(
    asked: RelativePeriod, reference: dt.date, periods: Sequence[tuple[dt.date, dt.date]]
) -> Days:
    running = next((n for n, (_, last) in enumerate(periods) if reference <= last), len(periods))
    if running == len(periods) or periods[running][0] > reference:
        raise _beyond(str(asked))
    match asked.place:
        case Place.THIS:
            first = last = running
        case Place.NEXT:
            first, last = running + 1, running + asked.count
        case Place.LAST:
            last = running if periods[running][1] == reference else running - 1
            first = last - asked.count + 1
    if first < 0 or last >= len(periods):
        raise _beyond(str(asked))
    return periods[first][0], periods[last][1]


def _named(named: NamedPeriod | dt.date, own: Calendar) -> tuple[dt.date, dt.date]:
    if isinstance(named, dt.date):
        return named, named
    if named.is_fiscal:
        return _fiscal(named, own)
    if named.grain == "week":
        first = dt.date.fromisocalendar(named.year, named.number, 1)
        return first, first + 6 * _DAY
    first = dt.date(named.year, (named.number - 1) * _MONTHS[named.grain] + 1, 1)
    return first, later(first, 1, named.grain) - _DAY


def period_names(grain: str, own: Calendar) -> dict[dt.date, str]:
    """Give what the periods of a fiscal grain are called, by their first days."""
    names = {}
    for first, last in own.get(f"{FISCAL}year", ()):
        # What the calendar cuts off has no first quarter to count from.
        if last - first >= _SHORTEST_YEAR:
            within = [one for one in own[grain] if first <= one[0] and one[1] <= last]
            for number, (begins, _) in enumerate(within, 1):
                names[begins] = str(NamedPeriod(grain, last.year, number))
    return names


def _fiscal(named: NamedPeriod, own: Calendar) -> tuple[dt.date, dt.date]:
    if named.grain not in own or f"{FISCAL}year" not in own:
        raise MetricsStoreError(
            "the project's calendar has no fiscal periods",
            where=str(named),
            expected="a time spine with fiscal_quarter and fiscal_year",
        )
    names = period_names(named.grain, own)
    found = [one for one in own[named.grain] if names.get(one[0]) == str(named)]
    if not found:
        raise _beyond(str(named))
    return found[0]


def _beyond(asked: str) -> MetricsStoreError:
    return MetricsStoreError(
        "the calendar has no such days", where=asked, expected="a period that the calendar has"
    )
