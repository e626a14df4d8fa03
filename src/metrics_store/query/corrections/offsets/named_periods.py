"""The periods of a time spine that are not NULL: those beyond its end are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow_semantics.semantic_graph.attribute_resolution.group_by_item_set import (
    GroupByItemSet,
)
from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
from metricflow_semantics.sql.sql_bind_parameters import SqlBindParameterSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def named_periods(
    spine: DataflowPlanNode,
    periods: Iterable[TimeDimensionSpec],
    columns: ColumnAssociationResolver,
) -> DataflowPlanNode:
    """Leave out the rows of a spine in which one of the periods is NULL."""
    conditions = [f"{columns.resolve_spec(one).column_name} IS NOT NULL" for one in periods]
    known = WhereFilterSpec(" AND ".join(conditions), SqlBindParameterSet(), GroupByItemSet())
    return WhereFilterNode.create(parent_node=spine, filter_specs=(known,))
