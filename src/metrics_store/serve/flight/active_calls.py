"""The calls under way; each is cancelled when its caller disconnects or asks for that."""

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

_SECONDS_BETWEEN_CHECKS = 0.1


@dataclass(eq=False)
class ActiveCall:
    """One call under way.

    Attributes:
        call: The request as the engine knows it.
        context: What pyarrow knows of the caller's connection; it ends with the call.
        principal: The principal who sent it.
        ticket: What the caller may name to cancel it; none for what cannot be named.
    """

    call: Call
    context: flight.ServerCallContext
    principal: Principal
    ticket: bytes | None = None


@dataclass
class ActiveCalls:
    """All calls under way, and one thread that checks whether their callers are connected."""

    _active: set[ActiveCall] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _stopped: bool = False

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._watch, name="flight-callers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cancel all calls and stop the thread."""
        with self._changed:
            self._stopped = True
            for one in self._active:
                one.call.cancel()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def tracked(self, active: ActiveCall) -> Iterator[None]:
        """Track a call for the `with` block."""
        with self._changed:
            self._active.add(active)
            if self._stopped:
                active.call.cancel()
            self._changed.notify_all()
        try:
            yield
        finally:
            # Under the lock, because the context may not be asked once the call is over.
            with self._changed:
                self._active.remove(active)

    def cancel(self, ticket: bytes, principal: Principal) -> bool:
        """Cancel the calls of a principal with a ticket; give whether there were any."""
        with self._changed:
            named = [
                one for one in self._active if one.ticket == ticket and one.principal == principal
            ]
        for one in named:
            one.call.cancel()
        return bool(named)

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                for one in self._active:
                    if one.context.is_cancelled():
                        one.call.cancel()
                self._changed.wait(_SECONDS_BETWEEN_CHECKS if self._active else None)
