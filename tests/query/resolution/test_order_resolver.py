"""Rows come in one order only: that of the request or the saved query, then of the group-bys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.object_parser import saved_order
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from metrics_store.query.plans.plan_builder import build_plan

if TYPE_CHECKING:
    from metrics_store.query.metric_store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")

MONTH, STATUS = "metric_time__month", "order__status"


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (["-revenue"], ("-revenue", MONTH, STATUS)),
        ([f"-{STATUS}"], (f"-{STATUS}", MONTH)),
        (["-metric_time"], (f"-{MONTH}", STATUS)),
        (["Order__Status", "revenue"], (STATUS, "revenue", MONTH)),
        ([], ()),
    ],
)
def test_rows_that_are_equal_come_in_the_order_of_their_group_bys(
    order_by: list[str], expected: tuple[str, ...], store: MetricStore
) -> None:
    known = store.planner.resolve(MetricRequest(["revenue"], [MONTH, STATUS], order_by))
    assert known.order_by == expected


def _answer(store: MetricStore, order_by: list[str], request: MetricRequest) -> list[object]:
    """Answer where the saved query has an order and a limit of its own."""
    manifest = store.planner.manifest.copy(deep=True)
    [saved] = manifest.saved_queries
    saved.query_params.order_by = order_by
    saved.query_params.limit = 2
    plan = build_plan(Planner(manifest, "duckdb"), request)
    found = store.read(plan.fill(request, {}))
    return found["revenue"].to_pylist()


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (["Metric('revenue').descending(True)"], ["99.90", "30.50"]),
        (["-revenue"], ["99.90", "30.50"]),
        (["Metric('revenue')"], ["5.25", "30.50"]),
        (["-TimeDimension('metric_time', 'month')"], ["5.25", "30.50"]),
        (["Dimension('order__status').descending(True)"], ["99.90", "30.50"]),
        ([], ["30.50", "99.90"]),
    ],
)
def test_a_saved_query_has_its_own_order(
    order_by: list[str], expected: list[str], store: MetricStore
) -> None:
    found = _answer(store, order_by, MetricRequest(saved_query="revenue_by_status"))
    assert list(map(str, found)) == expected


def test_a_request_has_another_order_than_its_saved_query(store: MetricStore) -> None:
    request = MetricRequest(saved_query="revenue_by_status", order_by=["revenue"], limit=1)
    assert list(map(str, _answer(store, ["-revenue"], request))) == ["5.25"]


def test_what_is_nothing_to_order_by() -> None:
    with pytest.raises(MetricsStoreError, match="something else than is expected"):
        saved_order("Metric('revenue').ascending(True)")
