"""What MetricFlow does to rows before it aggregates them, read from its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow_semantic_interfaces.type_enums import AggregationType

if TYPE_CHECKING:
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
        AggregateSimpleMetricInputsNode,
    )
    from metricflow_semantics.specs.instance_spec import LinkableInstanceSpec
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
    from metricflow_semantics.specs.spec_set import InstanceSpecSet
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec

# What of several of these is the same of all.
ADDITIVE = {AggregationType.SUM, AggregationType.MIN, AggregationType.MAX}


@dataclass(frozen=True)
class AggregationSteps:
    """The steps from rows to an aggregation.

    Attributes:
        rows: Where the rows come from.
        read: What is read of them.
        conditions: Which of them count.
        kept: What is aggregated, and by what.
    """

    rows: DataflowPlanNode
    read: InstanceSpecSet
    conditions: tuple[WhereFilterSpec, ...]
    kept: InstanceSpecSet

    @property
    def keys(self) -> tuple[LinkableInstanceSpec, ...]:
        """What is aggregated by."""
        return tuple(self.kept.linkable_specs)

    @property
    def inputs(self) -> tuple[SimpleMetricInputSpec, ...]:
        """What is aggregated."""
        inputs: tuple[SimpleMetricInputSpec, ...] = self.kept.simple_metric_input_specs
        return inputs


def steps_of(node: AggregateSimpleMetricInputsNode) -> AggregationSteps | None:
    """Give the steps of an aggregation; none where there are others between them."""
    kept = node.parent_node
    if not _is_selection(kept):
        return None
    conditions: list[WhereFilterSpec] = []
    above = kept.parent_node
    while type(above) is WhereFilterNode:
        conditions += [one for one in above.filter_specs if one not in conditions]
        above = above.parent_node
    if not _is_selection(above):
        return None
    return AggregationSteps(
        above.parent_node, above.include_specs, tuple(conditions), kept.include_specs
    )


def steps_to_rows(
    rows: DataflowPlanNode,
    read: InstanceSpecSet,
    conditions: tuple[WhereFilterSpec, ...],
    kept: InstanceSpecSet,
) -> DataflowPlanNode:
    """Give the node of such steps."""
    node: DataflowPlanNode = SelectorNode.create(parent_node=rows, include_specs=read)
    if conditions:
        node = WhereFilterNode.create(parent_node=node, filter_specs=conditions)
    return SelectorNode.create(parent_node=node, include_specs=kept)


def _is_selection(node: DataflowPlanNode) -> bool:
    # Nodes of our own that stand in the place of such a one do more.
    return type(node) is SelectorNode and not node.distinct
