"""The MCP interface of the small shop, over both transports, called by mcp's own client."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from clients.server_thread import serving
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import Principal
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.mcp.routes import routes
from metrics_store.serve.service import Service
from serve.endless_engine import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from mcp_types import CallToolResult

ANA, BEN = "token-of-ana", "token-of-ben"


@pytest.fixture(scope="session")
def mcp_engine(shop: Path) -> Iterator[Engine]:
    engine = Engine(load_target(shop))
    yield engine
    engine.close()


@pytest.fixture
def serve_engine() -> Iterator[Callable[[Engine], str]]:
    """Give a function that serves an engine until the test ends, and gives the address."""
    served = []

    def serve(engine: Engine) -> str:
        tokens = {ANA: Principal("ana"), BEN: Principal("ben")}
        service = Service(engine, Authenticator(tokens))
        server = serving(Starlette(routes=list(routes(service))))
        served.append(server)
        return f"http://127.0.0.1:{server.__enter__()}/mcp"

    yield serve
    for server in served:
        server.__exit__(None, None, None)


@pytest.fixture
def url(mcp_engine: Engine, serve_engine: Callable[[Engine], str]) -> str:
    return serve_engine(mcp_engine)


@asynccontextmanager
async def over_http(url: str, token: str = ANA) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(command: Path, project: Path) -> AsyncIterator[Client]:
    server = StdioServerParameters(
        command=str(command), args=["mcp"], cwd=str(project), env=dict(os.environ)
    )
    async with Client(server) as client:
        yield client


@pytest.fixture(params=["http", "stdio"])
def connected(
    request: pytest.FixtureRequest, metrics_command: Path, shop: Path
) -> Callable[[], AbstractAsyncContextManager[Client]]:
    """Give a function that connects to the interface, over each of its transports."""
    if request.param == "stdio":
        return lambda: over_stdio(metrics_command, shop)
    url = request.getfixturevalue("url")
    return lambda: over_http(url)


def text_of(result: CallToolResult) -> str:
    return "\n".join(getattr(part, "text", "") for part in result.content)


def value_of(result: CallToolResult) -> Any:  # noqa: ANN401 - tools give anything
    assert not result.is_error, text_of(result)
    return json.loads(text_of(result))
