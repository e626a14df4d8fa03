"""Inputs of one metric that have one name: a ratio of a metric to a part or an earlier time of it.

MetricFlow reads both sides by their names, and so one of them twice: the ratio is always 1.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import MetricType

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.protocols.metric import Metric


def with_distinct_sides(manifest: PydanticSemanticManifest) -> PydanticSemanticManifest:
    """Give definitions in which the sides of each ratio have names of their own."""
    if not any(map(_has_equal_sides, manifest.metrics)):
        return manifest
    metrics = [_with_alias(one) if _has_equal_sides(one) else one for one in manifest.metrics]
    return manifest.copy(update={"metrics": metrics})


def check(metric: Metric) -> None:
    """Reject a metric whose formula uses one name for two inputs.

    Raises:
        MetricsStoreError: It does.
    """
    names = Counter(one.post_aggregation_reference.element_name for one in metric.input_metrics)
    for name, count in names.items():
        if count > 1:
            raise MetricsStoreError(
                f"the formula of {metric.name} uses one name for {count} of its inputs",
                where=name,
                expected="an alias for each input that has the name of another",
                remedy="give the inputs an alias each, and use these in its expr",
            )


def _has_equal_sides(metric: PydanticMetric) -> bool:
    if metric.type is not MetricType.RATIO:
        return False
    sides = metric.type_params.numerator, metric.type_params.denominator
    return len({one.post_aggregation_reference for one in sides if one is not None}) == 1


def _with_alias(metric: PydanticMetric) -> PydanticMetric:
    numerator = metric.type_params.numerator
    assert numerator is not None  # noqa: S101 - MetricFlow has refused a ratio without it
    # No metric has such a name: people's have no two underscores in them.
    renamed = numerator.copy(update={"alias": f"{metric.name}__numerator"})
    params = metric.type_params.copy(update={"numerator": renamed})
    return metric.copy(update={"type_params": params})
