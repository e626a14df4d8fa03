"""A walk over MetricFlow's plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode


def nodes_above(
    node: DataflowPlanNode, until: type[DataflowPlanNode] | None = None
) -> Iterator[DataflowPlanNode]:
    """Give a node and all that its rows come from, none above one of the type `until`."""
    yield node
    if until is None or not isinstance(node, until):
        for parent in node.parent_nodes:
            yield from nodes_above(parent, until)
