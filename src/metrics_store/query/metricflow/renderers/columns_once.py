"""Selects each column once: MetricFlow writes one twice that two metrics of a question need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.sql.render.sql_plan_renderer import DefaultSqlPlanRenderer

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderResult
    from metricflow.sql.sql_select_node import SqlSelectColumn


class ColumnsOnce(DefaultSqlPlanRenderer):  # type: ignore[misc]  # MetricFlow has no types
    """Leaves out a column that is there already.

    A ratio of fees and fees so far, asked together without a time, both need `SUM(fees) AS fees`.
    PostgreSQL calls such a name ambiguous; DuckDB takes the first, whatever the second is.
    """

    def _render_select_columns_section(
        self,
        select_columns: Sequence[SqlSelectColumn],
        num_parents: int,
        distinct: bool,  # noqa: FBT001 - MetricFlow's
    ) -> SqlPlanRenderResult:
        once: dict[str, SqlSelectColumn] = {}
        for column in select_columns:
            known = once.setdefault(column.column_alias, column)
            if known is not column and self._text(known) != self._text(column):
                raise MetricsStoreError(
                    "two parts of these metrics have one name, and are not the same",
                    where=column.column_alias,
                    remedy="ask for the metrics one by one",
                )
        return super()._render_select_columns_section(tuple(once.values()), num_parents, distinct)

    def _text(self, column: SqlSelectColumn) -> str:
        text: str = self.EXPR_RENDERER.render_sql_expr(column.expr).sql
        return text
