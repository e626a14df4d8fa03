"""Rows joined to the first and last days of periods, where MetricFlow joins them to every day.

SELECT days.* FROM days INNER JOIN (
  SELECT period, MIN(day), MAX(day) FROM days WHERE condition GROUP BY period
) ON period WHERE day = first OR day = last
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
    DataflowNodeToSqlSubqueryVisitor,
)
from metricflow.plan_conversion.to_sql_plan.sql_join_builder import (
    ColumnEqualityDescription,
    SqlPlanJoinBuilder,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantics.sql.sql_exprs import (
    SqlAggregateFunctionExpression,
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
    SqlFunction,
    SqlLogicalExpression,
    SqlLogicalOperator,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

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
    days_alias, counted_alias, ends_alias = next_alias(), next_alias(), next_alias()
    day = resolver.resolve_spec(node.day).column_name
    period = resolver.resolve_spec(node.period).column_name
    ends = {f"{day}__last": SqlFunction.MAX, f"{day}__first": SqlFunction.MIN}
    if node.only_last:
        del ends[f"{day}__first"]
    period_column = SqlSelectColumn(_column(counted_alias, period), period)
    wanted: list[SqlExpressionNode] = [
        SqlComparisonExpression.create(
            _column(days_alias, day), SqlComparison.EQUALS, _column(ends_alias, name)
        )
        for name in ends
    ]
    return SqlSelectStatementNode.create(
        description="The days that the values of periods come from",
        select_columns=tuple(
            SqlSelectColumn(_column(days_alias, one.column_alias), one.column_alias)
            for one in days.select_columns
        ),
        from_source=days,
        from_source_alias=days_alias,
        join_descs=(
            SqlPlanJoinBuilder.make_column_equality_sql_join_description(
                right_source_node=SqlSelectStatementNode.create(
                    description="The first and last days of each period",
                    select_columns=(
                        period_column,
                        *(
                            SqlSelectColumn(
                                SqlAggregateFunctionExpression.create(
                                    function, (_column(counted_alias, day),)
                                ),
                                name,
                            )
                            for name, function in ends.items()
                        ),
                    ),
                    from_source=days.copy(),
                    from_source_alias=counted_alias,
                    where=visitor._render_where_constraint_expr(node.conditions),  # noqa: SLF001
                    group_bys=(period_column,),
                ),
                left_source_alias=days_alias,
                right_source_alias=ends_alias,
                column_equality_descriptions=[ColumnEqualityDescription(period, period)],
                join_type=SqlJoinType.INNER,
            ),
        ),
        where=(
            wanted[0]
            if node.only_last
            else SqlLogicalExpression.create(SqlLogicalOperator.OR, wanted)
        ),
    )
