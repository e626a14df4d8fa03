"""The periods of the calendar: where each begins, and whether a moment is such a beginning."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_DAY = dt.timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Shortest first.
FINER_THAN_DAYS = ("nanosecond", "microsecond", "millisecond", "second", "minute", "hour")
_OF_WHOLE_DAYS = ("week", *_MONTHS)
GRAINS = ("day", *_OF_WHOLE_DAYS)
# What the beginnings of the shorter ones leave at zero.
_SHORTER = {
    "hour": ("minute", "second", "microsecond"),
    "minute": ("second", "microsecond"),
    "second": ("microsecond",),
}


def longest(grains: Collection[str]) -> str:
    """Give the longest of standard grains; a day where there are none."""
    return max(grains, key=(*FINER_THAN_DAYS, *GRAINS).index, default="day")


def is_longer_than_day(grain: str) -> bool:
    """Whether the periods of a standard grain are made of days."""
    return grain in _OF_WHOLE_DAYS


def first_day(day: dt.date, grain: str) -> dt.date:
    """Give the first day of the period that a day lies in; weeks begin on Monday."""
    if grain == "day":
        return day
    if grain == "week":
        return day - day.weekday() * _DAY
    months = _MONTHS[grain]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def later(day: dt.date, count: int, grain: str) -> dt.date:
    """Give the day some periods of a grain later, or earlier; of a shorter month its last day.

    Raises:
        OverflowError: The calendar has no such day, counted in days or weeks.
        ValueError: The calendar has no such year.
    """
    if grain not in _MONTHS:
        return day + count * (7 if grain == "week" else 1) * _DAY
    year, month = divmod(day.year * 12 + day.month - 1 + count * _MONTHS[grain], 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def one(grain: str) -> str:
    """Give one period of a grain in words."""
    return f"{'an' if grain == 'hour' else 'a'} {grain}"


def begins(moment: dt.datetime, grain: str) -> bool:
    """Whether a period of a standard grain begins at a moment."""
    if grain in GRAINS:
        return moment.time() == dt.time() and first_day(moment.date(), grain) == moment.date()
    if grain == "millisecond":
        return moment.microsecond % 1000 == 0
    return not any(getattr(moment, unit) for unit in _SHORTER.get(grain, ()))
