"""What one branch of a plan reads of a shared aggregation."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metricflow.dataflow.builder.aggregation_helper import NullFillValueMapping
from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.instance_converters import (
    UpdateSimpleMetricInputFillNullsWith,
)
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantics.aggregation_properties import AggregationState
from metricflow_semantics.instances import InstanceSet
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
    SqlLogicalExpression,
    SqlLogicalOperator,
)

from metrics_store.query.corrections.own_sql_node import OwnSqlNode
from metrics_store.query.optimisation.aggregates.shared_aggregate import part_spec, value_spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True, eq=False)
class AggregatePartNode(OwnSqlNode, SelectorNode):  # type: ignore[misc]
    """Stands where the aggregation of one branch stood.

    Attributes:
        positions: The name of each input -> the position of its value in the shared aggregation.
        parts: The positions of its conditions there; none where all groups have its rows.
        null_fill_value_mapping: As in MetricFlow's node.
        days: The time that is joined to a time spine, where this is to be aggregated again.
        given: The times that this join gives.
    """

    # MetricFlow's own have values already, and so these need them.
    positions: Mapping[str, int] = field(default_factory=dict)
    parts: Sequence[int] = ()
    null_fill_value_mapping: NullFillValueMapping = NullFillValueMapping.create()  # noqa: RUF009
    days: TimeDimensionSpec | None = None
    given: Sequence[TimeDimensionSpec] = ()

    @classmethod
    def of(
        cls,
        shared: DataflowPlanNode,
        positions: Mapping[str, int],
        parts: Sequence[int],
        null_fill_value_mapping: NullFillValueMapping,
    ) -> AggregatePartNode:
        """Make one of a shared aggregation."""
        return cls(
            parent_nodes=(shared,),
            include_specs=InstanceSpecSet(),
            positions=positions,
            parts=tuple(parts),
            null_fill_value_mapping=null_fill_value_mapping,
        )

    def by_day(
        self, days: TimeDimensionSpec, given: Sequence[TimeDimensionSpec]
    ) -> AggregatePartNode:
        """Give the same to be joined to a time spine and aggregated again."""
        return AggregatePartNode(
            parent_nodes=self.parent_nodes,
            include_specs=self.include_specs,
            positions=self.positions,
            parts=self.parts,
            null_fill_value_mapping=self.null_fill_value_mapping,
            days=days,
            given=tuple(given),
        )

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the branch."""
        return _part_data_set(self, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> AggregatePartNode:
        """Give the same over another parent."""
        [shared] = new_parent_nodes
        node = AggregatePartNode.of(
            shared, self.positions, self.parts, self.null_fill_value_mapping
        )
        return node if self.days is None else node.by_day(self.days, self.given)

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return isinstance(other_node, AggregatePartNode) and all(
            getattr(other_node, name) == getattr(self, name)
            for name in ("positions", "parts", "null_fill_value_mapping", "days", "given")
        )


def _part_data_set(
    node: AggregatePartNode, visitor: DataflowNodeToSqlSubqueryVisitor
) -> SqlDataSet:
    shared = visitor.get_output_data_set(node.parent_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    alias = visitor._next_unique_table_alias()  # noqa: SLF001
    keys = shared.instance_set.without_simple_metric_inputs()
    columns = [*keys.transform(CreateSelectColumnsForInstances(alias, resolver)).get_columns()]
    values = {
        one.spec: one.associated_column.column_name
        for one in shared.instance_set.simple_metric_input_instances
    }
    inputs = []
    for name, position in node.positions.items():
        [found] = [
            one
            for one in shared.instance_set.simple_metric_input_instances
            if one.spec == value_spec(position)
        ]
        instance = dataclasses.replace(
            found.with_new_spec(SimpleMetricInputSpec(element_name=name), resolver),
            aggregation_state=(
                AggregationState.COMPLETE if node.days is None else AggregationState.NON_AGGREGATED
            ),
        )
        inputs.append(instance)
        columns.append(
            SqlSelectColumn(
                _column(alias, values[value_spec(position)]),
                instance.associated_column.column_name,
            )
        )
    instances = InstanceSet.merge([keys, InstanceSet(simple_metric_input_instances=tuple(inputs))])
    if node.days is None:
        fill = UpdateSimpleMetricInputFillNullsWith(node.null_fill_value_mapping)
        instances = instances.transform(fill)
    else:
        times, more = _given_times(node, keys, alias, resolver)
        instances = InstanceSet.merge([instances, times])
        columns += more
    parts = [_column(alias, values[part_spec(position)]) for position in node.parts]
    return SqlDataSet(
        instance_set=instances,
        sql_select_node=SqlSelectStatementNode.create(
            description="Read the groups of one branch",
            select_columns=tuple(columns),
            from_source=shared.checked_sql_select_node,
            from_source_alias=alias,
            where=_any_of(parts),
        ),
    )


def _given_times(
    node: AggregatePartNode, keys: InstanceSet, alias: str, resolver: ColumnAssociationResolver
) -> tuple[InstanceSet, list[SqlSelectColumn]]:
    """Give the times that the join to a time spine puts its own in the place of."""
    [days] = [one for one in keys.time_dimension_instances if one.spec == node.days]
    times = [
        days.with_new_spec(spec, resolver)
        for spec in node.given
        if all(one.spec != spec for one in keys.time_dimension_instances)
    ]
    read = _column(alias, days.associated_column.column_name)
    columns = [SqlSelectColumn(read, one.associated_column.column_name) for one in times]
    return InstanceSet(time_dimension_instances=tuple(times)), columns


def _any_of(parts: Sequence[SqlExpressionNode]) -> SqlExpressionNode | None:
    if len(parts) > 1:
        return SqlLogicalExpression.create(SqlLogicalOperator.OR, parts)
    return next(iter(parts), None)
