"""Cumulative metrics over a coarser period: which are right already, and which days count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow_semantic_interfaces.type_enums import PeriodAggregation, TimeGranularity

from metrics_store.query.corrections.period_hierarchy import grain_lies_within
from metrics_store.query.corrections.plan_nodes import nodes_above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantic_interfaces.protocols.metric import Metric
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec


@dataclass(frozen=True)
class Accumulation:
    """How a cumulative metric accumulates.

    Attributes:
        input: The metric that it accumulates.
        has_window: Whether it forgets what is older than so many days.
        grain_to_date: The period at whose start it begins anew.
        period_agg: Which of its values in a coarser period is that period's.
    """

    input: str
    has_window: bool
    grain_to_date: TimeGranularity | None
    period_agg: PeriodAggregation


def accumulation(metric: Metric) -> Accumulation:
    """Read the definition of a cumulative metric."""
    found = metric.type_params.cumulative_type_params
    assert found is not None  # noqa: S101 - MetricFlow has refused a manifest without it
    assert found.metric is not None  # noqa: S101
    return Accumulation(
        input=found.metric.name,
        has_window=found.window is not None,
        grain_to_date=None if found.grain_to_date is None else TimeGranularity(found.grain_to_date),
        period_agg=found.period_agg or PeriodAggregation.FIRST,
    )


def is_right_already(
    metric: Accumulation, periods: Sequence[TimeDimensionSpec], fill_nulls_with: int | None
) -> bool:
    """Whether the days with a row in a slice give the period's value, whatever the rows are."""
    if metric.period_agg is PeriodAggregation.AVERAGE:
        # Days without a value are left out of an average.
        return fill_nulls_with is None
    if metric.period_agg is PeriodAggregation.FIRST or metric.has_window:
        return False
    # A slice that once has a row has one on each day until it begins anew.
    anew = metric.grain_to_date
    return anew is None or any(
        not period.has_custom_grain
        and period.date_part is None
        and grain_lies_within(period.base_granularity, anew)
        for period in periods
    )


def conditions_of_days(node: DataflowPlanNode) -> list[WhereFilterSpec]:
    """Give what a plan asks of the days that a metric is accumulated to."""
    filters: list[WhereFilterSpec] = []
    for one in nodes_above(node, until=JoinOverTimeRangeNode):
        if isinstance(one, WhereFilterNode):
            filters += [found for found in one.filter_specs if found not in filters]
    return filters
