"""Balances beside other metrics: what is filled in only where there is a balance at all.

A balance that a metric fills in with 0 is 0 in a slice of which nothing is left, in a period that
has balances. MetricFlow fills it in wherever another metric has a row, and so in months to come.

SELECT slice, period, others, CASE WHEN known.period = period THEN balance END
FROM values LEFT JOIN known ON period
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_to_time_spine import JoinToTimeSpineNode
from metricflow.dataset.sql_dataset import SqlDataSet
from metricflow.plan_conversion.instance_set_transforms.select_columns import (
    CreateSelectColumnsForInstances,
)
from metricflow.plan_conversion.to_sql_plan.sql_join_builder import (
    ColumnEqualityDescription,
    SqlPlanJoinBuilder,
)
from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantics.sql.sql_exprs import (
    SqlCaseExpression,
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.query.corrections.own_sql_node import OwnSqlNode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.plan_conversion.to_sql_plan.dataflow_to_subquery import (
        DataflowNodeToSqlSubqueryVisitor,
    )
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec

_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True, eq=False)
class KnownPeriodsNode(OwnSqlNode, JoinToTimeSpineNode):  # type: ignore[misc]
    """Joins values to periods as MetricFlow's node does to a time spine.

    Attributes:
        balances: The columns that have values in these periods only.
    """

    balances: Collection[str]

    @classmethod
    def over(
        cls,
        values: DataflowPlanNode,
        known: DataflowPlanNode,
        periods: Sequence[TimeDimensionSpec],
        balances: Collection[str],
    ) -> KnownPeriodsNode:
        """Make one of values and the periods that are known."""
        return cls(
            parent_nodes=(values, known),
            metric_source_node=values,
            time_spine_node=known,
            requested_agg_time_dimension_specs=tuple(periods),
            join_on_time_dimension_spec=periods[0],
            join_type=SqlJoinType.LEFT_OUTER,
            standard_offset_window=None,
            offset_to_grain=None,
            balances=tuple(balances),
        )

    def data_set(self, visitor: DataflowNodeToSqlSubqueryVisitor) -> SqlDataSet:
        """Give the SQL of the values."""
        return _known_periods_data_set(self, visitor)

    def with_new_parents(self, new_parent_nodes: Sequence[DataflowPlanNode]) -> KnownPeriodsNode:
        """Give the same over other parents."""
        values, known = new_parent_nodes
        return self.over(values, known, self.requested_agg_time_dimension_specs, self.balances)

    def functionally_identical(self, other_node: DataflowPlanNode) -> bool:
        """Whether another does the same, parents aside."""
        return (
            isinstance(other_node, KnownPeriodsNode)
            and super().functionally_identical(other_node)
            and other_node.balances == self.balances
        )


def _known_periods_data_set(
    node: KnownPeriodsNode, visitor: DataflowNodeToSqlSubqueryVisitor
) -> SqlDataSet:
    values = visitor.get_output_data_set(node.metric_source_node)
    known = visitor.get_output_data_set(node.time_spine_node)
    resolver = visitor._column_association_resolver  # noqa: SLF001
    values_alias = visitor._next_unique_table_alias()  # noqa: SLF001
    known_alias = visitor._next_unique_table_alias()  # noqa: SLF001
    periods = [
        resolver.resolve_spec(spec).column_name for spec in node.requested_agg_time_dimension_specs
    ]
    is_known = SqlComparisonExpression.create(
        _column(known_alias, periods[0]), SqlComparison.EQUALS, _column(values_alias, periods[0])
    )
    columns = values.instance_set.transform(
        CreateSelectColumnsForInstances(values_alias, resolver)
    ).get_columns()
    return SqlDataSet(
        instance_set=values.instance_set,
        sql_select_node=SqlSelectStatementNode.create(
            description="Balances in the periods that have any",
            select_columns=tuple(
                SqlSelectColumn(SqlCaseExpression.create({is_known: one.expr}), one.column_alias)
                if one.column_alias in node.balances
                else one
                for one in columns
            ),
            from_source=values.checked_sql_select_node,
            from_source_alias=values_alias,
            join_descs=(
                SqlPlanJoinBuilder.make_column_equality_sql_join_description(
                    right_source_node=known.checked_sql_select_node,
                    left_source_alias=values_alias,
                    right_source_alias=known_alias,
                    column_equality_descriptions=[
                        ColumnEqualityDescription(name, name) for name in periods
                    ],
                    join_type=SqlJoinType.LEFT_OUTER,
                ),
            ),
        ),
    )
