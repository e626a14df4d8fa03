"""The three years that demo data covers; moments are whole seconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

DAY = 86_400
EPOCH = date(1970, 1, 1)
FIRST_DAY = date(2022, 1, 1)
LAST_DAY = date(2024, 12, 31)
OPENING_HOUR, OFFICE_HOURS = 7, 12


def midnight(day: date) -> int:
    """Give a day's first moment."""
    return (day - EPOCH).days * DAY


START = midnight(FIRST_DAY)
END = midnight(LAST_DAY) + DAY - 1
LEAP_DAY = midnight(date(2024, 2, 29))

DAYS = [FIRST_DAY + timedelta(days=offset) for offset in range((LAST_DAY - FIRST_DAY).days + 1)]
# 00:00:00 of every first of a month, and 23:59:59 of every last day; both within the three years.
MONTH_STARTS = [midnight(day) for day in DAYS if day.day == 1]
MONTH_ENDS = [moment - 1 for moment in MONTH_STARTS[1:]] + [END]
QUARTER_STARTS = MONTH_STARTS[::3]
QUARTER_ENDS = MONTH_ENDS[2::3]


@cache
def quarter_of(day: int) -> int:
    """Number the calendar quarter of a day, given in days since 1970; the next one is 1 more."""
    found = EPOCH + timedelta(days=day)
    return found.year * 4 + (found.month - 1) // 3


@cache
def first_day_of_quarter(quarter: int) -> int:
    """Give the first day, in days since 1970, of a quarter numbered as `quarter_of` does."""
    return midnight(date(quarter // 4, quarter % 4 * 3 + 1, 1)) // DAY


def text_of(moment: int) -> str:
    """Write a moment as Pipedrive does, such as 2024-02-29T09:30:00."""
    return datetime.fromtimestamp(moment, UTC).replace(tzinfo=None).isoformat()


class DealCalendar:
    """Finds the moments of one deal: working days, office hours, no second of the day twice.

    So two of its moments are never a whole number of days apart and none lies on a month's
    edge: what does is planted, and counted.
    """

    def __init__(self, rng: Random) -> None:
        """Begin with every second free."""
        self._rng = rng
        self._taken: set[int] = set()

    def take(self, moment: int) -> int:
        """Note a moment that was chosen elsewhere, and give it back."""
        self._taken.add(moment % DAY)
        return moment

    def after(self, moment: int, days: float) -> int:
        """Give a moment about so many days later, always later."""
        day, second = divmod(moment + int(days * DAY), DAY)
        weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
        if weekday > 4:  # noqa: PLR2004 - Saturday and Sunday roll on to Monday
            day += 7 - weekday
        found = day * DAY + OPENING_HOUR * 3600 + second * OFFICE_HOURS // 24
        if found <= moment:
            found = moment + self._rng.randrange(60, 1800)
        while found % DAY in self._taken or found % DAY in (0, DAY - 1):
            found += 1
        return self.take(found)
