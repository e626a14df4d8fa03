"""The engine of one target: from a request and a principal to an answer."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from typing import TYPE_CHECKING

from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call, NotKeptError
from metrics_store.engine.deprecation_warnings import deprecation_warnings
from metrics_store.engine.fused_requests import fused_requests
from metrics_store.engine.request_plans import RequestPlans
from metrics_store.engine.results.result_cache import ResultCache
from metrics_store.engine.running_calls import Report, RunningCalls
from metrics_store.engine.settings import EngineSettings
from metrics_store.engine.snapshots.live_snapshot import LiveSnapshot
from metrics_store.engine.statement_turns import StatementTurns
from metrics_store.engine.tracing import span
from metrics_store.errors import (
    MetricsStoreError,
    UnavailableError,
)
from metrics_store.query.output.column_units import with_units
from metrics_store.warehouse.answer_types import with_timestamps
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.fused_requests import FusedRequest
    from metrics_store.engine.observer import Observer
    from metrics_store.engine.request_plans import PlannedRequest
    from metrics_store.engine.results.result_files import ResultFiles
    from metrics_store.engine.rollups.rollup_catalogue import RollupStates
    from metrics_store.engine.rollups.table_state import TableState
    from metrics_store.engine.snapshots.metric_list import ListedMetric
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.project.profile import Target
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.rollups.declaration import RollupDeclaration

_log = logging.getLogger(__name__)

# To write down more takes longer than others should wait for it.
_SMALL_BYTES = 131_072


class Engine:
    """The metrics of one target; safe to use from any number of threads.

    Args:
        target: The dbt target.
        settings: What it may use.
        observers: Get every request when it is over.
    """

    def __init__(
        self,
        target: Target,
        settings: EngineSettings | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._settings = settings or EngineSettings()
        self._calls = RunningCalls(observers)
        self._project_directory = target.project_directory
        self._plans = RequestPlans(self._settings.plan_directory, rollups=self._settings.rollups)
        self._results = ResultCache(self._settings.result_bytes, self._result_files())
        self._turns = StatementTurns(self._settings.at_once, self._settings.limits.seconds)
        resources = dataclasses.replace(
            # One more, so that a check of the warehouse does not wait for a turn.
            self._settings.resources,
            connections=self._settings.at_once + 1,
        )
        self._live = LiveSnapshot(target, resources, self._inspect, self._settings.definitions)

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        """Answer a request with what the principal may see.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
            NotKeptError: The call may not wait, and the answer is not kept.
        """
        call = call or Call("engine")
        with (
            self._calls.reported(call, principal, request, "answer") as report,
            self._live.leased(at_once=call.at_once) as live,
        ):
            planned = self._planned(live, request, principal, call, report)
            table = self._table(live, planned, call)
            report.rows = table.num_rows
            return Answer.of(table, planned.sql, live.data_version, call)

    def answer_many(
        self, asked: Sequence[tuple[MetricRequest, Call]], principal: Principal
    ) -> list[Answer | MetricsStoreError]:
        """Answer several requests, as each by itself would be; an error is the answer of its own.

        Metrics of the same rows, by the same group-bys and filters, are computed by one statement.
        """
        found: dict[int, Answer | MetricsStoreError] = {}
        for number, (request, call) in enumerate(asked):
            try:
                found[number] = self.answer(request, principal, call.at_once_only())
            except NotKeptError:
                continue
            except MetricsStoreError as error:
                found[number] = error
        rest = {number: one[0] for number, one in enumerate(asked) if number not in found}
        if len(rest) > 1:
            with contextlib.suppress(MetricsStoreError), self._live.leased() as live:
                for fused in fused_requests(rest, live.row_sources):
                    found |= self._answer_fused(live, fused, asked, principal)
        for number, (request, call) in enumerate(asked):
            if number not in found:
                try:
                    found[number] = self.answer(request, principal, call)
                except MetricsStoreError as error:
                    found[number] = error
        return [found[number] for number in range(len(asked))]

    def _answer_fused(
        self,
        live: Snapshot,
        fused: FusedRequest,
        asked: Sequence[tuple[MetricRequest, Call]],
        principal: Principal,
    ) -> dict[int, Answer]:
        """Answer requests by one statement; none of them where each needs its own."""
        began = time.perf_counter()
        parts = {number: asked[number] for number in fused.numbers}
        together = [fused.request, *(request for request, _ in parts.values())]
        call = next(iter(parts.values()))[1]
        try:
            with self._calls.running(call):
                if not self._plans.see_alike(live, together, principal):
                    return {}
                with span("plan"):
                    planned = self._plans.planned(live, fused.request, principal)
                if planned.deprecated or planned.notices:
                    # It is not known whose they are.
                    return {}
                table = self._table(live, planned, call)
        except MetricsStoreError:
            return {}
        found = {}
        for number, (request, one) in parts.items():
            with self._calls.reported(one, principal, request, "answer", began) as report:
                part = fused.part(table, request)
                report.rows, report.plan_cache_hit = part.num_rows, planned.cache_hit
                _tell_plan(one, planned)
                found[number] = Answer.of(part, planned.sql, live.data_version, one)
        return found

    def dimension_values(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        """Give the values of a request's group-bys, each once and in order.

        With metrics they are those of the rows that the metrics have by the group-bys; without, all
        that the group-bys themselves have.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
        """
        if not request.group_by:
            raise MetricsStoreError("no dimension is asked for")
        answer = self.answer(request, principal, call)
        # Rows are grouped by them, so that none comes twice.
        values = answer.table.select(range(len(request.group_by)))
        return dataclasses.replace(answer, table=values)

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        """Give the SQL that answers a request for the principal.

        The call gets the warnings, and what was rewritten.

        Raises:
            MetricsStoreError: The request is wrong.
        """
        call = call or Call("engine")
        with (
            self._calls.reported(call, principal, request, "compile") as report,
            self._live.leased() as live,
        ):
            return self._planned(live, request, principal, call, report).sql

    def schema(self, request: MetricRequest, principal: Principal) -> pa.Schema:
        """Give the columns of the answer to a request, without its rows; nobody is told of it.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
        """
        call = Call("engine")
        without_rows = dataclasses.replace(request, limit=0)
        with self._live.leased() as live:
            planned = self._plans.planned(live, without_rows, principal)
            rows = self._rows(live, planned.sql, call)
            return with_timestamps(rows, planned.time_columns).schema

    def definitions(self, principal: Principal) -> Definitions:
        """Give the definitions that are live now, cut to what the principal may see.

        Raises:
            UnavailableError: There are none, or they cannot be read.
        """
        with self._live.leased() as live:
            return live.definitions(principal)

    def metric_list(self, principal: Principal) -> list[ListedMetric]:
        """List the metrics that the principal may see, which takes a fraction of `definitions`.

        Raises:
            UnavailableError: There are none, or they cannot be read.
        """
        from metrics_store.engine.snapshots.metric_list import metric_list  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return metric_list(live, principal)

    def full_names(
        self, names: Sequence[str], metrics: Sequence[str], principal: Principal
    ) -> list[str]:
        """Give the full names of dimensions that are named by their last part.

        Raises:
            MetricsStoreError: The metrics have several dimensions of such a name.
        """
        from metrics_store.engine.snapshots.full_names import full_names  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return full_names(live, names, metrics, principal)

    def rollups(self) -> RollupStates:
        """Give the declared roll-ups, each with whether it can be used now.

        Raises:
            UnavailableError: There is nothing live, or it cannot be read.
        """
        with self._live.leased() as live:
            return self._plans.rollup_states(live)

    def rollup_state(self, declaration: RollupDeclaration) -> TableState:
        """Give whether a table that is declared so could be used as a roll-up now.

        Raises:
            MetricsStoreError: It is over what cannot be rolled up, or nothing is live.
        """
        with self._live.leased() as live:
            return self._plans.rollup_state(live, declaration)

    @property
    def is_current(self) -> bool:
        """Whether certainly nothing newer is live, so that no call waits until it is opened."""
        return self._live.is_current

    @property
    def data_version(self) -> str:
        """What is live now: it changes when the data or the definitions change.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.data_version

    @property
    def data_version_is_certain(self) -> bool:
        """Whether data cannot change under one version: so with a file, not with a server.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.is_immutable

    @property
    def artifacts(self) -> Path:
        """The directory with dbt's manifests of what is live now.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.warehouse.artifacts

    @property
    def project_directory(self) -> Path:
        """The directory of the dbt project."""
        return self._project_directory

    @property
    def problem(self) -> MetricsStoreError | None:
        """Why what is live now is not what is answered from; none where it is."""
        return self._live.problem

    def check(self) -> None:
        """Check that the warehouse answers.

        Raises:
            UnavailableError: It does not.
        """
        with self._live.leased() as live:
            live.executor.read(Statement("select 1 as one", limits=self._settings.limits))

    def stop(self) -> None:
        """Cancel all that is under way, through whatever interface it came, and answer no more."""
        self._calls.stop()

    def close(self) -> None:
        """Let go of the warehouse once the requests under way are over."""
        self._live.close()

    def _result_files(self) -> ResultFiles | None:
        directory = self._settings.result_directory
        if directory is None or not self._settings.result_bytes:
            return None
        from metrics_store.engine.results.result_files import ResultFiles  # noqa: PLC0415 - only servers

        return ResultFiles(directory, self._settings.result_bytes)

    def _inspect(self, snapshot: Snapshot, older: Snapshot | None) -> None:
        permissions = snapshot.permissions
        if older is not None and older.permissions.exist and not permissions.exist:
            raise UnavailableError(
                "the policies are gone, and without them everybody would see everything",
                remedy="put them back; to do without policies, start anew",
            )
        if self._settings.eager:
            with snapshot.planning():
                """The definitions are read before anybody waits for them."""

    def _planned(
        self,
        live: Snapshot,
        request: MetricRequest,
        principal: Principal,
        call: Call,
        report: Report,
    ) -> PlannedRequest:
        with span("plan"):
            planned = self._plans.planned(live, request, principal, at_once=call.at_once)
        report.plan_cache_hit, report.deprecated = planned.cache_hit, planned.deprecated
        deprecated = deprecation_warnings(
            live, planned.deprecated, principal, self._settings.today()
        )
        call.warnings = (*deprecated, *planned.notices)
        _tell_plan(call, planned)
        return planned

    def _table(self, live: Snapshot, planned: PlannedRequest, call: Call) -> pa.Table:
        rows = with_timestamps(self._rows(live, planned.sql, call), planned.time_columns)
        return with_units(rows, planned.units)

    def _rows(self, live: Snapshot, sql: str, call: Call) -> pa.Table:
        known = None
        if live.is_immutable:
            known = self._results.get(live.data_version, sql, in_memory=call.at_once)
        if known is not None and not (call.at_once and known.nbytes > _SMALL_BYTES):
            return known
        if call.at_once:
            raise NotKeptError
        with self._turns.taken(call), span("execute"):
            _log.debug("statement", extra={"fields": {"request_id": call.request_id, "sql": sql}})
            table = live.executor.read(
                Statement(sql, call.request_id, self._settings.limits, call.stop_with)
            )
        if live.is_immutable:
            self._results.put(live.data_version, sql, table)
        return table


def _tell_plan(call: Call, planned: PlannedRequest) -> None:
    call.rollups, call.rollup_reasons = planned.rollups, planned.rollup_reasons
    call.rewrites = planned.rewrites
