"""The periods of a time spine, each once, also where several metrics are joined to them.

MetricFlow works out the inputs of a metric together where they come from the same rows, and then
forgets that a period is wanted once: a month stands there for each of its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.optimizer.source_scan.cm_branch_combiner import (
    ComputeMetricsBranchCombiner,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.dataflow_plan_visitor import DataflowPlanNodeVisitor


@dataclass(frozen=True, eq=False)
class DistinctSpineNode(SelectorNode):  # type: ignore[misc]
    """Stands where MetricFlow's node of distinct periods stood."""

    @classmethod
    def in_place_of(cls, node: DataflowPlanNode) -> DataflowPlanNode:
        """Make one of MetricFlow's own node, if that is one of distinct periods."""
        if not isinstance(node, SelectorNode) or not node.distinct:
            return node
        return cls(
            parent_nodes=node.parent_nodes,
            include_specs=node.include_specs,
            replace_description=node.replace_description,
            distinct=True,
        )

    # `Any` is whatever a visitor gives: MetricFlow's type variable is not typed for others.
    def accept(self, visitor: DataflowPlanNodeVisitor[Any]) -> Any:  # noqa: ANN401
        """Let two be made one only if they are alike, as other nodes are."""
        if isinstance(visitor, ComputeMetricsBranchCombiner):
            return visitor._default_handler(self)  # noqa: SLF001
        return super().accept(visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> DataflowPlanNode:
        """Give the same over other parents."""
        return self.in_place_of(SelectorNode.with_new_parents(self, new_parent_nodes))
