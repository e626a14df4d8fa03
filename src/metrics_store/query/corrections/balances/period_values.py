"""A cumulative metric over a coarser period: its value at the period's own first or last day.

MetricFlow takes the first or last day that has a row in the slice. The days of a period are those
of the time spine, as far as the request's conditions on time leave them; a slice without a row on
the day has no value, or the one that the metric says to fill in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.dataflow_plan import DataflowPlanNode
from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode

from metrics_store.query.corrections.balances.period_values_sql import (
    PeriodRule,
    period_values_data_set,
)
from metrics_store.query.corrections.own_sql_node import OwnSqlNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataset.sql_dataset import SqlDataSet
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )


@dataclass(frozen=True, eq=False)
class MovedWindowNode(WindowReaggregationNode):  # type: ignore[misc]
    """MetricFlow's node of window functions over values that were moved.

    Its own takes nothing but a metric's values where plans are made simpler: they then stay as they
    are, after an error with a traceback.
    """

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> MovedWindowNode:
        """Give the same over another parent."""
        return MovedWindowNode(
            parent_nodes=tuple(new_parent_nodes),
            metric_spec=self.metric_spec,
            order_by_spec=self.order_by_spec,
            partition_by_specs=self.partition_by_specs,
        )


@dataclass(frozen=True, eq=False)
class PeriodValuesNode(OwnSqlNode, MovedWindowNode):
    """Stands where MetricFlow's node of window functions stood.

    Its parents are the values a day and slice, and the days of the spine with their periods.

    Attributes:
        rule: How the value of a period comes from those of its days.
    """

    rule: PeriodRule

    def __post_init__(self) -> None:
        """Check nothing: MetricFlow's node has one parent, this one two."""
        DataflowPlanNode.__post_init__(self)

    @classmethod
    def in_place_of(
        cls, node: WindowReaggregationNode, spine: DataflowPlanNode, rule: PeriodRule
    ) -> PeriodValuesNode:
        """Make one of MetricFlow's own node."""
        return cls(
            parent_nodes=(node.parent_node, spine),
            metric_spec=node.metric_spec,
            order_by_spec=node.order_by_spec,
            partition_by_specs=node.partition_by_specs,
            rule=rule,
        )

    @property
    def spine_node(self) -> DataflowPlanNode:
        """The days of the spine that count, each with its periods."""
        return self.parent_nodes[1]

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the values."""
        return period_values_data_set(self, self.spine_node, self.rule, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> PeriodValuesNode:
        """Give the same over other parents."""
        values, spine = new_parent_nodes
        return PeriodValuesNode.in_place_of(
            MovedWindowNode.with_new_parents(self, [values]),
            spine,
            self.rule,
        )

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, PeriodValuesNode)
            and super().functionally_identical(other_node)
            and other_node.rule.aggregation is self.rule.aggregation
            and other_node.rule.fill_nulls_with == self.rule.fill_nulls_with
        )
