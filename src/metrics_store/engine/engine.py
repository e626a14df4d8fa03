"""The engine of one target: every door gives it a request and a principal, and gets an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call
from metrics_store.query.store import MetricStore, open_store

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.project.profile import Target
    from metrics_store.query.request import MetricRequest


class Engine:
    """The metrics of one target; safe to use from any number of threads."""

    def __init__(self, target: Target) -> None:
        self._store = open_store(target)

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        """Answer a request with what the principal may see.

        Raises:
            MetricsStoreError: The request is wrong (its subclasses say when it is something else).
        """
        del principal
        call = call or Call("engine")
        sql = self._store.planner.plan(request)
        return Answer(self._store.read(sql), sql, self.data_version, call.request_id)

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        """Give the SQL that answers a request for the principal.

        Raises:
            MetricsStoreError: The request is wrong.
        """
        del principal, call
        return self._store.planner.plan(request)

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
