"""Metrics of one shared aggregation, read together where MetricFlow would join them by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.builder.aggregation_helper import NullFillValueMapping
from metricflow.dataflow.nodes.combine_aggregated_outputs import CombineAggregatedOutputsNode
from metricflow.dataflow.nodes.compute_metrics import ComputeMetricsNode

from metrics_store.query.optimisation.aggregates.aggregate_part import AggregatePartNode

if TYPE_CHECKING:
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode


def joined_metrics(node: CombineAggregatedOutputsNode) -> DataflowPlanNode:
    """Give a node with one branch for the metrics of one aggregation.

    A group without rows of one metric has no value of it there, as where it is joined.
    """
    branches: list[DataflowPlanNode] = []
    for one in node.parent_nodes:
        for position, other in enumerate(branches):
            joined = _joined(other, one)
            if joined is not None:
                branches[position] = joined
                break
        else:
            branches.append(one)
    if len(branches) == len(node.parent_nodes):
        return node
    if len(branches) == 1:
        return branches[0]
    return CombineAggregatedOutputsNode.create(branches)


def _joined(one: DataflowPlanNode, other: DataflowPlanNode) -> ComputeMetricsNode | None:
    if type(one) is not ComputeMetricsNode or type(other) is not ComputeMetricsNode:
        return None
    part, other_part = one.parent_node, other.parent_node
    if not (
        isinstance(part, AggregatePartNode)
        and isinstance(other_part, AggregatePartNode)
        and part.parent_node is other_part.parent_node
        and not (one.passthrough_metric_specs or other.passthrough_metric_specs)
        and one.can_combine(other)[0]
        and not part.null_fill_value_mapping.has_conflict(other_part.null_fill_value_mapping)
        and all(
            part.positions.get(name, position) == position
            for name, position in other_part.positions.items()
        )
    ):
        return None
    everything = not (part.parts and other_part.parts)
    return ComputeMetricsNode.create(
        parent_node=AggregatePartNode.of(
            part.parent_node,
            {**part.positions, **other_part.positions},
            () if everything else tuple(dict.fromkeys((*part.parts, *other_part.parts))),
            NullFillValueMapping.merge(
                part.null_fill_value_mapping, other_part.null_fill_value_mapping
            ),
        ),
        computed_metric_specs=tuple(
            dict.fromkeys((*one.computed_metric_specs, *other.computed_metric_specs))
        ),
        passthrough_metric_specs=(),
        aggregated_to_elements=one.aggregated_to_elements,
    )
