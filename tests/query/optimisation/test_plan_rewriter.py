"""What is rewritten answers as what is not, reads its rows once, and says so."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from metrics_store.query.planner import Planner
from query.corrections.conftest import Warehouse
from query.corrections.manifests import EUROPE, PlainPlanner, manifest, plan
from query.corrections.tables import random_table

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MARCH = "{{ TimeDimension('metric_time', 'day') }} >= '2024-03-01'"
# Metrics, group-bys, filter; rewritten all of them.
REWRITTEN = [
    ("month_to_date_last", "metric_time__month balance__region", f"{EUROPE} and {IN_MARCH}"),
    ("rolling_last", "metric_time__week balance__region", ""),
    ("rolling_first", "metric_time__week balance__region", IN_MARCH),
    ("ever_first ever_last", "metric_time__month metric_time__quarter account", IN_MARCH),
    ("month_to_date_first", "metric_time__month", ""),
    ("rolling_last", "metric_time__day", ""),
    ("rolling_last", "metric_time__day account__country", f"{EUROPE} and {IN_MARCH}"),
    ("rolling_last_filled rolling_average", "metric_time__month balance__region", ""),
    ("ever_last", "metric_time__month balance__region", f"{EUROPE} or {IN_MARCH}"),
    ("ever_last month_to_date_last", "metric_time__month account", EUROPE),
    ("rolling_last", "metric_time__month metric_time__ten_days", EUROPE),
    ("ever_month_before", "metric_time__month balance__region", ""),
    ("flows_week_before", "metric_time__month balance__region", EUROPE),
    ("europe_share", "", ""),
    ("europe_share", "balance__region", ""),
    ("europe_share mean flows_until_march", "metric_time__month account__country", ""),
    ("month_on_month flows", "metric_time__month", EUROPE),
    ("flows_everywhere flows_until_march", "metric_time__day", ""),
    ("europe_share last_in_europe flows_made", "metric_time__month", ""),
    ("mean_until_march_beside_its_offset mean", "metric_time__month", ""),
    ("flows", "metric_time__month metric_time__year", EUROPE),
    ("flows europe_share", "metric_time__week metric_time__day", IN_MARCH),
    ("last", "metric_time__month", ""),
    ("last", "metric_time__day balance__region", EUROPE),
    ("last", "metric_time__month account__country", IN_MARCH),
    ("last", "metric_time__month metric_time__day account__country", ""),
    ("last", "metric_time__month metric_time__quarter balance__region", f"{EUROPE} and {IN_MARCH}"),
    ("last", "account__country", ""),
    ("last first", "account__country balance__region", EUROPE),
]
UNTOUCHED = [
    ("flows", "metric_time__month balance__region", EUROPE),
    ("flows", "metric_time__day", ""),
    ("flows", "metric_time__month metric_time__ten_days", ""),
    ("last", "account", ""),
    ("last", "account__country", IN_MARCH),
    ("last", "metric_time__week metric_time__quarter", ""),
    ("rolling_of_last", "metric_time__day", ""),
]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def planners() -> tuple[Planner, Planner]:
    return Planner(manifest(), "duckdb"), Planner(manifest(), "duckdb", optimise=False)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[Any], list[Any]]:
    found = connection.execute(sql)
    types = [(name, str(kind)) for name, kind, *_ in found.description or ()]
    return types, sorted(found.fetchall(), key=repr)


@pytest.mark.parametrize("seed", range(3))
def test_answers_stay_the_same(
    seed: int, connection: duckdb.DuckDBPyConnection, planners: tuple[Planner, Planner]
) -> None:
    fast, plain = planners
    warehouse = Warehouse(fast, PlainPlanner(manifest(), "duckdb"), connection.execute, "?")
    warehouse.fill(random_table(seed))
    for question in REWRITTEN:
        for times in ({}, {"start": dt.datetime(2024, 2, 1), "end": dt.datetime(2024, 2, 20)}):
            if times and "metric_time" not in question[1]:
                continue
            asked = plan(fast, *question, **times), plan(plain, *question, **times)
            assert asked[0] != asked[1], question
            assert _rows(connection, asked[0]) == _rows(connection, asked[1]), (question, times)


def test_what_gains_nothing_stays_as_it_is(planners: tuple[Planner, Planner]) -> None:
    fast, plain = planners
    for question in UNTOUCHED:
        assert plan(fast, *question) == plan(plain, *question)


def test_metrics_with_different_filters_read_their_rows_once(
    planners: tuple[Planner, Planner],
) -> None:
    fast, _ = planners
    sql = plan(fast, "europe_share row_count flows_until_march", "account__country")
    assert sql.count("main.balances") == sql.count("JOIN\n      main.accounts") == 1
    assert sql.count("sma_") == 0


def test_days_are_summed_before_they_are_joined_to_days(
    planners: tuple[Planner, Planner],
) -> None:
    fast, _ = planners
    sql = plan(fast, "rolling_last", "metric_time__day", EUROPE)
    joined = sql.index("INNER JOIN")
    assert joined < sql.index("main.balances") < sql.index("GROUP BY") < sql.index("INTERVAL")


@pytest.mark.parametrize(
    ("metric", "period", "is_at_ends"),
    [
        ("ever_last", "month", True),
        ("ever_first", "quarter", True),
        ("month_to_date_last", "month", True),
        ("rolling_last", "week", True),
        # Forgotten within the period, begun anew within it, or of all its days.
        ("rolling_last", "month", False),
        ("month_to_date_last", "quarter", False),
        ("ever_average_filled", "month", False),
        ("ever_last", "ten_days", False),
    ],
)
def test_only_ends_of_periods_are_accumulated_to(
    metric: str, period: str, *, is_at_ends: bool
) -> None:
    planner = Planner(manifest(), "duckdb")
    plan(planner, metric, f"metric_time__{period}")
    note = f"accumulated to the first and last days of periods only: {metric}"
    assert (note in planner.rewrites) is is_at_ends


@pytest.mark.parametrize(
    ("question", "note"),
    [
        (
            ("rolling_last", "metric_time__day"),
            "aggregated before it is joined to the days it counts on",
        ),
        (("europe_share", "balance__region"), "read once"),
        (("flows", "metric_time__month"), "grouped by day before by longer periods"),
        (("last", "metric_time__month"), "days of periods found among days"),
        (("flows", "metric_time__month balance__region"), ""),
    ],
)
def test_a_plan_says_what_was_rewritten(question: tuple[str, str], note: str) -> None:
    planner = Planner(manifest(), "duckdb")
    plan(planner, *question)
    assert [one.split(":")[0] for one in planner.rewrites] == ([note] if note else [])
