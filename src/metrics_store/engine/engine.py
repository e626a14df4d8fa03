"""The engine of one target: every door gives it a request and a principal, and gets an answer."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call
from metrics_store.engine.observation import ANSWERED, BROKEN, Finished
from metrics_store.engine.tracing import span
from metrics_store.errors import MetricsStoreError
from metrics_store.query.store import MetricStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.access.principal import Principal
    from metrics_store.engine.observation import Observer
    from metrics_store.project.profile import Target
    from metrics_store.query.request import MetricRequest


class Engine:
    """The metrics of one target; safe to use from any number of threads."""

    def __init__(self, target: Target, observers: Sequence[Observer] = ()) -> None:
        self._store = open_store(target)
        self._observers = tuple(observers)

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        """Answer a request with what the principal may see.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
        """
        call = call or Call("engine")
        with self._observed("answer", request, principal, call) as rows:
            with span("plan"):
                sql = self._store.planner.plan(request)
            with span("execute"):
                table = self._store.read(sql)
            rows.append(table.num_rows)
            return Answer(table, sql, self.data_version, call.request_id)

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        """Give the SQL that answers a request for the principal.

        Raises:
            MetricsStoreError: The request is wrong.
        """
        call = call or Call("engine")
        with self._observed("compile", request, principal, call), span("plan"):
            return self._store.planner.plan(request)

    @contextmanager
    def _observed(
        self, action: str, request: MetricRequest, principal: Principal, call: Call
    ) -> Iterator[list[int]]:
        """Tell the observers when it is over; the work puts the number of its rows in the list."""
        began = time.perf_counter()
        outcome, rows = BROKEN, list[int]()
        try:
            with span(action, door=call.door, request_id=call.request_id):
                yield rows
            outcome = ANSWERED
        except MetricsStoreError as error:
            outcome = error.code
            raise
        finally:
            seconds = time.perf_counter() - began
            number = rows[0] if rows else None
            event = Finished(call, principal, request, outcome, seconds, number, action=action)
            for observer in self._observers:
                observer.finished(event)

    @property
    def data_version(self) -> str:
        """What is live now: it changes when the data or the definitions change."""
        return "0"

    def store(self, principal: Principal) -> MetricStore:
        """Give the definitions that are live now, cut to what the principal may see."""
        del principal
        return self._store

    def close(self) -> None:
        """Let go of the warehouse."""
