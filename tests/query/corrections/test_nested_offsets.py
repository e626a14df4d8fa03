"""A metric of several inputs, or accumulated, or of conversions, of another time."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.planner import Planner
from query.corrections.manifests import EUROPE, manifest
from query.corrections.tables import COUNTRIES, DAYS, Balance, Key, key_of, random_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from query.corrections.conftest import Warehouse

pytestmark = pytest.mark.xdist_group("corrections")

JANUARY, FEBRUARY, MARCH, APRIL = (dt.date(2024, month, 1) for month in (1, 2, 3, 4))
SINCE_MARCH = "{{ TimeDimension('metric_time', 'day') }} >= '2024-03-01'"
REGION = "{{ Dimension('balance__region') }}"
ALWAYS = f"({REGION} = 'EU' or {REGION} != 'EU' or {REGION} is null)"
NOT_FRANCE = "{{ Dimension('account__country') }} != 'FR'"


def _month_later(asked: dt.date, day: dt.date) -> bool:
    return (asked.year * 12 + asked.month) - (day.year * 12 + day.month) == 1


def _quarter_later(asked: dt.date, day: dt.date) -> bool:
    return asked.year == day.year and (asked.month - 1) // 3 - (day.month - 1) // 3 == 1


def _day_of_the_month_before(asked: dt.date, day: dt.date) -> bool:
    """Say it as both engines do: a month before 31 March is the last of February."""
    last = asked.replace(day=1) - dt.timedelta(days=1)
    return day == last.replace(day=min(asked.day, last.day))


def _seven_days_later(asked: dt.date, day: dt.date) -> bool:
    return asked - day == dt.timedelta(days=7)


def _week_later(asked: dt.date, day: dt.date) -> bool:
    return asked.isocalendar().week - day.isocalendar().week == 1


def _mean_moved(
    table: Iterable[Balance],
    group_by: str,
    moves: Callable[[dt.date, dt.date], bool],
    *,
    holds: Callable[[Balance], bool] = lambda _: True,
    on_day: Callable[[dt.date], bool] = lambda _: True,
) -> dict[Key, float]:
    found: dict[Key, set[Balance]] = defaultdict(set)
    for row in filter(holds, table):
        for asked in filter(on_day, DAYS):
            if moves(asked, row.day):
                found[key_of(group_by, row, asked)].add(row)
    return {
        key: round(sum(row.amount for row in rows) / len(rows), 6) for key, rows in found.items()
    }


WHERES = {
    "": {},
    ALWAYS: {},
    EUROPE: {"holds": lambda row: row.region == "EU"},
    f"{NOT_FRANCE} and {SINCE_MARCH}": {
        "holds": lambda row: COUNTRIES[row.account] == "DE",
        "on_day": lambda day: day >= MARCH,
    },
}
QUESTIONS = [
    ("mean_month_before", "metric_time__month", _month_later),
    ("mean_month_before", "metric_time__month balance__region", _month_later),
    ("mean_month_before", "balance__as_of__month account__country", _month_later),
    ("mean_month_before", "metric_time__month metric_time__quarter", _month_later),
    ("mean_month_before", "metric_time__quarter balance__region", _month_later),
    ("mean_month_before", "metric_time__extract_month", _month_later),
    ("mean_month_before", "metric_time__day metric_time__ten_days", _day_of_the_month_before),
    ("mean_three_months_before", "metric_time__quarter", _quarter_later),
    ("mean_week_before", "metric_time__week", _week_later),
    ("mean_week_before", "metric_time__month balance__region", _seven_days_later),
    ("mean_week_before", "metric_time__week metric_time__month", _seven_days_later),
    ("mean_week_before", "metric_time__ten_days", _seven_days_later),
]


def test_a_ratio_against_the_rows(warehouse: Warehouse) -> None:
    table = random_table(1, rows=40)
    warehouse.fill(table)
    for metric, group_by, moves in QUESTIONS:
        for where, conditions in WHERES.items():
            right = _mean_moved(table, group_by, moves, **conditions)  # type: ignore[arg-type]
            assert warehouse.answer(metric, group_by, where) == right, (metric, group_by, where)


FLOWS = [
    Balance(1, 1, dt.date(2024, 1, 31), dt.date(2024, 1, 1), "EU", 100),
    Balance(2, 1, dt.date(2024, 2, 10), dt.date(2024, 1, 1), "EU", 50),
    Balance(3, 2, dt.date(2024, 2, 20), dt.date(2024, 1, 1), "US", 150),
    Balance(4, 1, dt.date(2024, 3, 5), dt.date(2024, 1, 1), "EU", 40),
]
MONTH = "metric_time__month"


def test_a_filter_that_is_always_true_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    right = {(FEBRUARY,): 100, (MARCH,): 100, (APRIL,): 40}
    # MetricFlow gives the greatest of the regions' means.
    assert warehouse.answer("mean_month_before", MONTH, plain=True) == right
    assert warehouse.answer("mean_month_before", MONTH) == right
    assert warehouse.answer("mean_month_before", MONTH, ALWAYS) == right


def test_two_inputs_of_the_month_before(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    # MetricFlow gives each row once for each day of its month.
    with pytest.raises(AssertionError):
        warehouse.answer("mean_of_the_month_before", MONTH, plain=True)
    right = {(FEBRUARY,): 100, (MARCH,): 100, (APRIL,): 40}
    assert warehouse.answer("mean_of_the_month_before", MONTH) == right


def test_an_offset_of_an_offset(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    assert warehouse.answer("mean_two_months_before", MONTH, ALWAYS) == {
        (MARCH,): 100,
        (APRIL,): 100,
    }
    with pytest.raises(MetricsStoreError, match="cannot be moved"):
        warehouse.answer("mean_two_months_before", "metric_time__quarter")


def test_times_do_not_cut_what_is_compared_with(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    times = {"start": dt.datetime(2024, 3, 10), "end": dt.datetime(2024, 3, 12)}
    day = "metric_time__day"
    days = [dt.date(2024, 3, number) for number in (10, 11, 12)]
    assert warehouse.answer("ever_week_before", day, **times) == dict.fromkeys(
        ((one,) for one in days), 300
    ) | {(days[2],): 340}
    assert warehouse.answer("ever_of_month_start", day, **times) == dict.fromkeys(
        ((one,) for one in days), 300
    )
    march = {"start": dt.datetime(2024, 3, 1), "end": dt.datetime(2024, 3, 31)}
    assert warehouse.answer("mean_month_before", MONTH, **march) == {(MARCH,): 100}


def test_the_start_of_a_month(warehouse: Warehouse) -> None:
    first, second = dt.date(2024, 3, 1), dt.date(2024, 3, 2)
    warehouse.fill([*FLOWS, Balance(5, 2, first, first, "US", 7)])
    days = f"{SINCE_MARCH} and {{{{ TimeDimension('metric_time', 'day') }}}} <= '2024-03-02'"
    assert warehouse.answer("mean_of_month_start", "metric_time__day", f"{days} and {ALWAYS}") == {
        (first,): 7,
        (second,): 7,
    }
    # Of a longer period, and of a week, it is the first day of the month in which that begins.
    assert warehouse.answer("mean_of_month_start", "metric_time__week", SINCE_MARCH) == {
        (dt.date(2024, 3, number),): 7 for number in (4, 11, 18, 25)
    }
    with pytest.raises(MetricsStoreError, match="cannot be moved"):
        warehouse.answer("mean_of_month_start", "metric_time__ten_days")


def test_a_filter_on_time_in_a_definition_is_on_the_time_of_the_rows(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    for metric, right in (
        ("flows_until_march_month_before", {(FEBRUARY,): 100, (MARCH,): 200}),
        ("mean_until_march_month_before", {(FEBRUARY,): 100, (MARCH,): 100, (APRIL,): None}),
        ("mean_until_march_beside_its_offset", {(FEBRUARY,): 100, (MARCH,): 100}),
    ):
        assert warehouse.answer(metric, MONTH) == right, metric
        since = {key: value for key, value in right.items() if key[0] >= MARCH}
        assert warehouse.answer(metric, MONTH, SINCE_MARCH) == since, metric
    with pytest.raises(MetricsStoreError, match="cannot be moved"):
        warehouse.answer("flows_until_march_month_before", "metric_time__quarter")


def test_an_offset_by_a_custom_grain(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    assert warehouse.answer("mean_ten_days_before", "metric_time__ten_days", ALWAYS) == {
        ("2024-02-0",): 100,
        ("2024-02-2",): 50,
        ("2024-03-0",): 150,
        ("2024-03-1",): 40,
    }
    for group_by in ("metric_time__day", MONTH, "metric_time__ten_days metric_time__day"):
        with pytest.raises(MetricsStoreError, match="cannot be moved"):
            warehouse.answer("mean_ten_days_before", group_by)


@pytest.mark.parametrize(
    "group_by",
    ["metric_time__week", "metric_time__ten_days", "metric_time__month metric_time__week"],
)
def test_periods_that_are_not_made_of_months(group_by: str, warehouse: Warehouse) -> None:
    for metric in ("mean_month_before", "flows_month_before"):
        with pytest.raises(MetricsStoreError, match="cannot be moved") as raised:
            warehouse.answer(metric, group_by)
        assert raised.value.remedy == "ask by day, month, quarter or year"


def test_which_days_and_which_rows_in_one_condition(warehouse: Warehouse) -> None:
    for metric in ("mean_month_before", "mean_two_months_before", "ever_month_before"):
        with pytest.raises(MetricsStoreError, match="in one breath"):
            warehouse.answer(metric, MONTH, f"{EUROPE} or {SINCE_MARCH}")


def test_a_ratio_of_a_metric_to_itself(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    # MetricFlow divides one side by itself.
    assert warehouse.answer("europe_share", plain=True) == {(): 1}
    assert warehouse.answer("europe_share") == {(): round(190 / 340, 6)}
    assert warehouse.answer("europe_share", MONTH) == {
        (JANUARY,): 1,
        (FEBRUARY,): 0.25,
        (MARCH,): 1,
    }
    assert warehouse.answer("month_on_month", MONTH, ALWAYS) == {
        (JANUARY,): None,
        (FEBRUARY,): 2,
        (MARCH,): 0.2,
        (APRIL,): None,
    }
    assert warehouse.answer("flows europe_share", MONTH) == {
        (JANUARY, 100): 1,
        (FEBRUARY, 200): 0.25,
        (MARCH, 40): 1,
    }


def test_one_name_for_two_inputs_of_a_formula(warehouse: Warehouse) -> None:
    with pytest.raises(MetricsStoreError, match="one name for 2 of its inputs"):
        warehouse.answer("one_name_for_two", MONTH)


MONTHS = {
    "node_relation": {"alias": "months", "schema_name": "main", "relation_name": "main.months"},
    "primary_column": {"name": "month_start", "time_granularity": "month"},
}


def test_periods_end_with_their_own_spine(warehouse: Warehouse) -> None:
    warehouse.fill(FLOWS)
    warehouse.execute("drop table if exists main.months")
    warehouse.execute("create table main.months (month_start date)")
    for month in (JANUARY, FEBRUARY, MARCH):
        warehouse.execute(f"insert into main.months values ({warehouse.mark})", [month])
    planner = Planner(manifest(MONTHS), warehouse.planner.dialect)
    by_months = dataclasses.replace(warehouse, planner=planner)
    for metric in ("flows_month_before", "mean_month_before", "ever_month_before"):
        # April has days, and has not begun by the spine of months.
        for where in ("", SINCE_MARCH, f"{SINCE_MARCH} and {ALWAYS}"):
            found = by_months.answer(metric, MONTH, where)
            assert max(found) == (MARCH,), (metric, where)
            assert (FEBRUARY,) not in found or not where
