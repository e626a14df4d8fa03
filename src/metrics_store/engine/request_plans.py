"""The plans of requests: from the cache, or made by the planner."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.deprecation_warnings import deprecated_names
from metrics_store.engine.rollups.rollup_choice import (
    NO_ROLLUP,
    RollupChoice,
    RollupChooser,
    ScopedRequest,
)
from metrics_store.engine.snapshots.permissions import row_values
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.metric_request import check_span
from metrics_store.query.plans.plan import Plan, request_shape
from metrics_store.query.plans.plan_cache import PlanCache
from metrics_store.query.plans.plan_files import PlanScope
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.access.row_filters import Scope
    from metrics_store.engine.rollups.rollup_catalogue import RollupStates
    from metrics_store.engine.rollups.table_state import TableState
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.filters.filter_tree import Value
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.declaration import RollupDeclaration

# Raised when the same definitions give another plan than before.
_PLANNING = "25"


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
        rollups: The roll-ups that it is answered from.
        rollup_reasons: Why it, or a part of it, is not answered from others.
        rewrites: How the plan was made faster, and what of it was not and why.
    """

    sql: str
    units: Mapping[str, str]
    cache_hit: bool
    deprecated: tuple[str, ...] = ()
    time_columns: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, request: MetricRequest, sql: str, *, cache_hit: bool) -> PlannedRequest:
        """Give a plan's, with the SQL and the notices of a request."""
        notices = plan.notices_of(request)
        return cls(
            sql,
            plan.units,
            cache_hit,
            plan.deprecated,
            plan.time_columns,
            notices,
            rewrites=plan.rewrites,
        )

    def answered_from(self, choice: RollupChoice) -> PlannedRequest:
        """Give it with the roll-ups that were chosen."""
        return dataclasses.replace(self, rollups=choice.names, rollup_reasons=choice.reasons)


class RequestPlans:
    """Plans requests, once for all that differ in values only.

    Args:
        directory: Where plans are kept for other processes; none to keep them in memory only.
        rollups: Whether requests may be answered from roll-ups.
    """

    def __init__(self, directory: Path | None, *, rollups: bool = True) -> None:
        self._cache = PlanCache(directory)
        self._uses_rollups = rollups
        self._rollups = RollupChooser(self._cache)
        self._unplanned: set[tuple[PlanScope, str, str]] = set()

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
        if request.where is None:
            return self._of_rows(live, request, principal, at_once=at_once)
        # As the parser of filters, it takes long to import.
        from metrics_store.query.plans.value_conditions import split_conditions  # noqa: PLC0415

        of_rows, of_values = split_conditions(request)
        planned = self._of_rows(live, of_rows, principal, at_once=at_once)
        if of_values is None:
            return planned
        return dataclasses.replace(planned, sql=of_values.applied_to(planned.sql, live.dialect))

    def _of_rows(
        self, live: Snapshot, request: MetricRequest, principal: Principal, *, at_once: bool
    ) -> PlannedRequest:
        """Give the SQL of a request without conditions on values."""
        check_span(request)
        shape = request_shape(request)
        if at_once and not live.permissions_are_known:
            raise NotKeptError
        permitted = live.permissions.scope(request, shape, principal, at_once=at_once)
        scoped = ScopedRequest(request, shape, permitted, _scope(live, permitted))
        choice = NO_ROLLUP
        if self._uses_rollups:
            choice = self._rollups.choose(live, scoped, at_once=at_once)
        if not choice.tables:
            return self._planned(live, scoped, choice, at_once=at_once)
        key = (scoped.plans, shape, choice.key)
        if key not in self._unplanned:
            with contextlib.suppress(MetricsStoreError):
                return self._planned(live, scoped, choice, at_once=at_once)
        reason = f"no plan leads from {', '.join(choice.names)} to the answer"
        rest = RollupChoice(reasons=(*choice.reasons, reason))
        planned = self._planned(live, scoped, rest, at_once=at_once)
        # The request is right, as the rows themselves have just shown.
        self._unplanned.add(key)
        return planned

    def rollup_states(self, live: Snapshot) -> RollupStates:
        """Give the roll-ups of a snapshot, each with whether it can be used now."""
        return self._rollups.catalogue(live).states()

    def rollup_state(self, live: Snapshot, declaration: RollupDeclaration) -> TableState:
        """Give whether a table that is declared so could be used as a roll-up now."""
        return self._rollups.catalogue(live).state_of(declaration)

    def _planned(
        self, live: Snapshot, scoped: ScopedRequest, choice: RollupChoice, *, at_once: bool
    ) -> PlannedRequest:
        request, permitted = scoped.request, scoped.permitted
        key = (_over_rollups(scoped.plans, choice), scoped.shape)
        values = row_values(permitted)
        plan = self._cache.get(*key, in_memory=at_once)
        sql = None if plan is None else _filled(plan, request, values)
        if plan is not None and sql is not None:
            return PlannedRequest.of(plan, request, sql, cache_hit=True).answered_from(choice)
        if at_once:
            raise NotKeptError
        with live.planning() as planner:
            from metrics_store.query.plans.plan_builder import build_plan  # noqa: PLC0415 - slow

            # Another thread may have made it while this one waited.
            plan = self._cache.get(*key)
            if plan is None or _filled(plan, request, values) is None:
                _check_types(live, planner, request)
                visible = live.permissions.planner(permitted, planner)
                if choice.tables:
                    visible = self._rollups.planner(live, visible, permitted, choice)
                plan = dataclasses.replace(
                    build_plan(visible, request), deprecated=deprecated_names(planner, request)
                )
                self._cache.put(*key, plan)
        sql = plan.fill(request, values)
        return PlannedRequest.of(plan, request, sql, cache_hit=False).answered_from(choice)

    @staticmethod
    def see_alike(live: Snapshot, requests: Sequence[MetricRequest], principal: Principal) -> bool:
        """Whether the principal may see the same rows by each of some requests.

        Raises:
            MetricsStoreError: One of them is not allowed.
        """
        scopes = [
            live.permissions.scope(request, request_shape(request), principal)
            for request in requests
        ]
        return all(scope == scopes[0] for scope in scopes)


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


def _over_rollups(scope: PlanScope, choice: RollupChoice) -> PlanScope:
    if not choice.tables:
        return scope
    name = hashlib.sha256(f"{scope.name}\n{choice.key}".encode()).hexdigest()
    return dataclasses.replace(scope, name=name)


def _scope(live: Snapshot, permitted: Scope | None) -> PlanScope:
    rows = "" if permitted is None else repr((permitted.rows.shape, permitted.has_metrics))
    parts = (__version__, _PLANNING, live.manifest_hash, live.dialect, rows)
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return PlanScope(name, live.warehouse.artifacts / SEMANTIC_MANIFEST, live.manifest_hash)
