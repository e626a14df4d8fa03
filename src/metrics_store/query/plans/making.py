"""Make a plan: MetricFlow plans once for all values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from metrics_store.query.filters.tree import marker_text
from metrics_store.query.orders import in_order_of_saved_query
from metrics_store.query.plans.literals import lift
from metrics_store.query.plans.periods import find_period
from metrics_store.query.plans.plan import END, START, Plan

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest


def make_plan(planner: Planner, request: MetricRequest) -> Plan:
    """Plan a request for any values.

    Raises:
        MetricsStoreError: The request does not fit the definitions.
    """
    known = planner.check(in_order_of_saved_query(planner, request))
    times: tuple[bool, ...] = ()
    if request.where is not None and known.where is not None:
        _, given = lift(request.where)
        lifted, understood = lift(known.where)
        known = dataclasses.replace(known, where=lifted)
        times = tuple(
            isinstance(value, str) and isinstance(meant, dt.date)
            for value, meant in zip(given, understood, strict=True)
        )
    units = _units(planner, known)
    if known.start_time is None and known.end_time is None:
        return Plan(planner.plan_checked(known), times, units=units)
    found = find_period(
        lambda start, end: planner.plan_checked(
            dataclasses.replace(known, start_time=_midnight(start), end_time=_midnight(end))
        ),
        (marker_text(START), marker_text(END)),
        start=known.start_time is not None,
        end=known.end_time is not None,
    )
    if found is None:
        return Plan(planner.plan_checked(known), times, units=units)
    return Plan(found[0], times, found[1], units)


def _units(planner: Planner, request: MetricRequest) -> dict[str, str]:
    """Give the unit of each column of a metric out of its `config.meta.unit`; empty without."""
    metrics = request.metrics
    for saved in planner.manifest.saved_queries:
        if saved.name == request.saved_query:
            metrics = saved.query_params.metrics
    aliases = dict(request.aliases)
    return {
        aliases.get(metric.name, metric.name): str(_meta(metric).get("unit", ""))
        for metric in planner.public_metrics
        if metric.name in metrics
    }


def _meta(metric: PydanticMetric) -> dict[str, Any]:
    return metric.config.meta if metric.config else {}


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time())
