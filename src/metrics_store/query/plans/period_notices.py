"""The notice that a value of a longer period is that of its first day, where nobody chose so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.references import MetricReference
from metricflow_semantic_interfaces.type_enums import MetricType, PeriodAggregation

from metrics_store.query.corrections.balances.accumulation import accumulation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.query.planner import Planner


def period_notices(
    planner: Planner, metrics: Iterable[str], columns: Iterable[str]
) -> tuple[str, ...]:
    """Give a notice for each requested metric that shows the value of a period's first day.

    Args:
        planner: Knows the definitions.
        metrics: The requested metrics.
        columns: The times that they are grouped by.
    """
    times_of_answer = tuple(columns)
    if not times_of_answer:
        return ()
    lookup = planner.semantic_manifest_lookup.metric_lookup
    notices = []
    for metric in metrics:
        times = {
            spec.dunder_name
            for spec in lookup.get_aggregation_time_dimension_specs(MetricReference(metric))
        }
        grains = [name.rpartition("__")[2] for name in times_of_answer if name in times]
        if grains and planner.finest_grain(metric) not in grains and _is_of_first(planner, metric):
            notices.append(
                f"{metric} by {' and '.join(grains)} is its value on the first day of each, as its "
                "period_agg says or leaves open; it is empty where nothing was counted by that day"
            )
    return tuple(notices)


def _is_of_first(planner: Planner, name: str) -> bool:
    metric = planner.semantic_manifest_lookup.metric_lookup.get_metric(MetricReference(name))
    if metric.type is MetricType.CUMULATIVE:
        return accumulation(metric).period_agg is PeriodAggregation.FIRST
    return any(_is_of_first(planner, one.name) for one in metric.input_metrics)
