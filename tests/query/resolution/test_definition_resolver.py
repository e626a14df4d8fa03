"""Names that do not exist get the nearest ones; grains without meaning get those that have one."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from metricflow_semantic_interfaces.implementations.semantic_manifest import (
    PydanticSemanticManifest,
)
from metricflow_semantics.errors.error_classes import InformativeUserError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metricflow.metricflow_errors import planning_error
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from metrics_store.query.metric_store import MetricStore

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


@pytest.mark.parametrize(
    ("question", "what", "where", "expected"),
    [
        (MetricRequest(["revenue"], ["metric_time__hour"]), "revenue is not known by hour",
         "metric_time__hour", "one of metric_time__day, metric_time__week"),
        (_filtered("metric_time__hour > '2024-01-01'"), "revenue is not known by hour",
         "metric_time__hour", "one of metric_time__day"),
        (MetricRequest(group_by=["metric_time__hour"]), "metric_time is not known by hour",
         "metric_time__hour", "one of metric_time__day"),
    ],
)  # fmt: skip
def test_a_grain_that_is_too_fine_gets_those_that_are_not(
    question: MetricRequest, what: str, where: str, expected: str, store: MetricStore
) -> None:
    with pytest.raises(MetricsStoreError, match=what) as refused:
        store.planner.plan(question)
    assert refused.value.where == where
    assert refused.value.expected.startswith(expected)


@pytest.fixture
def moved(store: MetricStore) -> Planner:
    """Give a metric that is made of one that is made of another time's."""
    content = json.loads(store.planner.manifest.json())
    [revenue] = [one for one in content["metrics"] if one["name"] == "revenue"]
    before = {"name": "revenue", "offset_window": {"count": 1, "granularity": "month"}}
    for name, expr, inner in [("inner", "before", before), ("outer", "twice", {"name": "inner"})]:
        alias = {**inner, "alias": expr}
        content["metrics"].append(
            {
                **revenue,
                "name": name,
                "type": "derived",
                "type_params": {"expr": expr, "metrics": [alias]},
            }
        )
    return Planner(parse_semantic_manifest(json.dumps(content)), "duckdb")


@pytest.mark.parametrize("group_by", [[], ["order__status"]])
def test_a_metric_that_needs_a_time_is_named_as_it_was_asked(
    group_by: list[str], moved: Planner
) -> None:
    with pytest.raises(MetricsStoreError, match=r"^outer has a value at a time only") as refused:
        moved.plan(MetricRequest(["outer", "revenue"], group_by))
    assert refused.value.expected.startswith("one of metric_time__day, metric_time__week")
    assert "group by metric_time__day" in refused.value.remedy
    assert moved.plan(MetricRequest(["outer"], ["metric_time__month"]))


def test_what_metricflow_says_besides_stays_a_detail() -> None:
    error = planning_error(
        Planner(
            PydanticSemanticManifest(semantic_models=[], metrics=[], project_configuration={}),
            "duckdb",
        ),
        MetricRequest(["revenue"], ["order__status"]),
        InformativeUserError("It is as it is (PydanticMetric(name='x'))."),
    )
    assert error.what == "revenue cannot be answered in this form"
    assert error.where == "order__status"
    assert "It is" not in error.public()
    assert error.detail == "It is as it is."


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
