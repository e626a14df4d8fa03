"""Writes SQL for Spark, and for Databricks, so that it means the same as in DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.sql.render.databricks import (
    DatabricksSqlExpressionRenderer,
    DatabricksSqlPlanRenderer,
)
from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
from metricflow_semantics.sql.sql_exprs import SqlFunction, SqlPercentileFunctionType

from metrics_store.query.metricflow.renderers.unknown_last import UnknownLast

if TYPE_CHECKING:
    from collections.abc import Collection

    from metricflow_semantics.sql.sql_exprs import (
        SqlAggregateFunctionExpression,
        SqlPercentileExpression,
    )

_FUNCTIONS = {
    SqlPercentileFunctionType.CONTINUOUS: "PERCENTILE_CONT",
    SqlPercentileFunctionType.DISCRETE: "PERCENTILE_DISC",
}


class _SparkExpressionRenderer(DatabricksSqlExpressionRenderer):  # type: ignore[misc]  # no types
    @property
    def supported_percentile_function_types(self) -> Collection[SqlPercentileFunctionType]:
        """Those that Databricks has, and discrete ones, which MetricFlow left out for old ones."""
        return {*super().supported_percentile_function_types, SqlPercentileFunctionType.DISCRETE}

    def visit_percentile_expr(self, node: SqlPercentileExpression) -> SqlExpressionRenderResult:
        """Interpolate between doubles, as DuckDB and PostgreSQL do."""
        function = _FUNCTIONS.get(node.percentile_args.function_type)
        if function is None:
            return super().visit_percentile_expr(node)
        value = self.render_sql_expr(node.order_by_arg)
        return SqlExpressionRenderResult(
            f"{function}({node.percentile_args.percentile})"
            f" WITHIN GROUP (ORDER BY CAST({value.sql} AS {self.double_data_type}))",
            value.bind_parameter_set,
        )

    def visit_function_expr(
        self, node: SqlAggregateFunctionExpression
    ) -> SqlExpressionRenderResult:
        """Average doubles: of decimals, Spark gives four digits more than they have."""
        if node.sql_function is not SqlFunction.AVERAGE:
            return super().visit_function_expr(node)
        [value] = [self.render_sql_expr(one) for one in node.sql_function_args]
        return SqlExpressionRenderResult(
            f"AVG(CAST({value.sql} AS {self.double_data_type}))", value.bind_parameter_set
        )


class SparkRenderer(UnknownLast, DatabricksSqlPlanRenderer):  # type: ignore[misc]  # as above
    """SQL for Spark, with averages and percentiles as DuckDB works them out."""

    EXPR_RENDERER = _SparkExpressionRenderer()
