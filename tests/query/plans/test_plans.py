"""A plan filled with values is the SQL that MetricFlow gives for them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Comparison, Name, Operator, marker_text
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.plans.plan import Plan, request_shape
from metrics_store.query.plans.plan_builder import build_plan
from metrics_store.query.resolution.order_resolver import with_saved_order

if TYPE_CHECKING:
    from metrics_store.query.metric_store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")

JANUARY, MARCH = dt.datetime(2024, 1, 10), dt.datetime(2024, 3, 5)
NIGHT = dt.datetime(2024, 3, 5, 23, 59, 59)


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
        MetricRequest(["revenue"], ["metric_time__year"], end_time=MARCH),
        MetricRequest(saved_query="revenue_by_status", start_time=JANUARY),
        dataclasses.replace(_where("order__status = 'paid'"), start_time=JANUARY, end_time=NIGHT),
    ],
    ids=repr,
)
def test_filled_it_is_what_planning_gives(request_: MetricRequest, store: MetricStore) -> None:
    plan = build_plan(store.planner, request_)
    in_order = with_saved_order(store.planner.manifest, request_)
    assert plan.fill(request_, {}) == store.planner.plan(in_order)
    assert marker_text("") not in plan.fill(request_, {})


@pytest.mark.parametrize("group_by", [[], ["metric_time__day"], ["metric_time__quarter"]])
def test_start_and_end_are_days_whatever_is_grouped_by(
    group_by: list[str], store: MetricStore
) -> None:
    request = MetricRequest(["revenue"], group_by, start_time=JANUARY, end_time=MARCH)
    trial = dataclasses.replace(request, start_time=MARCH, end_time=dt.datetime(9999, 12, 31))
    assert request_shape(trial) == request_shape(request)
    days = "metric_time__day >= date '2024-01-10' and metric_time__day <= date '2024-03-05'"
    table = store.read(build_plan(store.planner, trial).fill(request, {}))
    said = MetricRequest(["revenue"], group_by, where=parse_filter(days))
    assert table == store.answer(said)


def test_a_time_of_day_is_refused_where_days_are_counted(store: MetricStore) -> None:
    until = MetricRequest(["revenue"], end_time=NIGHT)
    plan = build_plan(store.planner, until)
    assert "<= CAST('2024-03-05 23:59:59' AS TIMESTAMP)" in plan.fill(until, {})
    noon = MetricRequest(["revenue"], end_time=dt.datetime(2024, 3, 5, 12))
    assert request_shape(noon) == request_shape(until)
    with pytest.raises(ValueError, match="12"):
        plan.fill(noon, {})
    with pytest.raises(MetricsStoreError, match="within a day, and revenue") as refused:
        build_plan(store.planner, noon)
    assert refused.value.where == "end_time 2024-03-05 12:00:00"
    with pytest.raises(MetricsStoreError, match="begins within a day"):
        build_plan(store.planner, MetricRequest(["revenue"], start_time=NIGHT))


def test_requests_share_a_plan_where_only_values_differ() -> None:
    key = request_shape(_where("order__status = 'paid'"))
    assert request_shape(_where("order__status = 'it''s'")) == key
    for other in (
        "order__status != 'paid'",
        "order__status = 5",
        "order__status in ('paid')",
        "order__other = 'paid'",
        "not order__status = 'paid'",
    ):
        assert request_shape(_where(other)) != key
    without = MetricRequest(["revenue"])
    for request in (
        MetricRequest(["revenue"], limit=1),
        MetricRequest(["revenue"], start_time=JANUARY),
        MetricRequest(["revenue"], end_time=JANUARY),
        MetricRequest(["revenue"], ["order"]),
        MetricRequest(["revenue"], aliases=[("revenue", "money")]),
    ):
        assert request_shape(request) != request_shape(without)


def test_a_list_of_any_length_has_the_same_plan(store: MetricStore) -> None:
    one, three = _where("order in (1)"), _where("order in (1, 2, 3) and order__status != 'x'")
    two = _where("order in (7, 8) and order__status != 'y'")
    assert request_shape(three) == request_shape(two) != request_shape(one)
    assert build_plan(store.planner, two).fill(three, {}) == store.planner.plan(three)
    for kinds in ("order in (1, 'a') and order__status != 'x'", "order in (1, 2.5)"):
        assert request_shape(_where(kinds)) not in {request_shape(two), request_shape(one)}
    january, march = (_where(f"metric_time in ({days})") for days in ("'2024-01-01'", "'1', '2'"))
    with pytest.raises(ValueError, match="1"):
        build_plan(store.planner, january).fill(march, {})


def test_a_text_that_looks_like_a_marker_stays_a_text(store: MetricStore) -> None:
    first = marker_text("1")
    request = _where(f"order__status = '{first}' or order__status = ''' or 1=1 --'")
    sql = build_plan(store.planner, request).fill(request, {})
    assert f"'{first}'" in sql
    assert "'' or 1=1 --'" in sql
    assert sql.count("1=1") == 1


def test_a_time_that_is_none_is_refused(store: MetricStore) -> None:
    plan = build_plan(store.planner, _where("metric_time >= '2024-01-01'"))
    assert plan.times == ("day",)
    with pytest.raises(ValueError, match="yesterday"):
        plan.fill(_where("metric_time >= 'yesterday'"), {})
    with pytest.raises(MetricsStoreError, match="is a time"):
        build_plan(store.planner, _where("metric_time >= 'yesterday'"))
    noon = _where("metric_time >= '2024-01-01 12:00'")
    with pytest.raises(ValueError, match="12:00"):
        plan.fill(noon, {})
    with pytest.raises(MetricsStoreError, match="metric_time is compared with a time within a day"):
        build_plan(store.planner, noon)


@given(value=st.text().filter(lambda text: "\0" not in text and text.isprintable()))
def test_any_text_ends_where_it_began(value: str) -> None:
    plan = Plan(f"select 1 where a = {marker_text('0')} and b", ("",))
    where = Comparison(Name("a"), Operator.EQUAL, value)
    sql = plan.fill(MetricRequest(["revenue"], where=where), {})
    assert sql.startswith("select 1 where a = ")
    assert sql.endswith(" and b")


def test_units_are_those_of_the_columns(store: MetricStore) -> None:
    request = MetricRequest(["revenue"], aliases=[("revenue", "money")])
    assert build_plan(store.planner, request).units == {"money": ""}
    manifest = store.planner.manifest.copy(deep=True)
    [metric] = manifest.metrics
    assert metric.config is not None
    metric.config.meta["unit"] = "currency"
    planner = type(store.planner)(manifest, "duckdb")
    assert build_plan(planner, request).units == {"money": "currency"}
    saved = MetricRequest(saved_query="revenue_by_status")
    assert build_plan(planner, saved).units == {"revenue": "currency"}
