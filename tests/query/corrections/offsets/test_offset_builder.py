"""A metric of an earlier period is that period's own value, or the question is refused."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from query.corrections.manifests import EUROPE
from query.corrections.tables import (
    DAYS,
    PERIODS,
    Balance,
    accumulated,
    random_table,
    semi_additive,
)

if TYPE_CHECKING:
    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

SINCE_MARCH = "{{ TimeDimension('metric_time', 'day') }} >= '2024-03-01'"
JANUARY, FEBRUARY, MARCH, APRIL = (dt.date(2024, month, 1) for month in (1, 2, 3, 4))


def _month_later(values: dict[tuple[dt.date, str], float | None]) -> dict[object, float | None]:
    """Move months on, as far as the time spine goes."""
    later = {JANUARY: FEBRUARY, FEBRUARY: MARCH, MARCH: APRIL}
    return {
        (later[month], region): value
        for (month, region), value in values.items()
        if later[month] <= DAYS[-1]
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_month_before(seed: int, warehouse: Warehouse) -> None:
    table = random_table(seed)
    warehouse.fill(table)
    by = "metric_time__month balance__region"
    europe = [row for row in table if row.region == "EU"]
    flows: dict[tuple[dt.date, str], float | None] = defaultdict(int)
    for row in europe:
        flows[PERIODS["month"](row.day), "EU"] += row.amount  # type: ignore[operator]
    right = {
        "flows_month_before": dict(flows),
        "rolling_month_before": accumulated(
            europe, by, lambda day: day - dt.timedelta(days=6), "last"
        ),
        "last_month_before": semi_additive(table, by, holds=lambda row: row.region == "EU"),
    }
    for metric, values in right.items():
        moved = _month_later(values)  # type: ignore[arg-type]
        assert warehouse.answer(metric, by, EUROPE) == moved, metric
        # What is asked is March; what it is compared with, February.
        march = {key: value for key, value in moved.items() if key[0] >= MARCH}  # type: ignore[index]
        assert warehouse.answer(metric, by, f"{EUROPE} and {SINCE_MARCH}") == march, metric


ENDS_OF_MONTH = [
    Balance(1, 1, dt.date(2024, 1, 31), dt.date(2024, 1, 1), "EU", 100),
    Balance(2, 1, dt.date(2024, 2, 29), dt.date(2024, 1, 1), "EU", 10),
]


def test_the_end_of_the_month_before_is_its_last_day(warehouse: Warehouse) -> None:
    warehouse.fill(ENDS_OF_MONTH)
    # MetricFlow takes the day a month before: 29 January in February, 29 February never.
    by = "metric_time__month"
    assert warehouse.answer("rolling_month_before", by, plain=True).get((FEBRUARY,)) is None
    assert warehouse.answer("rolling_month_before", by) == {
        (FEBRUARY,): 100,
        (MARCH,): 10,
        (APRIL,): None,  # in March some days had a value, its last had none
    }
    until = {"start": dt.datetime(2024, 2, 1), "end": dt.datetime(2024, 2, 29)}
    assert warehouse.answer("rolling_month_before", by, **until) == {(FEBRUARY,): 100}


def test_a_filter_on_time_and_more_is_on_the_time_that_is_asked(warehouse: Warehouse) -> None:
    warehouse.fill(ENDS_OF_MONTH)
    asked = "flows_month_before", "metric_time__month", f"{EUROPE} and {SINCE_MARCH}"
    # MetricFlow looks for what was there in February, since March.
    assert warehouse.answer(*asked, plain=True) == {}
    assert warehouse.answer(*asked) == {(MARCH,): 10}


def test_the_month_before_of_a_longer_period(warehouse: Warehouse) -> None:
    warehouse.fill(ENDS_OF_MONTH)
    by = "metric_time__quarter"
    # MetricFlow moves days: 31 January never, 29 February once for each of 29, 30 and 31 March.
    assert warehouse.answer("flows_month_before", by, plain=True) == {(JANUARY,): 30}
    assert warehouse.answer("flows_month_before", by) == {(JANUARY,): 110}
    # Its last day is 29 February: the quarter is that of December to February.
    assert warehouse.answer("last_month_before", by) == {(JANUARY,): 10}


@pytest.mark.parametrize(
    ("metric", "group_by"),
    [
        ("flows_month_before", "metric_time__week"),
        ("flows_month_before", "metric_time__ten_days"),
        ("last_month_before", "metric_time__week"),
        ("rolling_month_before", "metric_time__week"),
        ("rolling_month_before", "metric_time__quarter"),
    ],
)
def test_periods_that_no_month_moves(metric: str, group_by: str, warehouse: Warehouse) -> None:
    with pytest.raises(MetricsStoreError, match="cannot be moved"):
        warehouse.answer(metric, group_by)


def test_the_start_of_a_month_in_a_quarter(warehouse: Warehouse) -> None:
    first = dt.date(2024, 2, 1)
    warehouse.fill([*ENDS_OF_MONTH, Balance(3, 1, first, first, "EU", 3)])
    # That of the month in which the quarter or week begins: 1 January, and 1 February.
    assert warehouse.answer("flows_of_month_start", "metric_time__quarter") == {}
    weeks = [dt.date(2024, 2, number) for number in (5, 12, 19, 26)]
    assert warehouse.answer("flows_of_month_start", "metric_time__week") == {
        (week,): 3 for week in weeks
    }


def test_weeks_move_any_period(warehouse: Warehouse) -> None:
    warehouse.fill(ENDS_OF_MONTH)
    assert warehouse.answer("flows_week_before", "metric_time__month") == {
        (FEBRUARY,): 100,
        (MARCH,): 10,
    }
    # A week before 29 February, and before the spine's last day.
    assert warehouse.answer("rolling_week_before", "metric_time__month") == {
        (FEBRUARY,): None,
        (MARCH,): None,
    }


def test_which_days_and_which_rows_in_one_condition(warehouse: Warehouse) -> None:
    for metric in ("flows_month_before", "rolling_month_before", "last_month_before"):
        with pytest.raises(MetricsStoreError, match="in one breath"):
            warehouse.answer(metric, "metric_time__month", f"{EUROPE} or {SINCE_MARCH}")
