"""One request on its way through the engine."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.output.table_notices import Notice


class NotKeptError(Exception):
    """A call that may not wait asks for what would take time."""


@dataclass
class Call:
    """The call of one request: its interface, its id and its cancellation.

    Attributes:
        interface: The interface that it came through, such as `rest`, for the logs.
        request_id: What the logs, the warehouse and the caller know it by.
        notices: What the caller should know of the answer, once the request is planned.
        at_once: Whether only what is kept in memory may answer it: the thread may not wait. Else
            a `NotKeptError` says so, and nothing is reported.
        rollups: The roll-ups that it is answered from, once it is planned.
        rollup_reasons: Why it, or a part of it, is not answered from others.
        rewrites: How its plan was made faster, and what of it was not and why.
    """

    interface: str
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    notices: tuple[Notice, ...] = ()
    at_once: bool = False
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    _cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    _stop: Callable[[], None] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _whole: Call | None = field(default=None, repr=False)

    def part(self, number: int) -> Call:
        """Give the call of one of several requests, which are cancelled together."""
        return Call(
            self.interface, f"{self.request_id}-{number}", _cancelled=self._cancelled, _whole=self
        )

    def at_once_only(self) -> Call:
        """Give the same call, answered only by what is kept; see `at_once`."""
        return dataclasses.replace(self, at_once=True)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notices in words."""
        return tuple(one.text for one in self.notices)

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop the work, now or as soon as it begins; any thread may call it."""
        if self._whole is not None:
            self._whole.cancel()
            return
        self._cancelled.set()
        with self._lock:
            if self._stop is not None:
                self._stop()

    def stop_with(self, stop: Callable[[], None] | None) -> None:
        """Set what stops the work under way; none when it is over."""
        if self._whole is not None:
            self._whole.stop_with(stop)
            return
        with self._lock:
            self._stop = stop
            if stop is not None and self.cancelled:
                stop()
