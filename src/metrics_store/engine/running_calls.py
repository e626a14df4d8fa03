"""The calls under way: cancelled when the engine stops, reported when they are over."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.observer import ANSWERED, BROKEN, FinishedRequest
from metrics_store.engine.tracing import span
from metrics_store.errors import CancelledError, MetricsStoreError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.engine.observer import Observer
    from metrics_store.query.metric_request import MetricRequest


@dataclass
class Report:
    """What observers learn of a request when it is over."""

    rows: int | None = None
    plan_cache_hit: bool = False
    deprecated: tuple[str, ...] = ()


class RunningCalls:
    """The calls of one engine.

    Args:
        observers: Get every request when it is over.
    """

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)
        self._running: dict[object, Call] = {}
        self._stopped = False

    def stop(self) -> None:
        """Cancel all of them, and let none begin any more."""
        self._stopped = True
        for call in list(self._running.values()):
            call.cancel()

    @contextmanager
    def running(self, call: Call) -> Iterator[None]:
        """Have a call under way for the `with` block.

        Raises:
            CancelledError: Nobody waits for it.
            UnavailableError: All was stopped.
        """
        key = object()
        self._running[key] = call
        try:
            if call.cancelled:
                raise CancelledError("the question was cancelled")
            if self._stopped:
                raise UnavailableError("the server is stopping")
            yield
        finally:
            del self._running[key]

    @contextmanager
    def reported(
        self,
        call: Call,
        principal: Principal,
        request: MetricRequest,
        action: str,
        began: float | None = None,
    ) -> Iterator[Report]:
        """Have a request under way, and report it when it is over, however it ends."""
        report, started = Report(), time.perf_counter() if began is None else began
        outcome: str | None = BROKEN
        try:
            with (
                self.running(call),
                span(action, door=call.interface, request_id=call.request_id),
            ):
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
            if outcome is not None:
                self._tell(
                    FinishedRequest(
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
                )

    def _tell(self, event: FinishedRequest) -> None:
        for observer in self._observers:
            observer.finished(event)
