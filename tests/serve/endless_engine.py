"""An engine that keeps its callers waiting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from metrics_store.engine.engine import Engine
from metrics_store.errors import CancelledError

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest

PATIENCE = 60


class Endless(Engine):
    """An engine that works until somebody stops it."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.stopped = threading.Event()

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        del request, principal
        assert call is not None
        stop = threading.Event()
        call.stop_with(stop.set)
        self.begun.set()
        assert stop.wait(PATIENCE)
        self.stopped.set()
        raise CancelledError("the request was cancelled")

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        del request, principal, call
        return ""
