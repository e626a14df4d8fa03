"""Metrics that have a value only at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric


def needs_time(metric: PydanticMetric, declared: Mapping[str, PydanticMetric]) -> bool:
    """Whether a metric is rejected without `metric_time`: windows and offsets at any depth.

    Args:
        metric: The metric.
        declared: All metrics by name.
    """
    cumulative = metric.type_params.cumulative_type_params
    if cumulative is not None and (cumulative.window or cumulative.grain_to_date):
        return True
    inputs = MetricLookup.metric_inputs(metric, include_conversion_metric_input=False)
    return any(
        one.offset_window is not None
        or one.offset_to_grain is not None
        or needs_time(declared[one.name], declared)
        for one in inputs
    )
