"""Builds a plan: MetricFlow plans a request once for all values."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from metrics_store.query.filters.comparison_times import fits_of
from metrics_store.query.filters.filter_tree import All
from metrics_store.query.plans.period_notices import period_notices
from metrics_store.query.plans.plan import Plan
from metrics_store.query.plans.plan_parameters import extract_parameters
from metrics_store.query.plans.whole_periods import condition_grains, whole_periods
from metrics_store.query.resolution.order_resolver import with_saved_order
from metrics_store.query.resolution.requested_names import requested_metrics
from metrics_store.query.resolution.time_columns import time_columns

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner


def build_plan(planner: Planner, request: MetricRequest) -> Plan:
    """Plan a request for any values.

    Raises:
        MetricsStoreError: The request does not fit the definitions.
    """
    known = planner.resolve(with_saved_order(planner.manifest, request))
    conditions = [*([] if known.where is None else [known.where]), *known.conditions]
    columns = time_columns(planner, known)
    metrics = requested_metrics(planner.manifest, known)
    marked, _ = extract_parameters(All(tuple(conditions)))
    assert isinstance(marked, All)  # noqa: S101 - it gives what it was given
    template = planner.plan_resolved(
        dataclasses.replace(known, where=None, conditions=marked.parts)
    )
    rewrites = planner.rewrites
    return Plan(
        template,
        tuple(fits_of(All(tuple(conditions)))),
        _units(planner, known),
        time_columns=columns,
        notices=period_notices(planner, metrics, columns),
        whole_periods=whole_periods(planner, metrics, {*columns, *known.group_by}),
        condition_grains=condition_grains(planner, metrics, All(tuple(conditions))),
        rewrites=rewrites,
        dialect=planner.dialect,
    )


def _units(planner: Planner, request: MetricRequest) -> dict[str, str]:
    """Give the unit of each column of a metric out of its `config.meta.unit`; empty without."""
    metrics = requested_metrics(planner.manifest, request)
    aliases = dict(request.aliases)
    return {
        aliases.get(metric.name, metric.name): str(_meta(metric).get("unit", ""))
        for metric in planner.public_metrics
        if metric.name in metrics
    }


def _meta(metric: PydanticMetric) -> dict[str, Any]:
    return metric.config.meta if metric.config else {}
