"""Make a plan: MetricFlow plans once for all values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.query.filters.tree import marker_text
from metrics_store.query.plans.literals import lift
from metrics_store.query.plans.periods import find_period
from metrics_store.query.plans.plan import END, START, Plan

if TYPE_CHECKING:
    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest


def make_plan(planner: Planner, request: MetricRequest) -> Plan:
    """Plan a request for any values.

    Raises:
        MetricsStoreError: The request does not fit the definitions.
    """
    known = planner.check(request)
    times: tuple[bool, ...] = ()
    if request.where is not None and known.where is not None:
        _, given = lift(request.where)
        lifted, understood = lift(known.where)
        known = dataclasses.replace(known, where=lifted)
        times = tuple(
            isinstance(value, str) and isinstance(meant, dt.date)
            for value, meant in zip(given, understood, strict=True)
        )
    if known.start_time is None and known.end_time is None:
        return Plan(planner.plan_checked(known), times)
    found = find_period(
        lambda start, end: planner.plan_checked(
            dataclasses.replace(known, start_time=_midnight(start), end_time=_midnight(end))
        ),
        (marker_text(START), marker_text(END)),
        start=known.start_time is not None,
        end=known.end_time is not None,
    )
    if found is None:
        return Plan(planner.plan_checked(known), times)
    return Plan(found[0], times, found[1])


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time())
