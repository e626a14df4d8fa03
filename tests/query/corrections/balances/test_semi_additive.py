"""A semi-additive measure is shown as of the period's day, whatever else is asked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.errors import MetricsStoreError
from query.corrections.manifests import EUROPE
from query.corrections.tables import COUNTRIES, Balance, random_table, semi_additive

if TYPE_CHECKING:
    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

UNTIL = dt.date(2024, 3, 10)
ON_TIME = "{{ TimeDimension('metric_time', 'day') }} <= '2024-03-10'"
SINCE = "{{ TimeDimension('balance__as_of', 'day') }} >= '2024-02-05'"
FRANCE = "{{ Dimension('account__country') }} = 'FR'"

WHERES: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    (EUROPE, {"holds": lambda row: row.region == "EU"}),
    (FRANCE, {"holds": lambda row: COUNTRIES[row.account] == "FR"}),
    (ON_TIME, {"on_day": lambda day: day <= UNTIL}),
    (
        f"{EUROPE} and ({ON_TIME} and {SINCE}) and {FRANCE}",
        {
            "holds": lambda row: row.region == "EU" and COUNTRIES[row.account] == "FR",
            "on_day": lambda day: dt.date(2024, 2, 5) <= day <= UNTIL,
        },
    ),
    (
        f"({EUROPE} or {FRANCE}) and not {SINCE}",
        {
            "holds": lambda row: row.region == "EU" or COUNTRIES[row.account] == "FR",
            "on_day": lambda day: day < dt.date(2024, 2, 5),
        },
    ),
]
GROUP_BYS = [
    "",
    "balance__region",
    "metric_time__day",
    "metric_time__month",
    "metric_time__month account__country balance__region",
    "balance__as_of__week balance__region",
    "metric_time__ten_days",
    "metric_time__quarter metric_time__month",
    "metric_time__extract_month metric_time__extract_day balance__region",
    "metric_time__month metric_time__week",
    "metric_time__ten_days metric_time__week balance__region",
]


@pytest.mark.parametrize("seed", range(3))
def test_all_questions_against_the_rows(seed: int, warehouse: Warehouse) -> None:
    table = random_table(seed)
    warehouse.fill(table)
    for metric, how in (
        ("last", {}),
        ("first", {"first": True}),
        ("last_of_account", {"an_account": True}),
    ):
        for group_by in GROUP_BYS:
            for where, conditions in WHERES:
                right = semi_additive(table, group_by, **how, **conditions)
                found = warehouse.answer(metric, group_by, where)
                # A sum over no rows at all is one row of NULL.
                found = {key: value for key, value in found.items() if (key, value) != ((), None)}
                assert found == right, (metric, group_by, where)


TWO_REGIONS = [
    Balance(1, 1, dt.date(2024, 2, 14), dt.date(2024, 2, 1), "EU", 100),
    Balance(2, 2, dt.date(2024, 2, 14), dt.date(2024, 2, 1), "US", 10),
    Balance(3, 2, dt.date(2024, 2, 29), dt.date(2024, 2, 1), "US", 20),
]


def test_what_was_gone_by_the_last_day_is_not_shown(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    for metric, where in (("last", EUROPE), ("last_in_europe", "")):
        # MetricFlow shows 14 February's as February's.
        february = {(dt.date(2024, 2, 1),): 100}
        assert warehouse.answer(metric, "metric_time__month", where, plain=True) == february
        assert warehouse.answer(metric, "metric_time__month", where) == {}
    assert warehouse.answer("last", "metric_time__month balance__region") == {
        (dt.date(2024, 2, 1), "US"): 20
    }


@pytest.mark.parametrize("kind", ["timestamp", "timestamp with time zone"])
def test_a_day_counts_whole_whatever_the_clock_says(kind: str, warehouse: Warehouse) -> None:
    last, made = dt.date(2024, 2, 29), dt.date(2024, 2, 1)
    warehouse.fill(
        [
            Balance(1, 1, last, made, "EU", 100),
            Balance(2, 2, last, made, "EU", 10),
            Balance(3, 2, last - dt.timedelta(days=1), made, "EU", 20),
        ]
    )
    warehouse.execute(f"alter table main.balances alter column as_of type {kind}")
    warehouse.execute("update main.balances set as_of = as_of + id * interval '6 hours'")
    for group_by in ("metric_time__month", "metric_time__month account__country"):
        found = warehouse.answer("last", group_by)
        assert sum(found.values()) == 110
        assert {key[0] for key in found} == {dt.date(2024, 2, 1)}


def test_the_end_of_a_question_is_its_last_day(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    ends = {"start": dt.datetime(2024, 2, 1), "end": dt.datetime(2024, 2, 20)}
    assert warehouse.answer("last", "", EUROPE, **ends) == {(): 100}
    # By month too, where MetricFlow widens the times to whole months.
    assert warehouse.answer("last", "metric_time__month", EUROPE, **ends) == {
        (dt.date(2024, 2, 1),): 100
    }


def test_nothing_on_the_day_is_filled_where_the_metric_says_so(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    planner_answer = warehouse.answer("last_filled", "", EUROPE)
    assert planner_answer == {(): 0}


def test_months_and_weeks_together_are_the_weeks_of_each_month(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    periods = "metric_time__month metric_time__week"
    week = dt.date(2024, 2, 12)
    assert (dt.date(2024, 2, 1), week) not in warehouse.answer("last", periods, plain=True)
    assert warehouse.answer("last", periods)[dt.date(2024, 2, 1), week] == 110


def test_the_time_of_another_table_is_no_period(warehouse: Warehouse) -> None:
    warehouse.fill(TWO_REGIONS)
    assert warehouse.answer("last", "account__as_of__month") == {(dt.date(2024, 1, 1),): 20}


def test_a_measure_over_another_time_than_it_counts_by(warehouse: Warehouse) -> None:
    warehouse.fill(
        [*TWO_REGIONS, Balance(4, 1, dt.date(2024, 2, 1), dt.date(2024, 1, 25), "EU", 5)]
    )
    assert warehouse.answer("last_made", "balance__made__month", EUROPE) == {
        (dt.date(2024, 1, 1),): 5,
        (dt.date(2024, 2, 1),): 100,
    }
    until = "{{ TimeDimension('balance__made', 'day') }} <= '2024-01-31'"
    found = warehouse.answer("last_made", "", f"{EUROPE} and {until}")
    assert found == {(): 5}


def test_which_days_and_which_rows_in_one_condition(warehouse: Warehouse) -> None:
    with pytest.raises(MetricsStoreError, match="in one breath"):
        warehouse.answer("last", "metric_time__month", f"{EUROPE} or {ON_TIME}")


def test_accumulated_it_is_the_last_day_up_to_each_day(warehouse: Warehouse) -> None:
    warehouse.fill(
        [*TWO_REGIONS, Balance(4, 1, dt.date(2024, 2, 17), dt.date(2024, 2, 1), "EU", 7)]
    )
    by = "metric_time__day balance__region"
    found = {
        (day.day, region): value
        for (day, region), value in warehouse.answer("rolling_of_last", by).items()
    }
    # Of the last seven days, the last that has a row in any region.
    first = {(day, region): value for day in (14, 15, 16) for region, value in TOGETHER}
    second = {(day, "EU"): 7 for day in range(17, 24)}
    third = {(day, "US"): 20 for day in (29, 1, 2, 3, 4, 5, 6)}
    assert found == {**first, **second, **third}
    assert warehouse.answer("rolling_of_last", by, plain=True) != warehouse.answer(
        "rolling_of_last", by
    )
    europe = warehouse.answer("rolling_of_last", by, EUROPE)
    assert {(day.day, value) for (day, _), value in europe.items()} == {
        *((day, 100) for day in (14, 15, 16)),
        *((day, 7) for day in range(17, 24)),
    }


TOGETHER = [("EU", 100), ("US", 10)]
