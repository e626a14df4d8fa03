"""The calls under way: a caller who has gone, or who says so, stops the work."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow import flight

    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call

_SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(eq=False)
class Running:
    """One call under way.

    Attributes:
        call: The request as the engine knows it.
        context: What pyarrow knows of the caller's connection; it ends with the call.
        principal: Who asked.
        ticket: What the caller may name to cancel it; none for what cannot be named.
    """

    call: Call
    context: flight.ServerCallContext
    principal: Principal
    ticket: bytes | None = None


@dataclass
class RunningCalls:
    """All calls under way, and one thread that looks whether their callers are still there."""

    _running: set[Running] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _stopped: bool = False

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, name="flight-callers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cancel everything, look no more."""
        with self._changed:
            self._stopped = True
            for one in self._running:
                one.call.cancel()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def tracked(self, running: Running) -> Iterator[None]:
        """Keep an eye on a call until its work is over."""
        with self._changed:
            self._running.add(running)
            if self._stopped:
                running.call.cancel()
            self._changed.notify_all()
        try:
            yield
        finally:
            # Under the lock, because the context may not be asked once the call is over.
            with self._changed:
                self._running.remove(running)

    def cancel(self, ticket: bytes, principal: Principal) -> bool:
        """Cancel what a principal asked for with a ticket; tells whether there was anything."""
        with self._changed:
            named = [
                one for one in self._running if one.ticket == ticket and one.principal == principal
            ]
        for one in named:
            one.call.cancel()
        return bool(named)

    def _look(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                for one in self._running:
                    if one.context.is_cancelled():
                        one.call.cancel()
                self._changed.wait(_SECONDS_BETWEEN_LOOKS if self._running else None)
