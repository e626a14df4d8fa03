"""An error about what a metric is made of, told of the metric that was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.errors import MetricsStoreError

_WORD = re.compile(r"\w+")


def told_of_asked_metrics(
    error: MetricsStoreError, asked: Collection[str], declared: Mapping[str, PydanticMetric]
) -> MetricsStoreError:
    """Give an error that names a metric of the question.

    Args:
        error: May name only what the metrics of the question are made of.
        asked: The metrics of the question.
        declared: All metrics by name.
    """
    named = set(_WORD.findall(f"{error.what} {error.where}"))
    if named & set(asked):
        return error
    made_of = [one for one in asked if named & _inputs(declared[one], declared)]
    if not made_of:
        return error
    what = f"{error.what} (asked for by {', '.join(made_of)})"
    return type(error)(
        what,
        where=error.where,
        expected=error.expected,
        remedy=error.remedy,
        detail=error.detail,
    )


def _inputs(metric: PydanticMetric, declared: Mapping[str, PydanticMetric]) -> set[str]:
    """Give what a metric is made of, at any depth."""
    inputs = MetricLookup.metric_inputs(metric, include_conversion_metric_input=True)
    return {one.name for one in inputs}.union(
        *(_inputs(declared[one.name], declared) for one in inputs)
    )
