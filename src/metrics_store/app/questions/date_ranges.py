"""Ranges of days, and those before them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

_MONTHS = 12
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DateRange:
    """Days from the first to the last, both of which count."""

    first: dt.date
    last: dt.date

    @property
    def months(self) -> int | None:
        """How many whole months it is; none where it is of other days."""
        if self.first.day != 1 or (self.last + _ONE_DAY).day != 1:
            return None
        ends = self.last + _ONE_DAY
        return (ends.year - self.first.year) * _MONTHS + ends.month - self.first.month

    @property
    def end(self) -> DateRange:
        """The last of the days alone, which a state at the end needs no other."""
        return DateRange(self.last, self.last)

    def before(self) -> DateRange:
        """Give the range of the same length just before it: whole months before whole months."""
        last = self.first - _ONE_DAY
        months = self.months
        if months is not None:
            return DateRange(months_before(self.first, months) or self.first, last)
        return DateRange(last - (self.last - self.first), last)

    def year_before(self) -> DateRange:
        """Give the same days of the year before."""
        if self.months is not None:
            first = months_before(self.first, _MONTHS) or self.first
            return DateRange(
                first, (months_before(self.last + _ONE_DAY, _MONTHS) or first) - _ONE_DAY
            )
        return DateRange(_year_before(self.first), _year_before(self.last))

    def __str__(self) -> str:
        """Write it as people read it."""
        return f"{self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}"


def months_before(day: dt.date, months: int) -> dt.date | None:
    """Give the same day so many months before; none where that month is too short."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    if day.day > calendar.monthrange(year, month + 1)[1]:
        return None
    return day.replace(year=year, month=month + 1)


def _year_before(day: dt.date) -> dt.date:
    # February 29 has the 28th.
    return months_before(day, _MONTHS) or months_before(day - _ONE_DAY, _MONTHS) or day


def last_months(day: dt.date, months: int) -> DateRange:
    """Give the range that ends with a day and begins with a month, so many months long."""
    return DateRange(months_before(day.replace(day=1), months - 1) or day, day)
