"""Writes SQL for PostgreSQL so that it means the same as in DuckDB."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
from metricflow.sql.render.postgres import (
    PostgresSqlExpressionRenderer,
    PostgresSQLSqlPlanRenderer,
)
from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.query.metricflow.renderers.columns_once import ColumnsOnce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderResult
    from metricflow.sql.sql_select_node import SqlOrderByDescription
    from metricflow_semantics.sql.sql_exprs import SqlSubtractTimeIntervalExpression

# What PostgreSQL's function calls in another way than MetricFlow thinks.
_SHORT_NAMES = {TimeGranularity.MINUTE: "mins", TimeGranularity.SECOND: "secs"}


class _PostgresExpressionRenderer(PostgresSqlExpressionRenderer):  # type: ignore[misc]  # no types
    def visit_subtract_time_interval_expr(
        self, node: SqlSubtractTimeIntervalExpression
    ) -> SqlExpressionRenderResult:
        """Write a window of minutes or seconds as PostgreSQL understands it."""
        unit = _SHORT_NAMES.get(node.granularity)
        if unit is None:
            return super().visit_subtract_time_interval_expr(node)
        time = self.render_sql_expr(node.arg)
        return SqlExpressionRenderResult(
            f"{time.sql} - MAKE_INTERVAL({unit} => {node.count})", time.bind_parameter_set
        )


class PostgresRenderer(ColumnsOnce, PostgresSQLSqlPlanRenderer):  # type: ignore[misc]  # it has no types
    """SQL for PostgreSQL; what is unknown comes last, downwards too, as it does in DuckDB."""

    EXPR_RENDERER = _PostgresExpressionRenderer()

    def _render_order_by_section(
        self, order_bys: Sequence[SqlOrderByDescription]
    ) -> SqlPlanRenderResult | None:
        rendered = super()._render_order_by_section(order_bys)
        if rendered is None:
            return None
        # Only a name stands in an order, and none ends so.
        return dataclasses.replace(
            rendered, sql=re.sub(r" DESC(?=,|$)", " DESC NULLS LAST", rendered.sql)
        )
