"""Writes a resolved request as one of MetricFlow's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.engine.metricflow_engine import MetricFlowQueryRequest, OutputColumnOrderMode
from metricflow_semantics.specs.query_param_implementations import MetricParameter

from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.filter_renderer import RenderOptions, render_filter

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest


def metricflow_request(request: MetricRequest, options: RenderOptions) -> MetricFlowQueryRequest:
    """Write a request, all of whose names are known, for MetricFlow.

    Args:
        request: The request.
        options: How its filter is written.
    """
    conditions = [*([] if request.where is None else [request.where]), *request.conditions]
    aliases = dict(request.aliases)
    return MetricFlowQueryRequest.create(
        saved_query_name=request.saved_query,
        metrics=[MetricParameter(name, aliases.get(name)) for name in request.metrics] or None,
        group_by_names=[_group_by(name) for name in request.group_by] or None,
        # MetricFlow leaves the order open; people expect rows in that of the group-bys.
        order_by_names=[_order_by(name) for name in request.order_by or request.group_by] or None,
        where_constraints=[render_filter(one, options) for one in conditions] or None,
        limit=request.limit,
        output_column_order_mode=OutputColumnOrderMode.INPUT_ORDER,
    )


def _group_by(name: str) -> str:
    path, date_part = split_date_part(name)
    if date_part is None:
        return name
    return f"TimeDimension('{path}', date_part_name='{date_part}')"


def _order_by(name: str) -> str:
    bare = name.removeprefix("-")
    return name.removesuffix(bare) + _group_by(bare)
