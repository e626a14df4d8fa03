"""Orders in which what is unknown comes last, downwards too, as in DuckDB."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.query.metricflow.renderers.columns_once import ColumnsOnce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderResult
    from metricflow.sql.sql_select_node import SqlOrderByDescription


class UnknownLast(ColumnsOnce):
    """Says in every order that what is unknown comes last."""

    def _render_order_by_section(
        self, order_bys: Sequence[SqlOrderByDescription]
    ) -> SqlPlanRenderResult | None:
        rendered = super()._render_order_by_section(order_bys)
        if rendered is None:
            return None
        # Only names stand in an order.
        places = (f"{one} NULLS LAST" for one in rendered.sql.split(", "))
        return dataclasses.replace(rendered, sql=", ".join(places))
