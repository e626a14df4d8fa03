"""Answers that take long: whoever asked is told to ask again, and finds the answer under way.

Cube's clients know this as `Continue wait`. It keeps proxies and browsers from giving up.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Hashable
    from typing import Any

# As long as Cube has its clients wait, and as long as one may take to ask again.
_WAIT_SECONDS, _KEPT_SECONDS = 10.0, 30.0


@dataclass(eq=False)
class _Waiting:
    """An answer under way.

    Attributes:
        task: Works on it.
        askers: How many wait for it now.
        turns: How often it was asked for.
    """

    task: asyncio.Task[bytes]
    askers: int = 0
    turns: int = 0


class WaitingAnswers:
    """The answers under way of one event loop.

    Args:
        wait_seconds: How long somebody waits before they have to ask again.
        kept_seconds: How long an answer is worked on, and kept, for whom nobody waits.
    """

    def __init__(
        self, wait_seconds: float = _WAIT_SECONDS, kept_seconds: float = _KEPT_SECONDS
    ) -> None:
        self._wait_seconds = wait_seconds
        self._kept_seconds = kept_seconds
        self._under_way: dict[Hashable, _Waiting] = {}

    async def answer(
        self,
        key: Hashable,
        begin: Callable[[], Coroutine[Any, Any, bytes]],
        gone: Callable[[], Awaitable[None]],
    ) -> bytes | None:
        """Give an answer; none where whoever asks has to ask again.

        Args:
            key: What the question is known by: equal for equal questions of one principal alone.
            begin: Begins to work on it; cancelled where nobody waits any more.
            gone: Ends when the client has gone.

        Raises:
            CancelledError: The client has gone.
            Exception: Whatever the work raises.
        """
        waiting = self._under_way.get(key)
        if waiting is None:
            waiting = self._under_way[key] = _Waiting(asyncio.create_task(begin()))
        waiting.askers += 1
        waiting.turns += 1
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait(
                {waiting.task, leaving},
                timeout=self._wait_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            waiting.askers -= 1
            left = leaving.done()
            leaving.cancel()
            if waiting.task.done() or (left and not waiting.askers):
                self._end(key, waiting)
        if waiting.task.done():
            return waiting.task.result()
        if left:
            raise CancelledError("nobody waits for the answer any more")
        turn = waiting.turns
        asyncio.get_running_loop().call_later(self._kept_seconds, self._abandon, key, waiting, turn)
        return None

    def _abandon(self, key: Hashable, waiting: _Waiting, turn: int) -> None:
        if not waiting.askers and waiting.turns == turn:
            self._end(key, waiting)

    def _end(self, key: Hashable, waiting: _Waiting) -> None:
        if self._under_way.get(key) is waiting:
            del self._under_way[key]
        if not waiting.task.cancel() and not waiting.task.cancelled():
            # Nobody may be there to be told of it.
            waiting.task.exception()
