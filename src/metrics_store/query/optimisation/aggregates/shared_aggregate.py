"""One aggregation of the rows that several metrics are made of, each of some of the rows.

SELECT keys, SUM(a) FILTER (WHERE one), COUNT(b) FILTER (WHERE other), BOOL_OR(one), BOOL_OR(other)
FROM rows WHERE one OR other GROUP BY keys

Where keys are periods of one time the rows may be grouped by its days first, and these by periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.aggregated_simple_metric_input import (
    CreateAggregatedSimpleMetricInputsTransform,
)
from metricflow.plan_conversion.instance_set_transforms.instance_converters import (
    ChangeAssociatedColumns,
)
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantics.dag.id_prefix import DynamicIdPrefix
from metricflow_semantics.instances import InstanceSet
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
    SqlDateTruncExpression,
    SqlFunctionExpression,
)

from metrics_store.query.corrections.own_sql_node import OwnSqlNode
from metrics_store.query.optimisation.template_expression import filtered, is_any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantic_interfaces.type_enums import AggregationType
    from metricflow_semantics.dag.id_prefix import IdPrefix
    from metricflow_semantics.instances import SimpleMetricInputInstance
    from metricflow_semantics.specs.instance_spec import LinkableInstanceSpec
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

Conditions = tuple["WhereFilterSpec", ...]


@dataclass(frozen=True)
class SharedValue:
    """An aggregate of some of the rows.

    Attributes:
        input: What is aggregated.
        conditions: What the rows fulfil that count.
    """

    input: SimpleMetricInputSpec
    conditions: Conditions


@dataclass(frozen=True, eq=False)
class SharedAggregateNode(OwnSqlNode, AggregateSimpleMetricInputsNode):  # type: ignore[misc]
    """Aggregates what several branches of a plan read.

    Attributes:
        keys: What is grouped by.
        values: The aggregates.
        parts: The conditions of which it says whether a group has rows that fulfil them.
        day: What is grouped by first; none where rows are grouped by the keys.
    """

    keys: Sequence[LinkableInstanceSpec]
    values: Sequence[SharedValue]
    parts: Sequence[Conditions]
    day: TimeDimensionSpec | None

    @classmethod
    def id_prefix(cls) -> IdPrefix:
        """Give what MetricFlow begins its name with."""
        return DynamicIdPrefix("agg")

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the groups."""
        return _shared_data_set(self, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> SharedAggregateNode:
        """Give the same over another parent."""
        return SharedAggregateNode(
            parent_nodes=tuple(new_parent_nodes),
            null_fill_value_mapping=self.null_fill_value_mapping,
            keys=self.keys,
            values=self.values,
            parts=self.parts,
            day=self.day,
        )

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, SharedAggregateNode)
            and other_node.keys == self.keys
            and other_node.values == self.values
            and other_node.parts == self.parts
            and other_node.day == self.day
        )


def value_spec(position: int) -> SimpleMetricInputSpec:
    """Name an aggregate by its position."""
    return SimpleMetricInputSpec(element_name=f"value_{position}")


def part_spec(position: int) -> SimpleMetricInputSpec:
    """Name what says whether a group has rows that fulfil the conditions at a position."""
    return SimpleMetricInputSpec(element_name=f"is_part_{position}")


def _shared_data_set(
    node: SharedAggregateNode, visitor: DataflowNodeToSqlSubqueryVisitor
) -> SqlDataSet:
    rows = visitor.get_output_data_set(node.parent_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    alias = visitor._next_unique_table_alias()  # noqa: SLF001
    wanted = set(node.keys if node.day is None else (node.day,))
    keys = _linkable(rows.instance_set, wanted).transform(ChangeAssociatedColumns(resolver))
    key_columns = keys.transform(CreateSelectColumnsForInstances(alias, resolver)).get_columns()
    inputs = {one.spec.element_name: one for one in rows.instance_set.simple_metric_input_instances}
    aggregation = CreateAggregatedSimpleMetricInputsTransform(
        table_alias=alias,
        column_resolver=resolver,
        manifest_object_lookup=visitor._manifest_object_lookup,  # noqa: SLF001
    )

    def aggregate(value: SharedValue) -> SqlExpressionNode:
        instance = inputs[value.input.element_name]
        column = aggregation._make_aggregation_sql_column_expression(  # noqa: SLF001
            instance=instance, output_spec=instance.spec
        )
        if not value.conditions:
            return column.expr
        return filtered(column.expr, visitor._render_where_constraint_expr(value.conditions))  # noqa: SLF001

    any_input = next(iter(inputs.values()))
    found: list[tuple[SimpleMetricInputInstance, SqlExpressionNode]] = [
        (
            inputs[value.input.element_name].with_new_spec(value_spec(position), resolver),
            aggregate(value),
        )
        for position, value in enumerate(node.values)
    ]
    found += [
        (
            any_input.with_new_spec(part_spec(position), resolver),
            is_any(visitor._render_where_constraint_expr(conditions)),  # noqa: SLF001
        )
        for position, conditions in enumerate(node.parts)
    ]
    values = InstanceSet(simple_metric_input_instances=tuple(one for one, _ in found))
    select = SqlSelectStatementNode.create(
        description="Aggregate what several metrics are made of",
        select_columns=(
            *key_columns,
            *(
                SqlSelectColumn(expression, instance.associated_column.column_name)
                for instance, expression in found
            ),
        ),
        from_source=rows.checked_sql_select_node,
        from_source_alias=alias,
        group_bys=key_columns,
    )
    if node.day is None:
        return SqlDataSet(instance_set=InstanceSet.merge([keys, values]), sql_select_node=select)
    periods = _linkable(rows.instance_set, set(node.keys)).transform(
        ChangeAssociatedColumns(resolver)
    )
    return SqlDataSet(
        instance_set=InstanceSet.merge([periods, values]),
        sql_select_node=_by_period(node, periods, select, visitor),
    )


def _linkable(instances: InstanceSet, wanted: set[LinkableInstanceSpec]) -> InstanceSet:
    return InstanceSet(
        **{
            name: tuple(one for one in getattr(instances, name) if one.spec in wanted)
            for name in _LINKABLE
        }
    )


def _by_period(
    node: SharedAggregateNode,
    periods: InstanceSet,
    by_day: SqlSelectStatementNode,
    visitor: DataflowNodeToSqlSubqueryVisitor,
) -> SqlSelectStatementNode:
    resolver = visitor._column_association_resolver  # noqa: SLF001
    alias = visitor._next_unique_table_alias()  # noqa: SLF001
    day = _column(alias, resolver.resolve_spec(node.day).column_name)
    keys = tuple(
        SqlSelectColumn(
            SqlDateTruncExpression.create(one.spec.base_granularity, day),
            one.associated_column.column_name,
        )
        for one in periods.time_dimension_instances
    )

    def again(spec: SimpleMetricInputSpec, aggregate: AggregationType | None) -> SqlSelectColumn:
        name = resolver.resolve_spec(spec).column_name
        value = _column(alias, name)
        return SqlSelectColumn(
            is_any(value)
            if aggregate is None
            else SqlFunctionExpression.build_expression_for_non_percentile_aggregation(
                aggregation_type=aggregate, sql_column_expression=value
            ),
            name,
        )

    inputs = visitor._manifest_object_lookup.simple_metric_name_to_input  # noqa: SLF001
    return SqlSelectStatementNode.create(
        description="Aggregate days to periods",
        select_columns=(
            *keys,
            *(
                again(value_spec(position), inputs[value.input.element_name].agg)
                for position, value in enumerate(node.values)
            ),
            *(again(part_spec(position), None) for position in range(len(node.parts))),
        ),
        from_source=by_day,
        from_source_alias=alias,
        group_bys=keys,
    )


_column = SqlColumnReferenceExpression.from_column_reference
_LINKABLE = (
    "dimension_instances",
    "time_dimension_instances",
    "entity_instances",
    "group_by_metric_instances",
)
