"""A plan filled with values is the SQL that MetricFlow gives for them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parsing import parse_filter
from metrics_store.query.filters.tree import Comparison, Name, Operator, marker_text
from metrics_store.query.orders import in_order_of_saved_query
from metrics_store.query.plans.making import make_plan
from metrics_store.query.plans.plan import Plan, shape_of
from metrics_store.query.request import MetricRequest

if TYPE_CHECKING:
    from metrics_store.query.store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")

JANUARY, MARCH = dt.datetime(2024, 1, 10), dt.datetime(2024, 3, 5)


def _where(text: str) -> MetricRequest:
    return MetricRequest(["revenue"], where=parse_filter(text))


@pytest.mark.parametrize(
    "request_",
    [
        MetricRequest(["revenue"]),
        MetricRequest(["revenue"], ["order__status"], ["-revenue"], limit=1),
        MetricRequest(["revenue"], ["metric_time__extract_month"]),
        MetricRequest(["revenue"], aliases=[("revenue", "money")]),
        MetricRequest(saved_query="revenue_by_status"),
        MetricRequest(group_by=["order__status"]),
        _where("order__status = 'paid' and metric_time >= '2024-01-01'"),
        _where("order__status in ('paid', 'it''s', '{{ x }}') or not order between 1 and 2"),
        _where("order__status like 'p%' and metric_time__month = timestamp '2024-01-01 00:00:00'"),
        _where("{{ Metric('revenue', ['order']) }} > 50.5"),
        MetricRequest(["revenue"], start_time=JANUARY, end_time=MARCH),
        MetricRequest(["revenue"], ["metric_time__quarter"], start_time=JANUARY, end_time=MARCH),
        MetricRequest(["revenue"], ["metric_time__week"], start_time=JANUARY, end_time=MARCH),
        MetricRequest(["revenue"], ["metric_time__year"], start_time=JANUARY, end_time=MARCH),
    ],
    ids=repr,
)
def test_filled_it_is_what_planning_gives(request_: MetricRequest, store: MetricStore) -> None:
    plan = make_plan(store.planner, request_)
    in_order = in_order_of_saved_query(store.planner, request_)
    assert plan.fill(request_, {}) == store.planner.plan(in_order)
    assert marker_text("") not in plan.fill(request_, {})


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.dates(dt.date(2000, 1, 10), dt.date(2039, 12, 31)),
    days=st.integers(0, 800),
)
def test_any_days_are_widened_as_metricflow_does(
    grain: str, first: dt.date, days: int, store: MetricStore
) -> None:
    start = dt.datetime.combine(first, dt.time())
    end = min(start + dt.timedelta(days), dt.datetime(2040, 1, 1))
    request = MetricRequest(
        ["revenue"], [f"metric_time__{grain}"], start_time=min(start, end), end_time=end
    )
    trial = dataclasses.replace(request, start_time=JANUARY, end_time=MARCH)
    assert shape_of(trial).key == shape_of(request).key
    plan = make_plan(store.planner, trial)
    assert plan.fill(request, {}) == store.planner.plan(request)


def test_one_end_alone_leaves_the_other_open(store: MetricStore) -> None:
    until = MetricRequest(["revenue"], end_time=MARCH)
    since = MetricRequest(["revenue"], start_time=JANUARY)
    assert "'0001-01-01' AND '2024-03-05'" in make_plan(store.planner, until).fill(until, {})
    assert "'2024-01-10' AND '9999-12-31'" in make_plan(store.planner, since).fill(since, {})


def test_requests_share_a_plan_where_only_values_differ() -> None:
    key = shape_of(_where("order__status = 'paid'")).key
    assert shape_of(_where("order__status = 'it''s'")).key == key
    for other in (
        "order__status != 'paid'",
        "order__status = 5",
        "order__status in ('paid')",
        "order__other = 'paid'",
        "not order__status = 'paid'",
    ):
        assert shape_of(_where(other)).key != key
    without = MetricRequest(["revenue"])
    for request in (
        MetricRequest(["revenue"], limit=1),
        MetricRequest(["revenue"], start_time=JANUARY),
        MetricRequest(["revenue"], end_time=JANUARY),
        MetricRequest(["revenue"], ["order"]),
        MetricRequest(["revenue"], aliases=[("revenue", "money")]),
    ):
        assert shape_of(request).key != shape_of(without).key


def test_a_text_that_looks_like_a_marker_stays_a_text(store: MetricStore) -> None:
    first = marker_text("1")
    request = _where(f"order__status = '{first}' or order__status = ''' or 1=1 --'")
    sql = make_plan(store.planner, request).fill(request, {})
    assert f"'{first}'" in sql
    assert "'' or 1=1 --'" in sql
    assert sql.count("1=1") == 1


def test_a_time_that_is_none_is_refused(store: MetricStore) -> None:
    plan = make_plan(store.planner, _where("metric_time >= '2024-01-01'"))
    assert plan.times == (True,)
    with pytest.raises(ValueError, match="yesterday"):
        plan.fill(_where("metric_time >= 'yesterday'"), {})
    with pytest.raises(MetricsStoreError, match="is a time"):
        make_plan(store.planner, _where("metric_time >= 'yesterday'"))


@given(value=st.text().filter(lambda text: "\0" not in text and text.isprintable()))
def test_any_text_ends_where_it_began(value: str) -> None:
    plan = Plan(f"select 1 where a = {marker_text('0')} and b", (False,))
    where = Comparison(Name("a"), Operator.EQUAL, value)
    sql = plan.fill(MetricRequest(["revenue"], where=where), {})
    assert sql.startswith("select 1 where a = ")
    assert sql.endswith(" and b")


def test_units_are_those_of_the_columns(store: MetricStore) -> None:
    request = MetricRequest(["revenue"], aliases=[("revenue", "money")])
    assert make_plan(store.planner, request).units == {"money": ""}
    manifest = store.planner.manifest.copy(deep=True)
    [metric] = manifest.metrics
    assert metric.config is not None
    metric.config.meta["unit"] = "currency"
    planner = type(store.planner)(manifest, "duckdb")
    assert make_plan(planner, request).units == {"money": "currency"}
    saved = MetricRequest(saved_query="revenue_by_status")
    assert make_plan(planner, saved).units == {"revenue": "currency"}
