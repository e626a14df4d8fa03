"""The engine of one target: from a request and a principal to an answer."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from typing import TYPE_CHECKING

from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call, NotKeptError
from metrics_store.engine.deprecation_warnings import deprecation_warnings
from metrics_store.engine.fused_requests import fused_requests
from metrics_store.engine.request_plans import RequestPlans
from metrics_store.engine.running_calls import Report, RunningCalls
from metrics_store.engine.settings import EngineSettings
from metrics_store.engine.snapshots.empty_answers import empty_groups, is_empty, reasons
from metrics_store.engine.snapshots.live_snapshot import LiveSnapshot
from metrics_store.engine.snapshots.live_state import LiveState
from metrics_store.engine.snapshots.statement_rows import StatementRows
from metrics_store.engine.tracing import span
from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.query.output.column_units import with_units
from metrics_store.query.output.table_notices import Notice, NoticeKind
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
    from metrics_store.engine.rollups.rollup_catalogue import RollupStates
    from metrics_store.engine.rollups.table_state import TableState
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.project.profile import Target
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.rollups.declaration import RollupDeclaration


class Engine(LiveState):
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
        settings = settings or EngineSettings()
        self._calls = RunningCalls(observers)
        self._project_directory = target.project_directory
        self._plans = RequestPlans(settings.plan_directory, rollups=settings.rollups)
        self._rows = StatementRows(settings)
        # One more, so that a check of the warehouse does not wait for a turn.
        connections = settings.at_once + 1
        resources = dataclasses.replace(settings.resources, connections=connections)
        live = LiveSnapshot(target, resources, self._inspect, settings.definitions)
        super().__init__(live, settings)

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
            request = live.calendar.dated(request, self._settings.today(), at_once=call.at_once)
            planned = self._planned(live, request, principal, call, report)
            table = self._table(live, planned, call)
            report.rows = table.num_rows
            self._explain(live, request, table, principal, call)
            return self._answered(live, table, planned, call)

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
                today = self._settings.today()
                dated = [(live.calendar.dated(one, today), call) for one, call in asked]
                rest = {number: dated[number][0] for number in rest}
                for fused in fused_requests(rest, live.row_sources):
                    found |= self._answer_fused(live, fused, dated, principal)
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
                self._explain(live, request, part, principal, one)
                found[number] = self._answered(live, part, planned, one)
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
            request = live.calendar.dated(request, self._settings.today())
            return self._planned(live, request, principal, call, report).sql

    def schema(self, request: MetricRequest, principal: Principal) -> pa.Schema:
        """Give the columns of the answer to a request, without its rows; nobody is told of it.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
        """
        call = Call("engine")
        with self._live.leased() as live:
            dated = live.calendar.dated(request, self._settings.today())
            planned = self._plans.planned(live, dataclasses.replace(dated, limit=0), principal)
            rows = self._rows.read(live, planned.sql, call)
            return with_timestamps(rows, planned.time_columns).schema

    def value_ranks(
        self, group_bys: Sequence[str], principal: Principal
    ) -> dict[str, dict[object, object]]:
        """Give the ranks of the values of each group-by that declares an order, such as stages."""
        from metrics_store.engine.snapshots.value_ranks import value_ranks  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return value_ranks(
                live.content, group_bys, lambda asked: self.answer(asked, principal).table
            )

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
    def project_directory(self) -> Path:
        """The directory of the dbt project."""
        return self._project_directory

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
        call.notices = (
            *(Notice(NoticeKind.DEPRECATED_METRIC, text) for text in deprecated),
            *(Notice(NoticeKind.PARTIAL_PERIOD, text) for text in planned.notices),
        )
        _tell_plan(call, planned)
        return planned

    def _explain(
        self,
        live: Snapshot,
        request: MetricRequest,
        table: pa.Table,
        principal: Principal,
        call: Call,
    ) -> None:
        """Say in the call why there is nothing to answer with, or nothing to group by."""

        def ask(other: MetricRequest) -> pa.Table:
            planned = self._plans.planned(live, other, principal, at_once=call.at_once)
            return self._table(live, planned, call)

        found = reasons(request, ask) if is_empty(table) else empty_groups(request, table)
        said = (Notice(NoticeKind.EMPTY_ANSWER, text) for text in found)
        call.notices = (*call.notices, *said)

    @staticmethod
    def _answered(live: Snapshot, table: pa.Table, planned: PlannedRequest, call: Call) -> Answer:
        reference = live.calendar.known_reference_date(at_once=call.at_once)
        return Answer.of(table, planned.sql, live.data_version, call, reference)

    def _table(self, live: Snapshot, planned: PlannedRequest, call: Call) -> pa.Table:
        rows = with_timestamps(self._rows.read(live, planned.sql, call), planned.time_columns)
        return with_units(rows, planned.units, live.unit_names)


def _tell_plan(call: Call, planned: PlannedRequest) -> None:
    call.rollups, call.rollup_reasons = planned.rollups, planned.rollup_reasons
    call.rewrites = planned.rewrites
