"""Times that answers are grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.resolution.name_resolver import known_grains
from metrics_store.query.resolution.order_resolver import group_bys_of

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner


def time_columns(planner: Planner, request: MetricRequest) -> tuple[str, ...]:
    """Give the columns of a checked request's answer that are times by a grain."""
    metrics, group_bys = request.metrics, request.group_by
    for saved in planner.manifest.saved_queries:
        if saved.name == request.saved_query:
            metrics = saved.query_params.metrics
            group_bys = group_bys_of(saved.query_params)
    if not group_bys:
        return ()
    kinds = planner.kinds(metrics[0]) if metrics else planner.all_kinds()
    grains = known_grains(planner.manifest)
    found = []
    for group_by in map(str.lower, group_bys):
        path, _, grain = group_by.rpartition("__")
        if kinds.get(group_by) is Kind.TIME_DIMENSION:
            found.append(f"{group_by}__{planner.time_grains(metrics, group_by).default}")
        elif kinds.get(path) is Kind.TIME_DIMENSION and grain in grains:
            found.append(group_by)
    return tuple(found)
