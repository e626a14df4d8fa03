"""The first day of the period that a moment lies in; all UTC, weeks from Monday."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def months_before(month: date, count: int) -> date:
    """Give the first day of the month `count` months before (after, when negative)."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _span(day: date, months: int, start_month: int) -> date:
    past = (day.month - start_month) % months
    return months_before(day.replace(day=1), past)


def periods(fiscal_year_start_month: int) -> dict[str, Callable[[datetime], date]]:
    """Name each period and how to find its first day."""
    return {
        "day": lambda time: time.date(),
        "week": lambda time: time.date() - timedelta(days=time.weekday()),
        "month": lambda time: time.date().replace(day=1),
        "quarter": lambda time: _span(time.date(), 3, 1),
        "year": lambda time: _span(time.date(), 12, 1),
        "fiscal_quarter": lambda time: _span(time.date(), 3, fiscal_year_start_month),
        "fiscal_year": lambda time: _span(time.date(), 12, fiscal_year_start_month),
    }
