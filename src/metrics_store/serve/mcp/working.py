"""Tools work in threads, tell what is wrong clearly, and stop when nobody waits any more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread
from mcp.server.mcpserver.exceptions import ToolError

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_DOOR = "mcp"

Result = TypeVar("Result")


async def worked(work: Callable[[Call], Result]) -> Result:
    """Give what blocking work gives.

    Raises:
        ToolError: With what the assistant may know of what is wrong.
    """
    call = Call(_DOOR)
    outcome: list[Result] = []
    failure: ToolError | None = None

    def told() -> Result | ToolError:
        try:
            return work(call)
        except MetricsStoreError as error:
            return ToolError(error.public())
        except Exception:  # noqa: BLE001 - told to nobody but the log
            _LOG.exception("request %s failed", call.request_id)
            return ToolError(
                f"something went wrong in the server; its log has it as request {call.request_id}"
            )

    async def stop_when_nobody_waits() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            call.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(stop_when_nobody_waits)
        result = await anyio.to_thread.run_sync(told)
        if isinstance(result, ToolError):
            # Raised outside: a group would wrap it in a group.
            failure = result
        else:
            outcome.append(result)
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return outcome[0]
