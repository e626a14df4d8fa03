"""A cumulative metric's value of a period is that of the period's own day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.errors import MetricsStoreError
from query.corrections.manifests import EUROPE
from query.corrections.tables import DAYS, PERIODS, Balance, accumulated, random_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

UNTIL = "{{ TimeDimension('metric_time', 'day') }} <= '2024-03-10'"
WHERES: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    (EUROPE, {"holds": lambda row: row.region == "EU"}),
    (
        f"{EUROPE} and {UNTIL}",
        {
            "holds": lambda row: row.region == "EU",
            "on_day": lambda day: day <= dt.date(2024, 3, 10),
        },
    ),
]
GROUP_BYS = [
    "metric_time__month",
    "metric_time__month balance__region",
    "balance__as_of__week account__country",
    "metric_time__quarter balance__region",
    "metric_time__ten_days balance__region",
    "metric_time__month metric_time__week balance__region",
    "metric_time__day balance__region",
]


def _week(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=6)


def _ever(_: dt.date) -> dt.date:
    return DAYS[0]


METRICS: list[tuple[str, Callable[[dt.date], dt.date], str, int | None]] = [
    ("rolling_last", _week, "last", None),
    ("rolling_first", _week, "first", None),
    ("rolling_average", _week, "average", None),
    ("rolling_last_filled", _week, "last", 3),
    ("rolling_average_filled", _week, "average", 3),
    ("ever_last", _ever, "last", None),
    ("ever_first", _ever, "first", None),
    ("ever_average_filled", _ever, "average", 3),
    ("month_to_date_last", PERIODS["month"], "last", None),
    ("month_to_date_first", PERIODS["month"], "first", None),
]


@pytest.mark.parametrize("seed", range(3))
def test_all_questions_against_the_rows(seed: int, warehouse: Warehouse) -> None:
    table = random_table(seed)
    warehouse.fill(table)
    for metric, starts, period_agg, fill in METRICS:
        for group_by in GROUP_BYS:
            for where, conditions in WHERES:
                right = accumulated(table, group_by, starts, period_agg, fill=fill, **conditions)
                rounded = {
                    key: round(value, 6) if isinstance(value, float) else value
                    for key, value in right.items()
                }
                assert warehouse.answer(metric, group_by, where) == rounded, (
                    metric,
                    group_by,
                    where,
                )


TWO_REGIONS = [
    Balance(1, 1, dt.date(2024, 2, 8), dt.date(2024, 2, 1), "EU", 100),
    Balance(2, 2, dt.date(2024, 2, 28), dt.date(2024, 2, 1), "US", 20),
]
FEBRUARY = dt.date(2024, 2, 1)


def test_the_last_seven_days_at_the_end_of_a_month(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    by = "metric_time__month balance__region"
    # MetricFlow shows 14 February's, the last day that has any, as February's.
    assert warehouse.answer("rolling_last", by, plain=True)[FEBRUARY, "EU"] == 100
    found = warehouse.answer("rolling_last", by)
    assert found[FEBRUARY, "EU"] is None
    assert found[FEBRUARY, "US"] == 20
    assert warehouse.answer("rolling_last_filled", by)[FEBRUARY, "EU"] == 3


def test_what_is_accumulated_since_ever_carries_on(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    by = "metric_time__month balance__region"
    march = dt.date(2024, 3, 1)
    assert warehouse.answer("ever_last", by)[march, "EU"] == 100
    # On 1 February there was nothing yet: MetricFlow shows 8 February's.
    assert warehouse.answer("ever_first", by, plain=True)[FEBRUARY, "EU"] == 100
    assert warehouse.answer("ever_first", by)[FEBRUARY, "EU"] is None


def test_the_month_to_date_of_a_quarter(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    quarter = dt.date(2024, 1, 1)
    by = "metric_time__quarter"
    assert warehouse.answer("month_to_date_last", by, plain=True) == {(quarter,): 120}
    # March had nothing.
    assert warehouse.answer("month_to_date_last", by) == {(quarter,): None}


def test_the_times_of_a_question(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    times = {"start": dt.datetime(2024, 2, 1), "end": dt.datetime(2024, 2, 29)}
    assert warehouse.answer("rolling_last", "metric_time__month", **times) == {(FEBRUARY,): 20}
    # The conditions of a question say which days a period has.
    until = "{{ TimeDimension('metric_time', 'day') }} <= '2024-02-10'"
    assert warehouse.answer("rolling_last", "metric_time__month", until) == {(FEBRUARY,): 100}


@pytest.mark.parametrize("group_by", ["metric_time__day", "metric_time__month balance__region"])
def test_the_filter_of_what_is_accumulated(warehouse: Warehouse, group_by: str) -> None:
    warehouse.fill(TWO_REGIONS)
    found = warehouse.answer("rolling_in_europe", group_by)
    assert found
    assert found == warehouse.answer("rolling_last", group_by, EUROPE)
    assert found != warehouse.answer("rolling_last", group_by)


def test_two_metrics_together(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    by = "metric_time__month balance__region"
    planned = warehouse.answer("rolling_last rolling_first flows", by)
    assert planned == {
        (FEBRUARY, "EU", None, None): 100,
        (FEBRUARY, "US", 20, None): 20,
        (dt.date(2024, 3, 1), "US", None, 20): None,
    }


def test_accumulated_without_a_time(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    until = "{{ TimeDimension('metric_time', 'day') }} <= '2024-02-20'"
    # MetricFlow counts a row once for each day that it has been there.
    assert warehouse.answer("ever_last", "", until, plain=True) == {(): 1300}
    with pytest.raises(MetricsStoreError, match="has a value at a time"):
        warehouse.answer("ever_last", "", until)
    for times in ({"start": dt.datetime(2024, 2, 10)}, {"end": dt.datetime(2024, 2, 20)}):
        with pytest.raises(MetricsStoreError, match="has a value at a time"):
            warehouse.answer("ever_last", **times)
    assert warehouse.answer("ever_last") == {(): 120}


def test_which_days_and_which_rows_in_one_condition(warehouse: Warehouse) -> None:
    with pytest.raises(MetricsStoreError, match="in one breath"):
        warehouse.answer("rolling_last", "metric_time__month", f"{EUROPE} or {UNTIL}")
