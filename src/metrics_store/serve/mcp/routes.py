"""MCP over HTTP: `/mcp` of the server's application, one request at a time."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

import anyio
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import JSONResponse
from starlette.routing import Route

from metrics_store.engine.call import Call
from metrics_store.errors import NotAuthenticatedError
from metrics_store.serve.http.request_identity import principal_of, request_id_of
from metrics_store.serve.mcp.server import mcp_server
from metrics_store.serve.mcp.tool_calls import INTERFACE, Caller
from metrics_store.serve.monitoring.request_log import record_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute
    from starlette.types import Message, Receive, Scope, Send

    from metrics_store.serve.service import Service

_LARGEST = 1_000_000
_CALLER: ContextVar[Caller] = ContextVar("caller")


def routes(service: Service) -> Sequence[BaseRoute]:
    """Give the routes of MCP."""
    return [Route("/mcp", McpEndpoint(service), methods=["POST"])]


class McpEndpoint:
    """Answers the requests of MCP, each by itself: there are no sessions to keep.

    Args:
        service: The engine with what all interfaces share.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server = mcp_server(service.engine, _CALLER.get, service.threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, of the principal that its header authenticates."""
        try:
            principal = principal_of(self._service, scope, INTERFACE)
        except NotAuthenticatedError as error:
            record_outcome(error.code)
            unauthorized = JSONResponse(
                {"error": error.code, "error_description": error.public()},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
            await unauthorized(scope, receive, send)
            return
        # What works on the request starts from here, so it sees this caller and no other.
        token = _CALLER.set(Caller(principal, Call(INTERFACE, request_id=request_id_of(scope))))
        try:
            await self._answer(scope, receive, send)
        finally:
            _CALLER.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            too_large = JSONResponse({"error": "the request is too large"}, status_code=413)
            await too_large(scope, receive, send)
            return
        manager = StreamableHTTPSessionManager(
            self._server._lowlevel_server,  # noqa: SLF001 - no other way to a manager a request
            json_response=True,
            stateless=True,
        )
        async with anyio.create_task_group() as group:
            group.start_soon(_cancel_when_gone, receive, group.cancel_scope)
            async with manager.run():
                await manager.handle_request(scope, _replayed(body), send)
            group.cancel_scope.cancel()


async def _read(receive: Receive) -> bytes | None:
    """Read the body of a request; none where it is too large, or its caller has gone."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LARGEST:
            return None
    return body


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _replayed(body: bytes) -> Receive:
    """Give the body to the one who answers; news of the caller come to us."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await anyio.sleep_forever()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
