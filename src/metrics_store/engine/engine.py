"""The engine of one target: from a request and a principal to an answer."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call, NotKeptError
from metrics_store.engine.deprecation_warnings import deprecation_warnings
from metrics_store.engine.observer import ANSWERED, BROKEN, FinishedRequest, Observer
from metrics_store.engine.request_plans import RequestPlans
from metrics_store.engine.result_cache import ResultCache
from metrics_store.engine.settings import EngineSettings
from metrics_store.engine.snapshots.live_snapshot import LiveSnapshot
from metrics_store.engine.tracing import span
from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    UnavailableError,
)
from metrics_store.query.output.column_units import with_units
from metrics_store.query.output.table_notices import (
    ROLLUP_REASONS,
    ROLLUPS,
    WARNINGS,
    with_notices,
)
from metrics_store.warehouse.answer_types import with_timestamps
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.request_plans import PlannedRequest
    from metrics_store.engine.result_files import ResultFiles
    from metrics_store.engine.rollups.rollup_catalogue import RollupStates
    from metrics_store.engine.rollups.table_state import TableState
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.project.profile import Target
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.rollups.declaration import RollupDeclaration

_log = logging.getLogger(__name__)

# To write down more takes longer than others should wait for it.
_SMALL_BYTES = 131_072


@dataclass
class _Report:
    """What observers learn of a request when it is over."""

    rows: int | None = None
    plan_cache_hit: bool = False
    deprecated: tuple[str, ...] = ()


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
        self._observers = tuple(observers)
        self._plans = RequestPlans(self._settings.plan_directory, rollups=self._settings.rollups)
        self._results = ResultCache(self._settings.result_bytes, self._result_files())
        self._turns = threading.BoundedSemaphore(self._settings.at_once)
        self._running: dict[int, Call] = {}
        self._stopped = False
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
            self._reported(call, principal, request, "answer") as report,
            self._live.leased(at_once=call.at_once) as live,
        ):
            planned = self._planned(live, request, principal, call, report)
            rows = with_timestamps(self._rows(live, planned.sql, call), planned.time_columns)
            table = with_units(rows, planned.units)
            report.rows = table.num_rows
            for key, texts in (
                (WARNINGS, call.warnings),
                (ROLLUPS, call.rollups),
                (ROLLUP_REASONS, call.rollup_reasons),
            ):
                table = with_notices(table, key, texts)
            return Answer(
                table,
                planned.sql,
                live.data_version,
                call.request_id,
                call.warnings,
                call.rollups,
                call.rollup_reasons,
            )

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
            self._reported(call, principal, request, "compile") as report,
            self._live.leased() as live,
        ):
            return self._planned(live, request, principal, call, report).sql

    def definitions(self, principal: Principal) -> Definitions:
        """Give the definitions that are live now, cut to what the principal may see.

        Raises:
            UnavailableError: There are none, or they cannot be read.
        """
        with self._live.leased() as live:
            return live.definitions(principal)

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
        self._stopped = True
        for call in list(self._running.values()):
            call.cancel()

    def close(self) -> None:
        """Let go of the warehouse once the requests under way are over."""
        self._live.close()

    def _result_files(self) -> ResultFiles | None:
        directory = self._settings.result_directory
        if directory is None or not self._settings.result_bytes:
            return None
        from metrics_store.engine.result_files import ResultFiles  # noqa: PLC0415 - only servers

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
        report: _Report,
    ) -> PlannedRequest:
        with span("plan"):
            planned = self._plans.planned(live, request, principal, at_once=call.at_once)
        report.plan_cache_hit, report.deprecated = planned.cache_hit, planned.deprecated
        deprecated = deprecation_warnings(
            live, planned.deprecated, principal, self._settings.today()
        )
        call.warnings = (*deprecated, *planned.notices)
        call.rollups, call.rollup_reasons = planned.rollups, planned.rollup_reasons
        call.rewrites = planned.rewrites
        return planned

    def _rows(self, live: Snapshot, sql: str, call: Call) -> pa.Table:
        known = None
        if live.is_immutable:
            known = self._results.get(live.data_version, sql, in_memory=call.at_once)
        if known is not None and not (call.at_once and known.nbytes > _SMALL_BYTES):
            return known
        if call.at_once:
            raise NotKeptError
        with self._turn(call), span("execute"):
            _log.debug("statement", extra={"fields": {"request_id": call.request_id, "sql": sql}})
            table = live.executor.read(
                Statement(sql, call.request_id, self._settings.limits, call.stop_with)
            )
        if live.is_immutable:
            self._results.put(live.data_version, sql, table)
        return table

    @contextmanager
    def _turn(self, call: Call) -> Iterator[None]:
        ends = time.monotonic() + self._settings.limits.seconds
        # Looked at again now and then: whoever waits may be gone.
        while not self._turns.acquire(timeout=0.2):
            if call.cancelled:
                raise CancelledError("the question was cancelled")
            if time.monotonic() > ends:
                raise LimitExceededError(
                    "too many questions are being answered", remedy="ask again later"
                )
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def _reported(
        self, call: Call, principal: Principal, request: MetricRequest, action: str
    ) -> Iterator[_Report]:
        """Report a request to the observers when it is over, however it ends."""
        report, started = _Report(), time.perf_counter()
        outcome: str | None = BROKEN
        self._running[id(report)] = call
        try:
            if call.cancelled:
                raise CancelledError("the question was cancelled")
            if self._stopped:
                raise UnavailableError("the server is stopping")
            with span(action, door=call.interface, request_id=call.request_id):
                yield report
            outcome = ANSWERED
        except NotKeptError:
            # It comes again, by a call that may wait.
            outcome = None
            raise
        except MetricsStoreError as error:
            outcome = error.code
            raise
        finally:
            del self._running[id(report)]
            if outcome is not None:
                event = FinishedRequest(
                    call=call,
                    principal=principal,
                    request=request,
                    outcome=outcome,
                    seconds=time.perf_counter() - started,
                    rows=report.rows,
                    plan_cache_hit=report.plan_cache_hit,
                    action=action,
                    deprecated=report.deprecated,
                )
                for observer in self._observers:
                    observer.finished(event)
