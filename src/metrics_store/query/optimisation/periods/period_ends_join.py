"""Rows joined to the first and last days of periods, where MetricFlow joins them to every day.

SELECT days FROM (
  SELECT days, FIRST_VALUE(day) OVER (PARTITION BY period ORDER BY day DESC) AS last
  FROM days WHERE condition
) WHERE day = last

Not a join of days with ends: engines flatten joins, and may join every day with the rows first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
    DataflowNodeToSqlSubqueryVisitor,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
    SqlLogicalExpression,
    SqlLogicalOperator,
    SqlWindowFunction,
    SqlWindowFunctionExpression,
    SqlWindowOrderByArgument,
)

from metrics_store.query.corrections.own_sql_node import OwnSqlNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True, eq=False)
class PeriodEndsJoinNode(OwnSqlNode, JoinOverTimeRangeNode):  # type: ignore[misc]
    """Stands where MetricFlow's join to the days stood.

    Attributes:
        day: The days that rows are accumulated to.
        period: The periods whose first and last days are wanted.
        conditions: Which days count.
        only_last: Whether the first days are not wanted.
    """

    day: TimeDimensionSpec
    period: TimeDimensionSpec
    conditions: Sequence[WhereFilterSpec]
    only_last: bool

    @classmethod
    def in_place_of(
        cls,
        node: JoinOverTimeRangeNode,
        *,
        day: TimeDimensionSpec,
        period: TimeDimensionSpec,
        conditions: Sequence[WhereFilterSpec],
        only_last: bool,
    ) -> PeriodEndsJoinNode:
        """Make one of MetricFlow's own node."""
        return cls(
            parent_nodes=node.parent_nodes,
            queried_agg_time_dimension_specs=node.queried_agg_time_dimension_specs,
            window=node.window,
            grain_to_date=node.grain_to_date,
            time_range_constraint=node.time_range_constraint,
            day=day,
            period=period,
            conditions=tuple(conditions),
            only_last=only_last,
        )

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the join."""
        # Not the visitor's own, which may ask this node again.
        found = DataflowNodeToSqlSubqueryVisitor.visit_join_over_time_range_node(visitor, self)
        select = found.checked_sql_select_node
        return SqlDataSet(
            instance_set=found.instance_set,
            sql_select_node=SqlSelectStatementNode.create(
                description=select.description,
                select_columns=select.select_columns,
                from_source=_period_ends(self, select.from_source, visitor),
                from_source_alias=select.from_source_alias,
                join_descs=select.join_descs,
            ),
        )

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> PeriodEndsJoinNode:
        """Give the same over another parent."""
        return self.in_place_of(
            JoinOverTimeRangeNode.with_new_parents(self, new_parent_nodes),
            day=self.day,
            period=self.period,
            conditions=self.conditions,
            only_last=self.only_last,
        )

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, PeriodEndsJoinNode)
            and super().functionally_identical(other_node)
            and other_node.day == self.day
            and other_node.period == self.period
            and other_node.conditions == self.conditions
            and other_node.only_last == self.only_last
        )


def _period_ends(
    node: PeriodEndsJoinNode,
    days: SqlSelectStatementNode,
    visitor: DataflowNodeToSqlSubqueryVisitor,
) -> SqlSelectStatementNode:
    resolver = visitor._column_association_resolver  # noqa: SLF001
    next_alias = visitor._next_unique_table_alias  # noqa: SLF001
    days_alias, ends_alias = next_alias(), next_alias()
    day = resolver.resolve_spec(node.day).column_name
    period = resolver.resolve_spec(node.period).column_name
    # Whether the end is that of the days in descending order.
    ends = {f"{day}__last": True, f"{day}__first": False}
    if node.only_last:
        del ends[f"{day}__first"]
    wanted: list[SqlExpressionNode] = [
        SqlComparisonExpression.create(
            _column(ends_alias, day), SqlComparison.EQUALS, _column(ends_alias, name)
        )
        for name in ends
    ]
    names = [one.column_alias for one in days.select_columns]
    return SqlSelectStatementNode.create(
        description="The days that the values of periods come from",
        select_columns=tuple(SqlSelectColumn(_column(ends_alias, name), name) for name in names),
        from_source=SqlSelectStatementNode.create(
            description="Each day with the first and last days of its period",
            select_columns=(
                *(SqlSelectColumn(_column(days_alias, name), name) for name in names),
                *(
                    SqlSelectColumn(
                        SqlWindowFunctionExpression.create(
                            sql_function=SqlWindowFunction.FIRST_VALUE,
                            sql_function_args=(_column(days_alias, day),),
                            partition_by_args=(_column(days_alias, period),),
                            order_by_args=(
                                SqlWindowOrderByArgument(
                                    _column(days_alias, day), descending=descending
                                ),
                            ),
                        ),
                        name,
                    )
                    for name, descending in ends.items()
                ),
            ),
            from_source=days,
            from_source_alias=days_alias,
            where=visitor._render_where_constraint_expr(node.conditions),  # noqa: SLF001
        ),
        from_source_alias=ends_alias,
        where=(
            wanted[0]
            if node.only_last
            else SqlLogicalExpression.create(SqlLogicalOperator.OR, wanted)
        ),
    )
