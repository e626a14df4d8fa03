"""An error about a component of a metric, with the name of the requested metric."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.errors import MetricsStoreError

_WORD = re.compile(r"\w+")


def with_requested_metrics(
    error: MetricsStoreError, requested: Collection[str], declared: Mapping[str, PydanticMetric]
) -> MetricsStoreError:
    """Give an error that names a metric of the request.

    Args:
        error: May name only components of the requested metrics.
        requested: The metrics of the request.
        declared: All metrics by name.
    """
    named = set(_WORD.findall(f"{error.what} {error.where}"))
    if named & set(requested):
        return error
    having = [one for one in requested if named & _components(declared[one], declared)]
    if not having:
        return error
    what = f"{error.what} (asked for by {', '.join(having)})"
    return type(error)(
        what,
        where=error.where,
        expected=error.expected,
        remedy=error.remedy,
        detail=error.detail,
    )


def _components(metric: PydanticMetric, declared: Mapping[str, PydanticMetric]) -> set[str]:
    """Give the components of a metric."""
    inputs = MetricLookup.metric_inputs(metric, include_conversion_metric_input=True)
    return {one.name for one in inputs}.union(
        *(_components(declared[one.name], declared) for one in inputs)
    )
