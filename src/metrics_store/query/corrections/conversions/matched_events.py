"""Conversions, each with the base event that it follows.

MetricFlow takes the last one by day, and any one of several on that day. Here it is the last by the
clock that is not after the conversion, and of several at one time that with the greatest key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_conversion_events import JoinConversionEventsNode

from metrics_store.query.corrections.conversions.matched_events_sql import matched_events_data_set
from metrics_store.query.corrections.own_sql_node import OwnSqlNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataset.sql_dataset import SqlDataSet
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.constant_property_spec import ConstantPropertySpec
    from metricflow_semantics.specs.instance_spec import InstanceSpec


@dataclass(frozen=True, eq=False)
class MatchedEventsNode(OwnSqlNode, JoinConversionEventsNode):  # type: ignore[misc]
    """Stands where MetricFlow's node of conversion events stood.

    Both parents have a column `EVENT_TIME`.

    Attributes:
        key_specs: What tells base events of one time apart.
    """

    key_specs: Sequence[InstanceSpec]

    @classmethod
    def in_place_of(
        cls, node: JoinConversionEventsNode, key_specs: Sequence[InstanceSpec]
    ) -> MatchedEventsNode:
        """Make one of MetricFlow's own node."""
        known = {name: getattr(node, name) for name in _FIELDS}
        return cls(parent_nodes=node.parent_nodes, **known, key_specs=tuple(key_specs))

    def between(
        self,
        base_node: DataflowPlanNode,
        conversion_node: DataflowPlanNode,
        equal: Sequence[ConstantPropertySpec],
    ) -> MatchedEventsNode:
        """Give the same of events that have more in common."""
        known = {name: getattr(self, name) for name in _FIELDS} | {
            "base_node": base_node,
            "conversion_node": conversion_node,
            "constant_properties": (*(self.constant_properties or ()), *equal),
        }
        parents = (base_node, conversion_node)
        return MatchedEventsNode(parent_nodes=parents, **known, key_specs=self.key_specs)

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the conversions."""
        return matched_events_data_set(self, self.key_specs, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> MatchedEventsNode:
        """Give the same over other parents."""
        node = JoinConversionEventsNode.with_new_parents(self, new_parent_nodes)
        return MatchedEventsNode.in_place_of(node, self.key_specs)

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, MatchedEventsNode)
            and super().functionally_identical(other_node)
            and other_node.key_specs == self.key_specs
        )


_FIELDS = (
    "base_node",
    "base_time_dimension_spec",
    "conversion_node",
    "conversion_input_metric_spec",
    "conversion_time_dimension_spec",
    "unique_identifier_keys",
    "entity_spec",
    "window",
    "constant_properties",
)
