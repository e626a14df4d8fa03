"""A node of values by day, of which the values of longer times are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


@dataclass(frozen=True, eq=False)
class PartialAggregateNode(AggregateSimpleMetricInputsNode):  # type: ignore[misc]
    """Stands between rows and their join to a time spine, until it reads shared values.

    Attributes:
        joined_on: The time that is joined to the spine.
        given: The times that the join gives; those of the rows are read by nobody.
    """

    joined_on: TimeDimensionSpec
    given: Sequence[TimeDimensionSpec]

    def with_new_parents(
        self, new_parent_nodes: Sequence[DataflowPlanNode]
    ) -> PartialAggregateNode:
        """Give the same over another parent."""
        return PartialAggregateNode(
            parent_nodes=tuple(new_parent_nodes),
            null_fill_value_mapping=self.null_fill_value_mapping,
            joined_on=self.joined_on,
            given=self.given,
        )
