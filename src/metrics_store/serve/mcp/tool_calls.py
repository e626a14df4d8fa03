"""Runs tools in threads, reports their errors, and cancels them when nobody waits any more."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from metrics_store.engine.call import Call
from metrics_store.engine.observer import BROKEN
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.mcp.tool_errors import told
from metrics_store.serve.monitoring.request_log import record_outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.serve.request_threads import RequestThreads

_LOG = logging.getLogger(__name__)
INTERFACE = "mcp"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Caller:
    """The caller of a tool.

    Attributes:
        principal: The principal.
        call: What the engine knows the request by.
    """

    principal: Principal
    call: Call = field(default_factory=lambda: Call(INTERFACE))


async def run_tool(threads: RequestThreads, call: Call, work: Callable[[], Result]) -> Result:
    """Run blocking work for a tool and give its result.

    Raises:
        ToolError: With what the assistant may know of what is wrong.
    """
    try:
        return await threads.run(call, work)
    except MetricsStoreError as error:
        record_outcome(error.code)
        raise ToolError(told(error)) from None
    except Exception:  # noqa: BLE001 - only the log has it
        _LOG.exception("request %s failed", call.request_id)
        record_outcome(BROKEN)
        raise ToolError(
            f"something went wrong in the server; its log has it as request {call.request_id}"
        ) from None
