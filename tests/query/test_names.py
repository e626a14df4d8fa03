"""Names that do not exist get the nearest ones; grains without meaning get those that have one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parsing import parse_filter
from metrics_store.query.planner import Planner
from metrics_store.query.request import MetricRequest

if TYPE_CHECKING:
    from metrics_store.query.store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")


def _filtered(text: str) -> MetricRequest:
    return MetricRequest(["revenue"], where=parse_filter(text))


@pytest.mark.parametrize(
    ("question", "what", "expected"),
    [
        (MetricRequest(["revenu"]), "no such metric", "revenue"),
        (MetricRequest(["revenue"], ["order__statu"]), "by this name", "order__status"),
        (MetricRequest(["revenue"], ["metric_time__mont"]), "no such grain", "month"),
        (MetricRequest(["revenue"], ["order__status__day"]), "by this name", "order__status"),
        (MetricRequest(["revenue"], ["order__day"]), "by this name", "order"),
        (MetricRequest(["revenue"], order_by=["-revenu"]), "ordered only", "revenue"),
        (
            MetricRequest(["revenue"], ["metric_time__month"], ["metric_time__week"]),
            "ordered only",
            "metric_time__month",
        ),
        (MetricRequest(saved_query="revenue_status"), "no such saved query", "revenue_by_status"),
        (_filtered("order__stat = 'x'"), "by this name", "order__status"),
        (_filtered("{{ Dimension('order__stat') }} = 'x'"), "by this name", "order__status"),
        (_filtered("{{ Entity('orders') }} = 1"), "by this name", "order"),
        (_filtered("metric_time__mnth = '2024-01-01'"), "no such grain", "month"),
        (_filtered("{{ Dimension('order') }} = 1"), "an entity, not a dimension", ""),
        (_filtered("{{ Entity('order__status') }} = 'x'"), "a dimension, not an entity", ""),
        (_filtered("{{ TimeDimension('order__status') }} = 'x'"), "not a time dimension", ""),
        (_filtered("{{ Dimension('order__status').grain('day') }} = 'x'"), "is no time", ""),
        (_filtered("metric_time = 'paid'"), "is a time", "2024-01-31"),
        (_filtered("metric_time in (1)"), "is a time", "2024-01-31"),
        (_filtered("metric_time between true and false"), "is a time", "2024-01-31"),
        (_filtered("metric_time like '2024%'"), "no pattern", ""),
        (_filtered("not metric_time"), "neither true nor false", ""),
        (MetricRequest(["revenue"], ["metric_time__extract_dox"]), "no such part", "dow"),
        (MetricRequest(["revenue"], ["order__status__extract_dow"]), "only a time", ""),
        (MetricRequest(["revenue"], ["metric_time__month__extract_dow"]), "only a time", ""),
        (MetricRequest(["revenue", "revenue"]), "asked for twice", ""),
        (
            MetricRequest(saved_query="revenue_by_status", group_by=["order"]),
            "group-bys of its own",
            "",
        ),
        (MetricRequest(["revenue"], aliases=[("profit", "x1")]), "not asked for", ""),
        (MetricRequest(["revenue"], aliases=[("revenue", "a b")]), "alias", ""),
        (MetricRequest(["revenue"], aliases=[("revenue", "x__y")]), "alias", ""),
        (
            MetricRequest(["revenue"], ["order"], aliases=[("revenue", "order")]),
            "the same name",
            "",
        ),
        (
            MetricRequest(
                ["revenue"], start_time=dt.datetime(2024, 2, 1), end_time=dt.datetime(2024, 1, 1)
            ),
            "ends before it starts",
            "",
        ),
        (_filtered("{{ Metric('profit', ['order']) }} > 1"), "no such metric", ""),
        (_filtered("{{ Metric('revenue', ['order__status']) }} > 1"), "by entities only", "order"),
        (MetricRequest(["revenue"], ["order__status) or (1=1"]), "characters that names", ""),
        (MetricRequest(["revenue"], ["Dimension('order__status')"]), "characters", ""),
        (MetricRequest(), "nothing is asked", ""),
    ],
)
def test_a_wrong_name_gets_the_nearest(
    question: MetricRequest, what: str, expected: str, store: MetricStore
) -> None:
    with pytest.raises(MetricsStoreError, match=what) as refused:
        store.planner.plan(question)
    assert expected in refused.value.expected


def test_what_metricflow_refuses_is_said_in_a_sentence(store: MetricStore) -> None:
    with pytest.raises(MetricsStoreError, match="cannot be answered") as refused:
        store.planner.plan(MetricRequest(["revenue"], ["metric_time__hour"]))
    assert "does not match" in refused.value.where
    assert "\n" not in refused.value.where
    assert len(refused.value.where) <= 300


@pytest.fixture
def limited(store: MetricStore) -> Planner:
    manifest = store.planner.manifest.copy(deep=True)
    [revenue] = [metric for metric in manifest.metrics if metric.name == "revenue"]
    revenue.config.meta["grains"] = ["month", "quarter"]
    return Planner(manifest, "duckdb")


@pytest.mark.parametrize("group_by", ["metric_time__day", "metric_time__year", "metric_time"])
def test_a_grain_that_a_metric_is_not_meant_for(
    group_by: str, limited: Planner, store: MetricStore
) -> None:
    question = MetricRequest(["revenue"], [group_by])
    with pytest.raises(MetricsStoreError, match="revenue has no meaning by") as refused:
        limited.plan(question)
    assert refused.value.expected == "one of metric_time__month, metric_time__quarter"
    assert store.planner.plan(question)


@pytest.mark.parametrize("group_by", ["metric_time__month", "order__ordered_on__day"])
def test_a_grain_that_it_is_meant_for(group_by: str, limited: Planner) -> None:
    assert limited.plan(MetricRequest(["revenue"], [group_by]))
    daily = parse_filter("metric_time__day >= '2024-01-02'")
    assert limited.plan(MetricRequest(["revenue"], [group_by], where=daily))
