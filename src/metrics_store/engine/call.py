"""One request on its way through the engine."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class NotKeptError(Exception):
    """A call that may not wait asks for what would take time."""


@dataclass
class Call:
    """The call of one request: its interface, its id and its cancellation.

    Attributes:
        interface: The interface that it came through, such as `rest`, for the logs.
        request_id: What the logs, the warehouse and the caller know it by.
        warnings: Notices for the caller, once the request is planned.
        at_once: Whether only what is kept in memory may answer it: the thread may not wait. Else
            a `NotKeptError` says so, and nothing is reported.
        rollups: The roll-ups that it is answered from, once it is planned.
        rollup_reasons: Why it, or a part of it, is not answered from others.
        rewrites: How its plan was made faster, and what of it was not and why.
    """

    interface: str
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    warnings: tuple[str, ...] = ()
    at_once: bool = False
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    _cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    _stop: Callable[[], None] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop the work, now or as soon as it begins; any thread may call it."""
        self._cancelled.set()
        with self._lock:
            if self._stop is not None:
                self._stop()

    def stop_with(self, stop: Callable[[], None] | None) -> None:
        """Set what stops the work under way; none when it is over."""
        with self._lock:
            self._stop = stop
            if stop is not None and self.cancelled:
                stop()
