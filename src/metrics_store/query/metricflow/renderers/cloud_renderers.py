"""Renderers for warehouses of which none runs here: MetricFlow's, with orders that are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.sql.render.athena import AthenaSqlExpressionRenderer, AthenaSqlPlanRenderer
from metricflow.sql.render.big_query import BigQuerySqlPlanRenderer
from metricflow.sql.render.redshift import RedshiftSqlPlanRenderer
from metricflow.sql.render.snowflake import SnowflakeSqlPlanRenderer
from metricflow.sql.render.trino import TrinoSqlExpressionRenderer, TrinoSqlPlanRenderer
from metricflow_semantics.errors.error_classes import UnsupportedEngineFeatureError

from metrics_store.query.metricflow.renderers.unknown_last import UnknownLast

if TYPE_CHECKING:
    from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
    from metricflow_semantics.sql.sql_exprs import SqlPercentileExpression


class _NamedRefusals(TrinoSqlExpressionRenderer):  # type: ignore[misc]  # MetricFlow has no types
    def visit_percentile_expr(self, node: SqlPercentileExpression) -> SqlExpressionRenderResult:
        """Refuse what Trino cannot aggregate by the error that all other renderers have."""
        kind = node.percentile_args.function_type
        if not self.can_render_percentile_function(kind):
            raise UnsupportedEngineFeatureError(str(kind))
        return super().visit_percentile_expr(node)


class _AthenaExpressions(_NamedRefusals, AthenaSqlExpressionRenderer):  # type: ignore[misc]
    pass


class AthenaRenderer(UnknownLast, AthenaSqlPlanRenderer):  # type: ignore[misc]
    """SQL for Athena."""

    EXPR_RENDERER = _AthenaExpressions()


class BigQueryRenderer(UnknownLast, BigQuerySqlPlanRenderer):  # type: ignore[misc]
    """SQL for BigQuery."""


class RedshiftRenderer(UnknownLast, RedshiftSqlPlanRenderer):  # type: ignore[misc]
    """SQL for Redshift."""


class SnowflakeRenderer(UnknownLast, SnowflakeSqlPlanRenderer):  # type: ignore[misc]
    """SQL for Snowflake."""


class TrinoRenderer(UnknownLast, TrinoSqlPlanRenderer):  # type: ignore[misc]
    """SQL for Trino."""

    EXPR_RENDERER = _NamedRefusals()
