"""The whole periods that metrics with an offset have, also where a request cuts its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.references import MetricReference
from metricflow_semantic_interfaces.type_enums import TimeGranularity
from metricflow_semantics.specs.time_window import TimeWindow

from metrics_store.query.corrections.offsets.moved_periods import Offset, whole_period
from metrics_store.query.filters.filter_tree import Filter, Kind, name_of
from metrics_store.query.plans.cut_periods import predicates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from metricflow_semantic_interfaces.protocols.metric import Metric, MetricInput
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec

    from metrics_store.query.planner import Planner

_STANDARD = {grain.value for grain in TimeGranularity}
# Periods of a project's own are not known here: what cuts no month is taken to cut none of them,
# and what is said of them is said under an if.
_OF_CUSTOM = "month"


def whole_periods(
    planner: Planner, metrics: Iterable[str], columns: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Give the periods that some metrics have whole, each with what an answer says if one is cut.

    Args:
        planner: Knows the definitions.
        metrics: The metrics that are requested.
        columns: What they are grouped by.
    """
    grouped_by = tuple(columns)
    found: dict[tuple[str, str], None] = {}
    for name in metrics:
        times = _times(planner, name)
        periods = [times[column] for column in grouped_by if column in times]
        metric = _metric(planner, name)
        compares = any(offset is None for offset in _offsets(planner, metric))
        for offset in filter(None, _offsets(planner, metric)):
            grain = _grain(offset, periods) if periods else None
            if grain is not None:
                found[_notice(name, grain, compares=compares)] = None
    return tuple(found)


def condition_grains(
    planner: Planner, metrics: Sequence[str], conditions: Filter
) -> tuple[str, ...]:
    """Say of each condition the grain of the metrics' own time that it is on; empty of others."""
    times = {time for metric in metrics for time in _times(planner, metric)}
    found = []
    for condition in predicates(conditions):
        name = name_of(condition.term)
        grain = ""
        if name.kind is Kind.TIME_DIMENSION:
            grain = name.grain or planner.time_grains(metrics, name.path).default
        found.append(grain if f"{name.path}__{grain}" in times else "")
    return tuple(found)


def _notice(metric: str, grain: str, *, compares: bool) -> tuple[str, str]:
    whole = f"{metric} {'compares with' if compares else 'is of'} whole {grain}s"
    remedy = f"ask for whole {grain}s to compare like with like"
    if grain not in _STANDARD:
        return _OF_CUSTOM, f"{whole}; where the question leaves out days of one, {remedy}"
    if compares:
        return grain, f"{whole}, and the question leaves out a part of one: {remedy}"
    return grain, f"{whole} of another time, also where the question leaves out a part of one"


def _times(planner: Planner, metric: str) -> dict[str, TimeDimensionSpec]:
    lookup = planner.semantic_manifest_lookup.metric_lookup
    specs = lookup.get_aggregation_time_dimension_specs(MetricReference(metric))
    return {spec.dunder_name: spec for spec in specs}


def _metric(planner: Planner, name: str) -> Metric:
    lookup = planner.semantic_manifest_lookup.metric_lookup
    return lookup.get_metric(MetricReference(name))


def _offsets(planner: Planner, metric: Metric) -> Iterator[Offset | None]:
    """Give the offsets within a metric; none for each part of it that is of the time requested."""
    inputs = metric.input_metrics
    if not inputs:
        yield None
    for one in inputs:
        if one.offset_window or one.offset_to_grain:
            yield _offset(one)
        else:
            yield from _offsets(planner, _metric(planner, one.name))


def _offset(given: MetricInput) -> Offset:
    window, grain = given.offset_window, given.offset_to_grain
    return Offset(
        None if window is None else TimeWindow.create_from_dsi_time_window(window),
        None if grain is None else TimeGranularity(grain),
    )


def _grain(offset: Offset, periods: Sequence[TimeDimensionSpec]) -> str | None:
    period = whole_period(offset, periods)
    if period is not None:
        return str(period.base_granularity.value)
    if offset.moves_by_months and offset.window_grain is not None:
        return str(offset.window_grain.value)
    is_custom = offset.window is not None and offset.window_grain is None
    return offset.window.granularity if is_custom and offset.window is not None else None
