"""The first and last days that a question counts, widened to whole periods as MetricFlow does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = dt.timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
GRAINS = ("day", "week", *_MONTHS)


def first_day(day: dt.date, grain: str) -> dt.date:
    """Give the first day of the period that a day lies in; weeks begin on Monday."""
    if grain == "day":
        return day
    if grain == "week":
        return day - day.weekday() * _DAY
    months = _MONTHS[grain]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def last_day(day: dt.date, grain: str) -> dt.date:
    """Give the last day of the period that a day lies in, or the last day that there is."""
    if grain == "day":
        return day
    first = first_day(day, grain)
    if grain == "week":
        return first + min(6 * _DAY, dt.date.max - first)
    months = first.year * 12 + first.month - 1 + _MONTHS[grain]
    if months // 12 > dt.MAXYEAR:
        return dt.date.max
    return dt.date(months // 12, months % 12 + 1, 1) - _DAY


# Days that no definition speaks of; the two pairs lie differently in every period.
_TRIALS = (
    (dt.date(2003, 5, 22), dt.date(2007, 8, 15)),
    (dt.date(2009, 11, 6), dt.date(2011, 2, 16)),
)
# The days that MetricFlow takes for the end that is not said; there may be rows beyond them.
_ITS_BEGINNING, _BEGINNING = "BETWEEN '2000-01-01' AND ", "BETWEEN '0001-01-01' AND "
_ITS_END, _END = " AND '2040-12-31'", " AND '9999-12-31'"


def find_period(
    plan: Callable[[dt.date | None, dt.date | None], str],
    marked: tuple[str, str],
    *,
    start: bool,
    end: bool,
) -> tuple[str, str] | None:
    """Find SQL with markers for the first and the last day, by planning for days made up.

    Where a window or an offset moves the days, the SQL of two trials differs in more than the days
    themselves, and the question must be planned for its own.

    Args:
        plan: Plans the question between two instants.
        marked: What stands for the quoted first and last day.
        start: Whether the question has a first instant.
        end: Whether it has a last one.

    Returns:
        The SQL with markers and the grain that days are widened to; none where there is no such.
    """
    found = [plan(first if start else None, last if end else None) for first, last in _TRIALS]
    for grain in GRAINS:
        templates = set()
        for sql, (first, last) in zip(found, _TRIALS, strict=True):
            quoted = f"'{first_day(first, grain)}'", f"'{last_day(last, grain)}'"
            if (start and quoted[0] not in sql) or (end and quoted[1] not in sql):
                break
            if start:
                sql = sql.replace(quoted[0], marked[0])  # noqa: PLW2901
            if end:
                sql = sql.replace(quoted[1], marked[1])  # noqa: PLW2901
            templates.add(
                sql.replace(_ITS_BEGINNING + marked[1], _BEGINNING + marked[1]).replace(
                    marked[0] + _ITS_END, marked[0] + _END
                )
            )
        else:
            if len(templates) == 1:
                return templates.pop(), grain
    return None
