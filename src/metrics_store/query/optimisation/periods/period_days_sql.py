"""The SQL of the days that balances of periods are taken from, out of the days that rows have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.sql.sql_plan import SqlSelectColumn
from metricflow.sql.sql_select_node import SqlSelectStatementNode
from metricflow_semantic_interfaces.type_enums import TimeGranularity
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
    SqlComparison,
    SqlComparisonExpression,
    SqlDateTruncExpression,
    SqlFunctionExpression,
)

from metrics_store.query.optimisation.template_expression import extreme_of_partition

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow_semantic_interfaces.type_enums import AggregationType
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.sql.sql_exprs import SqlExpressionNode

_column = SqlColumnReferenceExpression.from_column_reference


@dataclass(frozen=True)
class PeriodDays:
    """How the days are told.

    Attributes:
        function: Whether the first or the last one counts.
        day: The column of the days.
        end: The name of those that are found.
        next_alias: Gives aliases.
    """

    function: AggregationType
    day: str
    end: str
    next_alias: Callable[[], str]

    def of_all(self, days: SqlSelectStatementNode) -> SqlSelectStatementNode:
        """Give the one of all rows."""
        days_alias = self.next_alias()
        return SqlSelectStatementNode.create(
            description="The day of all",
            select_columns=(self._extreme(days_alias),),
            from_source=days,
            from_source_alias=days_alias,
        )

    def of_periods(
        self, days: SqlSelectStatementNode, asked: TimeDimensionSpec, period: str
    ) -> SqlSelectStatementNode:
        """Give that of each period, with the period by its name."""
        counted_alias, days_alias = self.next_alias(), self.next_alias()
        counted_day = SqlSelectColumn(_column(counted_alias, self.day), self.day)
        group = SqlSelectColumn(cut_off(asked, _column(days_alias, self.day)), period)
        return SqlSelectStatementNode.create(
            description="The day of each period",
            select_columns=(group, self._extreme(days_alias)),
            from_source=SqlSelectStatementNode.create(
                description="The days that have rows",
                select_columns=(counted_day,),
                from_source=days,
                from_source_alias=counted_alias,
                group_bys=(counted_day,),
            ),
            from_source_alias=days_alias,
            group_bys=(group,),
        )

    def recorded(
        self, days: SqlSelectStatementNode, asked: TimeDimensionSpec, recorded: str
    ) -> SqlSelectStatementNode:
        """Give the values of a column that lie on the day of their period, with that day."""
        counted_alias, values_alias, ends_alias = (self.next_alias() for _ in range(3))
        counted = SqlSelectColumn(_column(counted_alias, recorded), recorded)
        value = _column(values_alias, recorded)
        day = SqlDateTruncExpression.create(TimeGranularity.DAY, value)
        last = extreme_of_partition(
            self.function.name, day, SqlDateTruncExpression.create(asked.base_granularity, value)
        )
        return SqlSelectStatementNode.create(
            description="The values of the day of each period",
            select_columns=(
                SqlSelectColumn(_column(ends_alias, recorded), recorded),
                SqlSelectColumn(_column(ends_alias, self.end), self.end),
            ),
            from_source=SqlSelectStatementNode.create(
                description="The values that rows have, with the day of their period",
                select_columns=(
                    SqlSelectColumn(value, recorded),
                    SqlSelectColumn(day, self.day),
                    SqlSelectColumn(last, self.end),
                ),
                from_source=SqlSelectStatementNode.create(
                    description="The values that rows have",
                    select_columns=(counted,),
                    from_source=days,
                    from_source_alias=counted_alias,
                    group_bys=(counted,),
                ),
                from_source_alias=values_alias,
            ),
            from_source_alias=ends_alias,
            where=SqlComparisonExpression.create(
                _column(ends_alias, self.day),
                SqlComparison.EQUALS,
                _column(ends_alias, self.end),
            ),
        )

    def _extreme(self, alias: str) -> SqlSelectColumn:
        return SqlSelectColumn(
            SqlFunctionExpression.build_expression_for_non_percentile_aggregation(
                aggregation_type=self.function, sql_column_expression=_column(alias, self.day)
            ),
            self.end,
        )


def cut_off(spec: TimeDimensionSpec, day: SqlExpressionNode) -> SqlExpressionNode:
    """Give the period of a day."""
    if spec.base_granularity is TimeGranularity.DAY:
        return day
    return SqlDateTruncExpression.create(spec.base_granularity, day)
