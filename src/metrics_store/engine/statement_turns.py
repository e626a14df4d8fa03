"""How many statements the warehouse works on at once; the others wait for their turn."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from metrics_store.errors import CancelledError, LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.engine.call import Call

# Looked at again now and then: whoever waits may be gone.
_SECONDS_BETWEEN_LOOKS = 0.2


class StatementTurns:
    """The turns of one engine.

    Args:
        at_once: How many may be taken at a time.
        seconds: How long a call waits for one.
    """

    def __init__(self, at_once: int, seconds: float) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._seconds = seconds

    @contextmanager
    def taken(self, call: Call) -> Iterator[None]:
        """Have a turn for the `with` block, once there is one.

        Raises:
            CancelledError: Nobody waits for the call any more.
            LimitExceededError: It waited too long.
        """
        ends = time.monotonic() + self._seconds
        while not self._free.acquire(timeout=_SECONDS_BETWEEN_LOOKS):
            if call.cancelled:
                raise CancelledError("the question was cancelled")
            if time.monotonic() > ends:
                raise LimitExceededError(
                    "too many questions are being answered", remedy="ask again later"
                )
        try:
            yield
        finally:
            self._free.release()
