"""The SQL of a cumulative metric over a coarser period, in MetricFlow's own SQL nodes.

SELECT slice, period, MAX(CASE WHEN day = the_period_s_day THEN value END)
FROM values LEFT JOIN (SELECT period, MAX(day) FROM spine GROUP BY period) ON period
GROUP BY slice, period
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.instance_converters import (
    SelectElementsTransform,
)
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.plan_conversion.to_sql_plan.sql_join_builder import (
    ColumnEqualityDescription,
    SqlPlanJoinBuilder,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantic_interfaces.type_enums import PeriodAggregation
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.sql.sql_exprs import (
    SqlAggregateFunctionExpression,
    SqlArithmeticExpression,
    SqlArithmeticOperator,
    SqlCaseExpression,
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
    SqlFunction,
    SqlIntegerExpression,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

# What the spine says of a period, by how the days' values become the period's.
_OF_THE_SPINE = {
    PeriodAggregation.FIRST: SqlFunction.MIN,
    PeriodAggregation.LAST: SqlFunction.MAX,
    PeriodAggregation.AVERAGE: SqlFunction.COUNT_DISTINCT,
}
_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True)
class PeriodRule:
    """How the value of a period comes from those of its days.

    Attributes:
        specs: The periods, out of what the values are grouped by.
        aggregation: Which of the days' values is the period's.
        fill_nulls_with: The value of a day without rows.
    """

    specs: Sequence[TimeDimensionSpec]
    aggregation: PeriodAggregation
    fill_nulls_with: int | None


def period_values_data_set(
    node: WindowReaggregationNode,
    spine_node: DataflowPlanNode,
    rule: PeriodRule,
    visitor: DataflowNodeToSqlSubqueryVisitor,
) -> SqlDataSet:
    """Give the values of a node's metric, a row a period and slice."""
    values = visitor.get_output_data_set(node.parent_node)
    spine = visitor.get_output_data_set(spine_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    next_alias = visitor._next_unique_table_alias  # noqa: SLF001
    values_alias, spine_alias, periods_alias = next_alias(), next_alias(), next_alias()
    day = resolver.resolve_spec(node.order_by_spec).column_name
    metric = resolver.resolve_spec(node.metric_spec).column_name
    periods = [resolver.resolve_spec(spec).column_name for spec in rule.specs]
    of_period = f"{day}__{rule.aggregation.value}"

    period_columns = tuple(SqlSelectColumn(_column(spine_alias, name), name) for name in periods)
    spine_days = _call(_OF_THE_SPINE[rule.aggregation], _column(spine_alias, day))
    join = SqlPlanJoinBuilder.make_column_equality_sql_join_description(
        right_source_node=SqlSelectStatementNode.create(
            description=f"The {rule.aggregation.value} of the days of each period",
            select_columns=(*period_columns, SqlSelectColumn(spine_days, of_period)),
            from_source=spine.checked_sql_select_node,
            from_source_alias=spine_alias,
            group_bys=period_columns,
        ),
        left_source_alias=values_alias,
        right_source_alias=periods_alias,
        column_equality_descriptions=[ColumnEqualityDescription(name, name) for name in periods],
        join_type=SqlJoinType.LEFT_OUTER,
    )

    instances = values.instance_set.transform(
        SelectElementsTransform(
            exclude_specs=InstanceSpecSet(time_dimension_specs=(node.order_by_spec,))
        )
    )
    group_bys = instances.transform(
        SelectElementsTransform(exclude_specs=InstanceSpecSet(metric_specs=(node.metric_spec,)))
    ).transform(CreateSelectColumnsForInstances(values_alias, resolver))
    value = _value(
        rule,
        _column(values_alias, metric),
        _column(values_alias, day),
        _column(periods_alias, of_period),
    )
    return SqlDataSet(
        instance_set=instances,
        sql_select_node=SqlSelectStatementNode.create(
            description="The value at the day that stands for the period",
            select_columns=(*group_bys.get_columns(), SqlSelectColumn(value, metric)),
            from_source=values.checked_sql_select_node,
            from_source_alias=values_alias,
            join_descs=(join,),
            group_bys=group_bys.get_columns(),
        ),
    )


def _value(
    rule: PeriodRule,
    value: SqlExpressionNode,
    day: SqlExpressionNode,
    of_period: SqlExpressionNode,
) -> SqlExpressionNode:
    fill = rule.fill_nulls_with
    if rule.aggregation is PeriodAggregation.AVERAGE:
        # AVG(value - fill) * the slice's days / the period's days + fill: a day without a row
        # counts as the fill. In this order MetricFlow needs none of the parentheses it leaves out.
        filled = SqlIntegerExpression.create(fill or 0)
        value_over_fill = _compute(value, SqlArithmeticOperator.SUBTRACT, filled)
        total_over_fill = _compute(
            _call(SqlFunction.AVERAGE, value_over_fill),
            SqlArithmeticOperator.MULTIPLY,
            _call(SqlFunction.COUNT_DISTINCT, day),
        )
        mean_over_fill = _compute(
            total_over_fill, SqlArithmeticOperator.DIVIDE, _call(SqlFunction.MAX, of_period)
        )
        return _compute(mean_over_fill, SqlArithmeticOperator.ADD, filled)
    on_the_day = SqlComparisonExpression.create(day, SqlComparison.EQUALS, of_period)
    # A slice has one row a day: the greatest is the only one.
    found = _call(SqlFunction.MAX, SqlCaseExpression.create({on_the_day: value}))
    return (
        found
        if fill is None
        else _call(SqlFunction.COALESCE, found, SqlIntegerExpression.create(fill))
    )


def _call(function: SqlFunction, *arguments: SqlExpressionNode) -> SqlExpressionNode:
    return SqlAggregateFunctionExpression.create(function, arguments)


def _compute(
    left: SqlExpressionNode, operator: SqlArithmeticOperator, right: SqlExpressionNode
) -> SqlExpressionNode:
    return SqlArithmeticExpression.create(left, operator, right)
