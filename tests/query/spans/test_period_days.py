"""The days of periods, at their edges: the reference date counts as a whole day."""

from __future__ import annotations

import datetime as dt

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.spans.period_days import days_of, period_names
from metrics_store.query.spans.period_parser import parse_period

_DAY = dt.timedelta(days=1)


def _fiscal(begins: str, months: int, count: int) -> list[tuple[dt.date, dt.date]]:
    """Give periods of a fiscal calendar, the first one from a day on."""
    first, periods = dt.date.fromisoformat(begins), []
    for _ in range(count):
        month = first.year * 12 + first.month - 1 + months
        following = dt.date(month // 12, month % 12 + 1, 1)
        periods.append((first, following - _DAY))
        first = following
    return periods


# The fiscal year begins in February; the calendar cuts the first one off.
OWN = {
    "fiscal_quarter": [(dt.date(2023, 1, 1), dt.date(2023, 1, 31)), *_fiscal("2023-02-01", 3, 12)],
    "fiscal_year": [(dt.date(2023, 1, 1), dt.date(2023, 1, 31)), *_fiscal("2023-02-01", 12, 3)],
}


@pytest.mark.parametrize(
    ("said", "reference", "first", "last"),
    [
        # The quarter is over on its last day, and on no other.
        ("last 4 quarters", "2024-12-31", "2024-01-01", "2024-12-31"),
        ("last 4 quarters", "2024-12-30", "2023-10-01", "2024-09-30"),
        ("last 4 quarters", "2025-01-01", "2024-01-01", "2024-12-31"),
        ("this quarter", "2024-12-31", "2024-10-01", "2024-12-31"),
        ("next quarter", "2024-12-31", "2025-01-01", "2025-03-31"),
        ("next 2 quarters", "2024-11-15", "2025-01-01", "2025-06-30"),
        ("last 30 days", "2024-03-15", "2024-02-15", "2024-03-15"),
        ("next 30 days", "2024-02-15", "2024-02-16", "2024-03-16"),
        ("this day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("last week", "2024-03-16", "2024-03-04", "2024-03-10"),
        ("last week", "2024-03-17", "2024-03-11", "2024-03-17"),
        ("last 12 months", "2024-03-30", "2023-03-01", "2024-02-29"),
        ("last year", "2024-03-30", "2023-01-01", "2023-12-31"),
        ("this year", "2024-03-30", "2024-01-01", "2024-12-31"),
        ("last 2 fiscal quarters", "2024-08-15", "2024-02-01", "2024-07-31"),
        ("last 2 fiscal quarters", "2024-10-31", "2024-05-01", "2024-10-31"),
        ("this fiscal year", "2024-08-15", "2024-02-01", "2025-01-31"),
        ("next fiscal quarter", "2024-08-15", "2024-11-01", "2025-01-31"),
        # A fiscal year is called by the year that it ends in.
        ("FY2025-Q1", "2024-08-15", "2024-02-01", "2024-04-30"),
        ("FY2025", "2024-08-15", "2024-02-01", "2025-01-31"),
        ("FY2024-Q4 to FY2025-Q1", "2024-08-15", "2023-11-01", "2024-04-30"),
        ("2024-Q1 to 2024-06-15", "2024-08-15", "2024-01-01", "2024-06-15"),
        ("2024-02", "2024-08-15", "2024-02-01", "2024-02-29"),
        # Of ISO 8601.
        ("2020-W53", "2024-08-15", "2020-12-28", "2021-01-03"),
    ],
)
def test_the_days_of_a_period(said: str, reference: str, first: str, last: str) -> None:
    days = days_of(parse_period(said), dt.date.fromisoformat(reference), OWN)
    assert days == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_span_may_be_open() -> None:
    today = dt.date(2024, 8, 15)
    assert days_of(parse_period("from 2024-Q2"), today, {}) == (dt.date(2024, 4, 1), None)
    assert days_of(parse_period("until 2024-Q2"), today, {}) == (None, dt.date(2024, 6, 30))


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("last 4 moons", "no such period"),
        ("next 20 fiscal quarters", "no such days"),
        ("last 9 fiscal quarters", "no such days"),
        ("last 9999 years", "no such days"),
        ("FY2023-Q1", "no such days"),
        ("FY2031", "no such days"),
        ("2021-W53", "no such days"),
    ],
)
def test_what_the_calendar_has_not(said: str, what: str) -> None:
    with pytest.raises(MetricsStoreError, match=what):
        days_of(parse_period(said), dt.date(2024, 8, 15), OWN)


def test_a_project_without_a_fiscal_calendar_says_so() -> None:
    with pytest.raises(MetricsStoreError, match="no fiscal periods"):
        days_of(parse_period("FY2024-Q1"), dt.date(2024, 8, 15), {})


def test_the_names_of_fiscal_periods() -> None:
    names = period_names("fiscal_quarter", OWN)
    assert names[dt.date(2023, 2, 1)] == "FY2024-Q1"
    assert names[dt.date(2024, 11, 1)] == "FY2025-Q4"
    # The year that the calendar cuts off.
    assert dt.date(2023, 1, 1) not in names
    assert period_names("fiscal_year", OWN)[dt.date(2024, 2, 1)] == "FY2025"
