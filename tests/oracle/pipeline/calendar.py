"""Periods as lists of first days, and the instants at which they end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from oracle.periods import months_before, periods
from oracle.pipeline.values import midnight

MONTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}


class Calendar:
    """The calendar of one fiscal year start."""

    def __init__(self, fiscal_year_start_month: int) -> None:
        self._periods = periods(fiscal_year_start_month)

    def __contains__(self, name: object) -> bool:
        return name in self._periods

    def first_day(self, period: str, of: date | datetime | None) -> date | None:
        """The period's first day, which names it."""
        if of is None:
            return None
        return self._periods[period](of if isinstance(of, datetime) else midnight(of))

    def following(self, period: str, first_day: date, count: int = 1) -> date:
        """The first day of the period that comes `count` later (earlier when negative)."""
        if period in MONTHS:
            return months_before(first_day, -count * MONTHS[period])
        return first_day + timedelta(days=count * (7 if period == "week" else 1))

    def between(self, period: str, first: date | datetime, last: date | datetime) -> list[date]:
        """Every period from the one that holds `first` to the one that holds `last`."""
        found = []
        current, end = self.first_day(period, first), self.first_day(period, last)
        while current is not None and end is not None and current <= end:
            found.append(current)
            current = self.following(period, current)
        return found

    def period_in(self, group_by: tuple[str, ...]) -> str | None:
        """The one period of a group-by."""
        found = [name for name in group_by if name in self]
        if len(found) > 1:
            raise ValueError(f"one period at a time, not {found}")
        return found[0] if found else None
