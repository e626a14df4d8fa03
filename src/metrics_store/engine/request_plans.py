"""The plans of requests: from the cache, or made by the planner."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.deprecation_warnings import deprecated_names
from metrics_store.engine.snapshots.permissions import row_values
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.plans.plan import Plan, request_shape
from metrics_store.query.plans.plan_cache import PlanCache
from metrics_store.query.plans.plan_files import PlanScope
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.access.row_filters import Scope
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.filters.filter_tree import Value
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner

# Raised when the same definitions give another plan than before.
_PLANNING = "13"


@dataclass(frozen=True)
class PlannedRequest:
    """A request, planned.

    Attributes:
        sql: The statement for the warehouse.
        units: Column -> unit.
        cache_hit: Whether the plan came from the cache.
        deprecated: The deprecated metrics that the request names.
        time_columns: The columns of times by a grain.
        notices: Notices about the values of the answer.
    """

    sql: str
    units: Mapping[str, str]
    cache_hit: bool
    deprecated: tuple[str, ...] = ()
    time_columns: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, request: MetricRequest, sql: str, *, cache_hit: bool) -> PlannedRequest:
        """Give a plan's, with the SQL and the notices of a request."""
        notices = plan.notices_of(request)
        return cls(sql, plan.units, cache_hit, plan.deprecated, plan.time_columns, notices)


class RequestPlans:
    """Plans requests, once for all that differ in values only.

    Args:
        directory: Where plans are kept for other processes; none to keep them in memory only.
    """

    def __init__(self, directory: Path | None) -> None:
        self._cache = PlanCache(directory)

    def planned(
        self, live: Snapshot, request: MetricRequest, principal: Principal, *, at_once: bool = False
    ) -> PlannedRequest:
        """Give the SQL of a request.

        Args:
            live: What is asked.
            request: The request.
            principal: The principal who sent it.
            at_once: Only with what is in memory.

        Raises:
            MetricsStoreError: The request does not fit the definitions, or is not allowed.
            NotKeptError: It is wanted at once, and was not planned here before.
        """
        shape = request_shape(request)
        if at_once and not live.permissions_are_known:
            raise NotKeptError
        permitted = live.permissions.scope(request, shape, principal, at_once=at_once)
        scope = _scope(live, permitted)
        values = row_values(permitted)
        plan = self._cache.get(scope, shape, in_memory=at_once)
        sql = None if plan is None else _filled(plan, request, values)
        if plan is not None and sql is not None:
            return PlannedRequest.of(plan, request, sql, cache_hit=True)
        if at_once:
            raise NotKeptError
        with live.planning() as planner:
            from metrics_store.query.plans.plan_builder import build_plan  # noqa: PLC0415 - slow

            # Another thread may have made it while this one waited.
            plan = self._cache.get(scope, shape)
            if plan is None or _filled(plan, request, values) is None:
                _check_types(live, planner, request)
                plan = dataclasses.replace(
                    build_plan(live.permissions.planner(permitted, planner), request),
                    deprecated=deprecated_names(planner, request),
                )
                self._cache.put(scope, shape, plan)
        sql = plan.fill(request, values)
        return PlannedRequest.of(plan, request, sql, cache_hit=False)


def _check_types(live: Snapshot, planner: Planner, request: MetricRequest) -> None:
    if request.where is not None:
        known = planner.resolve(request).where
        if known is not None:
            live.dimension_types(planner).check(known)


def _filled(plan: Plan, request: MetricRequest, values: Mapping[str, Value]) -> str | None:
    try:
        return plan.fill(request, values)
    except ValueError:
        # A value is no time, or a finer one: planning says so in words.
        return None


def _scope(live: Snapshot, permitted: Scope | None) -> PlanScope:
    rows = "" if permitted is None else repr((permitted.rows.shape, permitted.has_metrics))
    parts = (__version__, _PLANNING, live.manifest_hash, live.dialect, rows)
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return PlanScope(name, live.warehouse.artifacts / SEMANTIC_MANIFEST, live.manifest_hash)
