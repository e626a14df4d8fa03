"""Writes SQL for PostgreSQL so that it means the same as in DuckDB."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderResult
    from metricflow.sql.sql_select_node import SqlOrderByDescription


class PostgresRenderer(PostgresSQLSqlPlanRenderer):  # type: ignore[misc]  # it has no types
    """SQL for PostgreSQL; what is unknown comes last, downwards too, as it does in DuckDB."""

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
