"""How aggregates of rows become aggregates of roll-ups: averages, and sums of whole numbers.

A sum of sums is a sum, and so with the least and the greatest. An average needs two columns, and
MetricFlow's plans carry one: they are carried as a list of both, which the average takes apart.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow.sql.render.duckdb_renderer import (
    DuckDbSqlExpressionRenderer,
    DuckDbSqlPlanRenderer,
)
from metricflow.sql.render.postgres import PostgresSqlExpressionRenderer
from metricflow_semantics.sql.sql_exprs import (
    SqlColumnReferenceExpression,
    SqlFunction,
    SqlStringExpression,
)

from metrics_store.query.metricflow.renderers.postgres_renderer import PostgresRenderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
    from metricflow_semantics.sql.sql_exprs import SqlAggregateFunctionExpression, SqlExpressionNode


def average_parts(dialect: str, total: str, count: str) -> str:
    """Give the sum and the count of an average as one value."""
    if dialect == "duckdb":
        # Its averages are doubles, whatever they are of.
        return f"LIST_VALUE(CAST({total} AS DOUBLE), CAST({count} AS DOUBLE))"
    return f"ARRAY[{total}, {count}]"


@dataclasses.dataclass(frozen=True)
class RollupAggregates:
    """The columns that are aggregated otherwise than the rows beneath would be.

    Attributes:
        averages: Columns, and SQL, that hold a sum and a count.
        whole_numbers: Columns, and SQL, whose sums are to stay bigints.
    """

    averages: frozenset[str]
    whole_numbers: frozenset[str]

    def rewritten(self, node: SqlAggregateFunctionExpression, sql: str) -> str:
        """Give the SQL of an aggregate, where it is one of these columns'."""
        if len(node.sql_function_args) != 1:
            return sql
        read = _read(node.sql_function_args[0])
        if node.sql_function is SqlFunction.AVERAGE and read in self.averages:
            parts = sql.removeprefix("AVG(").removesuffix(")")
            # The list is taken apart where it stands: there is nothing else to be seen of it.
            return f"(SUM(({parts})[1]) / NULLIF(SUM(({parts})[2]), 0))"
        if node.sql_function is SqlFunction.SUM and read in self.whole_numbers:
            return f"CAST({sql} AS BIGINT)"
        return sql


def _read(argument: SqlExpressionNode) -> str:
    """Give the column that an aggregate is of, or its SQL."""
    if isinstance(argument, SqlColumnReferenceExpression):
        return str(argument.col_ref.column_name)
    return str(argument.sql_expr) if isinstance(argument, SqlStringExpression) else ""


class _DuckdbExpressions(DuckDbSqlExpressionRenderer):  # type: ignore[misc]  # it has no types
    def __init__(self, aggregates: RollupAggregates) -> None:
        self._aggregates = aggregates

    def visit_function_expr(
        self, node: SqlAggregateFunctionExpression
    ) -> SqlExpressionRenderResult:
        return _rewritten(self._aggregates, node, super().visit_function_expr(node))


class _PostgresExpressions(PostgresSqlExpressionRenderer):  # type: ignore[misc]  # as above
    def __init__(self, aggregates: RollupAggregates) -> None:
        self._aggregates = aggregates

    def visit_function_expr(
        self, node: SqlAggregateFunctionExpression
    ) -> SqlExpressionRenderResult:
        return _rewritten(self._aggregates, node, super().visit_function_expr(node))


def _rewritten(
    aggregates: RollupAggregates,
    node: SqlAggregateFunctionExpression,
    rendered: SqlExpressionRenderResult,
) -> SqlExpressionRenderResult:
    return dataclasses.replace(rendered, sql=aggregates.rewritten(node, rendered.sql))


class _DuckdbRenderer(DuckDbSqlPlanRenderer):  # type: ignore[misc]  # as above
    def __init__(self, aggregates: RollupAggregates) -> None:
        super().__init__()
        self.EXPR_RENDERER = _DuckdbExpressions(aggregates)


class _PostgresRollupRenderer(PostgresRenderer):
    def __init__(self, aggregates: RollupAggregates) -> None:
        super().__init__()
        self.EXPR_RENDERER = _PostgresExpressions(aggregates)


ROLLUP_RENDERERS: dict[str, Callable[[RollupAggregates], SqlPlanRenderer]] = {
    "duckdb": _DuckdbRenderer,
    "postgres": _PostgresRollupRenderer,
}
