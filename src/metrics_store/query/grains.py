"""The grains of time a metric is meant for, where its `config.meta.grains` says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.names import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric


def check_grain(metric: PydanticMetric, group_by: str, default: str) -> None:
    """Refuse a metric by a grain that it is not meant for.

    Args:
        metric: The metric; without `config.meta.grains` it is not limited.
        group_by: What it is asked by; only its own time, `metric_time`, is limited.
        default: The grain that `metric_time` alone stands for.

    Raises:
        MetricsStoreError: The grain is not one of the metric's.
    """
    grains = (metric.config.meta if metric.config else {}).get("grains")
    time, _, grain = group_by.lower().partition("__")
    if not grains or time != METRIC_TIME or (grain or default) in grains:
        return
    raise MetricsStoreError(
        f"{metric.name} has no meaning by {grain or default}",
        where=group_by,
        expected="one of " + ", ".join(_names(grains)),
    )


def _names(grains: Iterable[str]) -> list[str]:
    return [f"{METRIC_TIME}__{grain}" for grain in grains]
