"""Days that a filter works out, from the calendar and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Comparison, Range
from metrics_store.query.filters.parser.filter_parser import parse_filter


def _day(text: str) -> dt.date:
    tree = parse_filter(f"metric_time >= {text}")
    assert isinstance(tree, Comparison)
    assert type(tree.value) is dt.date
    return tree.value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("date '2024-01-31' + interval '1 month'", dt.date(2024, 2, 29)),
        ("date '2024-03-31' - interval '1 month'", dt.date(2024, 2, 29)),
        ("date '2024-01-31' + interval '13 months'", dt.date(2025, 2, 28)),
        ("date '2024-02-29' - interval '1 year'", dt.date(2023, 2, 28)),
        ("date '2024-05-31' - interval '1 quarter'", dt.date(2024, 2, 29)),
        ("date '2024-03-01' - interval '1 day'", dt.date(2024, 2, 29)),
        ("date '2024-03-01' + interval '2 weeks' - interval '1 day'", dt.date(2024, 3, 14)),
        ("date '2024-03-03' - 3 + 1", dt.date(2024, 3, 1)),
        ("date_trunc('month', date '2024-02-29')", dt.date(2024, 2, 1)),
        ("date_trunc('quarter', date '2024-06-30')", dt.date(2024, 4, 1)),
        ("date_trunc('week', date '2024-03-03')", dt.date(2024, 2, 26)),
        ("date_trunc('year', date '2024-03-03') - interval '1 year'", dt.date(2023, 1, 1)),
    ],
)
def test_days_are_worked_out(text: str, day: dt.date) -> None:
    assert _day(text) == day


def test_today_is_the_day_in_utc() -> None:
    before = dt.datetime.now(dt.UTC).date()
    today = _day("current_date")
    assert today in (before, dt.datetime.now(dt.UTC).date())
    assert _day("current_date - interval '30 days'") in (
        today - dt.timedelta(30),
        today - dt.timedelta(29),
    )
    tree = parse_filter("metric_time between date_trunc('month', current_date) and current_date")
    assert isinstance(tree, Range)
    assert tree.low == today.replace(day=1)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 500))
def test_days_there_and_back(day: dt.date, days: int) -> None:
    moved = f"date '{day}' + interval '{days} days' - interval '{days} days'"
    assert _day(moved) == day


@pytest.mark.parametrize(
    "text",
    [
        "current_timestamp",
        "current_date - 7.5",
        "current_date * 2",
        "'1' + 1",
        "current_date - interval '1 fortnight'",
        "current_date - interval '-1 days'",
        "current_date - interval '1 day 2 hours'",
        "current_date - interval 'x'",
        "current_date - interval '99999 years'",
        "current_date + interval '99999 years'",
        "interval '1 day' + current_date",
        "date_trunc('century', current_date)",
        "date_trunc('month', metric_time)",
        "date_trunc('month', '2024-01-01')",
        "date '2024-02-30' + interval '1 day'",
        "timestamp '2024-01-01 00:00:00' + interval '1 day'",
        "current_date - current_date",
        "date_trunc('month', current_date, 'x')",
        "now()",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        parse_filter(f"metric_time >= {text}")
    assert refused.value.where
