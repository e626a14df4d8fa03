"""First days of periods, worked out on a calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from oracle.periods import months_before, periods


@pytest.mark.parametrize(
    ("period", "start_month", "first_day"),
    [
        ("day", 1, date(2024, 2, 29)),
        ("week", 1, date(2024, 2, 26)),
        ("month", 1, date(2024, 2, 1)),
        ("quarter", 1, date(2024, 1, 1)),
        ("year", 1, date(2024, 1, 1)),
        ("fiscal_quarter", 1, date(2024, 1, 1)),
        ("fiscal_quarter", 2, date(2024, 2, 1)),
        ("fiscal_quarter", 12, date(2023, 12, 1)),
        ("fiscal_year", 4, date(2023, 4, 1)),
        ("fiscal_year", 2, date(2024, 2, 1)),
    ],
)
def test_period_of_a_leap_day(period: str, start_month: int, first_day: date) -> None:
    leap_day = datetime(2024, 2, 29, 23, 59, 59)
    assert periods(start_month)[period](leap_day) == first_day


def test_months_before_cross_the_year() -> None:
    assert months_before(date(2024, 1, 1), 1) == date(2023, 12, 1)
    assert months_before(date(2023, 12, 1), -1) == date(2024, 1, 1)
