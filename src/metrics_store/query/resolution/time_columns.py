"""Times that answers are grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_time import known_grains
from metrics_store.query.resolution.requested_names import requested_group_bys, requested_metrics

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.resolution.definition_lookup import DefinitionLookup


def time_columns(lookup: DefinitionLookup, request: MetricRequest) -> tuple[str, ...]:
    """Give the columns of a resolved request's answer that are times by a grain."""
    group_bys = requested_group_bys(lookup.manifest, request)
    if not group_bys:
        return ()
    metrics = requested_metrics(lookup.manifest, request)
    kinds = lookup.kinds(metrics[0]) if metrics else lookup.all_kinds()
    grains = known_grains(lookup.manifest)
    found = []
    for group_by in map(str.lower, group_bys):
        path, _, grain = group_by.rpartition("__")
        if kinds.get(group_by) is Kind.TIME_DIMENSION:
            found.append(f"{group_by}__{lookup.time_grains(metrics, group_by).default}")
        elif kinds.get(path) is Kind.TIME_DIMENSION and grain in grains:
            found.append(group_by)
    return tuple(found)
