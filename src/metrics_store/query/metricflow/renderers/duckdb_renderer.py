"""Writes SQL for DuckDB so that it means the same as in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.sql.render.duckdb_renderer import (
    DuckDbSqlExpressionRenderer,
    DuckDbSqlPlanRenderer,
)
from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
from metricflow_semantics.sql.sql_exprs import SqlPercentileFunctionType

from metrics_store.query.metricflow.renderers.columns_once import ColumnsOnce

if TYPE_CHECKING:
    from metricflow_semantics.sql.sql_exprs import SqlPercentileExpression


class _DuckDbExpressionRenderer(DuckDbSqlExpressionRenderer):  # type: ignore[misc]  # no types
    def visit_percentile_expr(self, node: SqlPercentileExpression) -> SqlExpressionRenderResult:
        """Interpolate between doubles: between decimals, DuckDB cuts the digits that they lack."""
        if node.percentile_args.function_type is not SqlPercentileFunctionType.CONTINUOUS:
            return super().visit_percentile_expr(node)
        value = self.render_sql_expr(node.order_by_arg)
        return SqlExpressionRenderResult(
            f"PERCENTILE_CONT({node.percentile_args.percentile})"
            f" WITHIN GROUP (ORDER BY CAST({value.sql} AS {self.double_data_type}))",
            value.bind_parameter_set,
        )


class DuckDbRenderer(ColumnsOnce, DuckDbSqlPlanRenderer):  # type: ignore[misc]  # it has no types
    """SQL for DuckDB, with percentiles as PostgreSQL works them out."""

    EXPR_RENDERER = _DuckDbExpressionRenderer()
