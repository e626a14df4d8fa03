"""Metrics are refused by what they have no meaning by, and are not offered by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definitions import definitions_of
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from metrics_store.query.resolution.exclusions import Exclusions

if TYPE_CHECKING:
    from metrics_store.query.metric_store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")

NOT_BY = {"status": "An order has one status.", "month": "It is of a quarter."}


def _ratio(name: str, of: str, **meta: Any) -> dict[str, Any]:  # noqa: ANN401 - as in YAML
    return {
        "name": name,
        "type": "ratio",
        "type_params": {"numerator": {"name": of}, "denominator": {"name": of, "alias": "all"}},
        "config": {"meta": meta},
    }


def _manifest(store: MetricStore, **meta: Any) -> dict[str, Any]:  # noqa: ANN401 - as in YAML
    """Give the shop's definitions with more in the meta of revenue, and a share of it."""
    found: dict[str, Any] = json.loads(store.semantic_manifest.read_text(encoding="utf-8"))
    [revenue] = [one for one in found["metrics"] if one["name"] == "revenue"]
    revenue["config"] = {"meta": meta}
    found["metrics"] += [_ratio("share", "revenue"), _ratio("share_of_share", "share")]
    return found


def _planner(manifest: dict[str, Any]) -> Planner:
    return Planner(parse_semantic_manifest(json.dumps(manifest)), "duckdb")


def _refusal(planner: Planner, *asked: Any, **more: Any) -> MetricsStoreError:  # noqa: ANN401
    with pytest.raises(MetricsStoreError) as refused:
        planner.resolve(MetricRequest(*asked, **more))
    return refused.value


@pytest.mark.parametrize("metric", ["revenue", "share", "share_of_share"])
@pytest.mark.parametrize("name", ["status", "order__status", "order"])
def test_a_name_is_refused_as_a_group_and_as_a_filter(
    store: MetricStore, metric: str, name: str
) -> None:
    planner = _planner(_manifest(store, not_by={name: "An order has one status."}))
    where = parse_filter("metric_time > '2024-01-01' or order__status = 'paid'")
    for refused in (
        _refusal(planner, [metric], ["metric_time__month", "order__status"]),
        _refusal(planner, [metric], where=where),
    ):
        assert refused.what == (
            f"{metric} has no meaning by order__status: An order has one status"
        )
        assert refused.where == "order__status"
    planner.resolve(MetricRequest([metric], ["metric_time__month"]))


def test_a_grain_is_the_metrics_own(store: MetricStore) -> None:
    planner = _planner(_manifest(store, not_by=NOT_BY))
    for metrics in (["revenue"], ["share", "revenue"]):
        refused = _refusal(planner, metrics, ["metric_time__month"])
        assert refused.what == "revenue has no meaning by month: It is of a quarter"
    planner.resolve(MetricRequest(["share"], ["metric_time__month"]))
    # Another time is another thing, and a filter on a time cuts no slices.
    planner.resolve(MetricRequest(["revenue"], ["order__ordered_on__month"]))
    where = parse_filter("metric_time__month > '2024-01-01'")
    planner.resolve(MetricRequest(["revenue"], ["metric_time__quarter"], where=where))


def test_a_reason_with_the_grains_that_are_meant(store: MetricStore) -> None:
    planner = _planner(_manifest(store, not_by=NOT_BY, grains=["quarter"]))
    refused = _refusal(planner, ["revenue"], ["metric_time__month"])
    assert refused.what == "revenue has no meaning by month: It is of a quarter"
    assert refused.expected == "one of metric_time__quarter"


def test_a_saved_query_is_refused_as_its_parts_are(store: MetricStore) -> None:
    for not_by in ({"status": "An order has one status."}, {"month": "It is of a quarter."}):
        planner = _planner(_manifest(store, not_by=not_by))
        refused = _refusal(planner, saved_query="revenue_by_status")
        assert refused.what.startswith("revenue has no meaning by ")
    planner = _planner(_manifest(store, grains=["quarter"]))
    assert "by month" in _refusal(planner, saved_query="revenue_by_status").what


def test_a_metric_in_a_filter(store: MetricStore) -> None:
    planner = _planner(_manifest(store, not_by={"order": "An order is one."}))
    where = parse_filter("{{ Metric('revenue', ['order']) }} > 1")
    assert _refusal(planner, ["revenue"], where=where).what.startswith("revenue has no meaning")


def test_what_is_made_of_it_takes_a_reason_back(store: MetricStore) -> None:
    manifest = _manifest(store, not_by=NOT_BY)
    manifest["metrics"][-2]["config"] = {"meta": {"not_by": {"status": None}}}
    planner = _planner(manifest)
    planner.resolve(MetricRequest(["share", "share_of_share"], ["order__status"]))
    _refusal(planner, ["share", "revenue"], ["order__status"])


def test_it_is_not_offered(store: MetricStore) -> None:
    planner = _planner(_manifest(store, not_by=NOT_BY))
    definitions = definitions_of(planner)
    for metric in ("revenue", "share"):
        offered = {one.qualified_name for one in definitions.dimensions([metric])}
        assert "order__status" not in offered
        assert {"metric_time", "order__ordered_on"} <= offered
        assert "order__status" not in planner.group_bys(metric)
    assert "month" not in definitions.metric("revenue").grains
    assert "month" in definitions.metric("share").grains
    assert definitions.metric("share").not_by == {"status": NOT_BY["status"]}
    assert definitions.metrics_for_dimensions(["order__status"]) == []
    # A name that is nearly right gets no proposal that would be refused.
    assert "order__status" not in _refusal(planner, ["revenue"], ["order__statu"]).expected


def test_hidden_dimensions_are_not_offered_and_answer(store: MetricStore) -> None:
    manifest = _manifest(store)
    [status] = [
        one
        for model in manifest["semantic_models"]
        for one in model["dimensions"]
        if one["name"] == "status"
    ]
    status["config"] = {"meta": {"hidden": True}}
    planner = _planner(manifest)
    definitions = definitions_of(planner)
    for metrics in ([], ["revenue"]):
        assert "order__status" not in {
            one.qualified_name for one in definitions.dimensions(metrics)
        }
    assert "order__status" not in planner.listed_group_bys("revenue")
    assert "order__status" not in _refusal(planner, ["revenue"], ["order__statu"]).expected
    planner.resolve(MetricRequest(["revenue"], ["order__status"]))


def test_what_counts_once_a_period_is_not_asked_over_all_time(store: MetricStore) -> None:
    planner = _planner(_manifest(store, requires_metric_time=True))
    where = parse_filter("metric_time__month = '2024-01-01'")
    for asked in (
        MetricRequest(["revenue"]),
        MetricRequest(["share"], ["order__status"], where=where),
        MetricRequest(["share_of_share"], ["metric_time__extract_month"]),
        MetricRequest(["share_of_share"], ["order__ordered_on__month"]),
    ):
        with pytest.raises(MetricsStoreError, match="by period only, not over all time"):
            planner.resolve(asked)
    planner.resolve(MetricRequest(["share"], ["metric_time__month"], where=where))
    planner.resolve(MetricRequest(["revenue"], ["metric_time"]))
    planner.resolve(MetricRequest(saved_query="revenue_by_status"))
    assert definitions_of(planner).metric("share").requires_metric_time


@pytest.mark.parametrize("not_by", ["status", ["status"], {"status": 1}])
def test_reasons_that_cannot_be_understood(store: MetricStore, not_by: object) -> None:
    planner = _planner(_manifest(store, not_by=not_by))
    refused = _refusal(planner, ["share"], ["order__status"])
    assert refused.where == "revenue, config.meta.not_by"


def test_names_that_nothing_has(store: MetricStore) -> None:
    not_by = {"statuss": "x", "order__status": "x", "week": "x", "metric_time__day": "x"}
    manifest = parse_semantic_manifest(json.dumps(_manifest(store, not_by=not_by)))
    assert list(Exclusions(manifest).undefined_names()) == [("revenue", "statuss")]
