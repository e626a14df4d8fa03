"""The grains of time a metric is meant for, where its `config.meta.grains` says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.resolution.name_resolver import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.query.planner import Planner


def check_grain(planner: Planner, metric: PydanticMetric, group_by: str) -> None:
    """Refuse a metric by a grain that it is not meant for.

    Args:
        planner: Knows the definitions.
        metric: The metric; without `config.meta.grains` it has all but those that its
            `config.meta.not_by` names.
        group_by: What it is asked by; only its own time, `metric_time`, is limited.

    Raises:
        MetricsStoreError: The grain is not one of the metric's.
    """
    time, _, said = group_by.lower().partition("__")
    if time != METRIC_TIME:
        return
    grain = said or planner.default_grain(metric.name)
    grains = (metric.config.meta if metric.config else {}).get("grains")
    reason = planner.exclusions.reason_of_grain(metric.name, grain)
    if reason is None and (not grains or grain in grains):
        return
    raise MetricsStoreError(
        f"{metric.name} has no meaning by {grain}" + (f": {reason.rstrip('.')}" if reason else ""),
        where=group_by,
        expected="one of " + ", ".join(_names(grains)) if grains else "",
    )


def _names(grains: Iterable[str]) -> list[str]:
    return [f"{METRIC_TIME}__{grain}" for grain in grains]
