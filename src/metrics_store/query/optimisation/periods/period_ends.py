"""Accumulates to the days that a period's value comes from, where MetricFlow does to every day.

The value of a month is that of its first or last day. A slice that has a row on any day of the
month has one on its first or last, if what is accumulated is not forgotten within the month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)
from metricflow.dataflow.nodes.compute_metrics import ComputeMetricsNode
from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow_semantic_interfaces.type_enums import PeriodAggregation, TimeGranularity

from metrics_store.query.corrections.balances.accumulation import Accumulation, accumulation
from metrics_store.query.corrections.period_hierarchy import finest, grain_lies_within
from metrics_store.query.optimisation.periods.period_ends_join import PeriodEndsJoinNode
from metrics_store.query.optimisation.whole_sums import WholeSumsNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec

_PASSED = (
    ComputeMetricsNode,
    AggregateSimpleMetricInputsNode,
    WholeSumsNode,
    SelectorNode,
    WhereFilterNode,
)
# The most days that a period has.
_DAYS = {
    TimeGranularity.DAY: 1,
    TimeGranularity.WEEK: 7,
    TimeGranularity.MONTH: 31,
    TimeGranularity.QUARTER: 92,
    TimeGranularity.YEAR: 366,
}
_MONTHS = {TimeGranularity.MONTH: 1, TimeGranularity.QUARTER: 3, TimeGranularity.YEAR: 12}


def at_period_ends(node: WindowReaggregationNode, lookup: MetricLookup) -> DataflowPlanNode | None:
    """Give a node of the values of periods over fewer days; none where all of them are needed."""
    path: list[DataflowPlanNode] = [node]
    while type(path[-1].parent_nodes[0]) in _PASSED:
        path.append(path[-1].parent_nodes[0])
    join = path[-1].parent_nodes[0]
    if type(join) is not JoinOverTimeRangeNode:
        return None
    metric = accumulation(lookup.get_metric(node.metric_spec.reference))
    given = set(join.queried_agg_time_dimension_specs)
    times = lookup.get_aggregation_time_dimension_specs(node.metric_spec.reference)
    periods = [spec for spec in node.partition_by_specs if spec in times]
    period = finest(periods)
    conditions = _on_days(path, given)
    if (
        period is None
        or conditions is None
        or not given.issuperset(periods)
        or any(spec.has_custom_grain or spec.date_part for spec in periods)
        or node.order_by_spec not in given
        or not _is_known_at_ends(metric, period, join.window)
    ):
        return None
    only_last = metric.period_agg is PeriodAggregation.LAST and join.window is None
    found: DataflowPlanNode = PeriodEndsJoinNode.in_place_of(
        join, day=node.order_by_spec, period=period, conditions=conditions, only_last=only_last
    )
    for one in reversed(path):
        found = one.with_new_parents((found, *one.parent_nodes[1:]))
    return found


def _on_days(
    path: Sequence[DataflowPlanNode], given: set[TimeDimensionSpec]
) -> tuple[WhereFilterSpec, ...] | None:
    """Give the conditions on the days; none where one is on something else as well."""
    found: list[WhereFilterSpec] = []
    for node in path:
        for one in node.filter_specs if isinstance(node, WhereFilterNode) else ():
            on_days = [spec in given for spec in one.linkable_specs]
            if any(on_days):
                if not all(on_days):
                    return None
                found.append(one)
    return tuple(found)


def _is_known_at_ends(
    metric: Accumulation, period: TimeDimensionSpec, window: TimeWindow | None
) -> bool:
    grain = period.base_granularity
    if metric.period_agg is PeriodAggregation.AVERAGE or grain not in _DAYS:
        return False
    if metric.grain_to_date is not None:
        return grain_lies_within(grain, metric.grain_to_date)
    if window is None:
        return True
    if not window.is_standard_granularity:
        return False
    moved_by = TimeGranularity(window.granularity.lower())
    if moved_by in _MONTHS and grain in _MONTHS:
        return bool(window.count * _MONTHS[moved_by] >= _MONTHS[grain])
    return moved_by in {TimeGranularity.DAY, TimeGranularity.WEEK} and bool(
        window.count * _DAYS[moved_by] >= _DAYS[grain]
    )
