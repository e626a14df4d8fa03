"""Threads for the blocking engine: limited in number, cancelled when the client leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from metrics_store.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive

    from metrics_store.engine.call import Call

Result = TypeVar("Result")


class BusyError(UnavailableError):
    """Too many others wait already."""

    code = "busy"


@dataclass(eq=False)
class RequestThreads:
    """The threads that the interfaces over HTTP share.

    Attributes:
        concurrent: How many requests are worked on at once.
        waiting_seconds: How long another one waits for its turn.
    """

    concurrent: int = 32
    waiting_seconds: float = 30.0

    def __post_init__(self) -> None:
        """Make the two locks."""
        self._turns = anyio.Semaphore(self.concurrent)
        self._threads = anyio.CapacityLimiter(self.concurrent)

    async def run(
        self, call: Call, work: Callable[[], Result], receive: Receive | None = None
    ) -> Result:
        """Do blocking work in a thread; cancel its call when the client has gone.

        Args:
            call: What the engine knows the work by.
            work: What to do.
            receive: Where news of the client come from; its request must have been read. Without
                it, whoever waits is cancelled when the client has gone.

        Raises:
            BusyError: It was not its turn in time.
            Exception: Whatever the work raises.
        """
        try:
            with anyio.fail_after(self.waiting_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise BusyError("too many others wait already", remedy="ask again later") from None
        try:
            return await self._watched(call, work, receive)
        finally:
            self._turns.release()

    async def _watched(
        self, call: Call, work: Callable[[], Result], receive: Receive | None
    ) -> Result:
        outcome: list[Result] = []
        failure: Exception | None = None

        async def watch() -> None:
            try:
                if receive is None:
                    await anyio.sleep_forever()
                    return
                while (await receive())["type"] != "http.disconnect":
                    pass
            finally:
                # Also when this is cancelled: the thread cannot be, and is waited for.
                call.cancel()

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            # An exception would come out of the group wrapped in a group.
            try:
                outcome.append(await anyio.to_thread.run_sync(work, limiter=self._threads))
            except Exception as error:  # noqa: BLE001 - raised again below
                failure = error
            group.cancel_scope.cancel()
        if failure is not None:
            raise failure
        return outcome[0]
