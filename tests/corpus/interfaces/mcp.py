"""MCP, over HTTP and over standard input and output; one conversation for all that is asked."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2
from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from corpus.answers import Refusal, of_texts
from corpus.corpus_requests import split
from corpus.interfaces.interface import ALL_BUT_PAGES, TIMES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked


class McpInterface:
    """The tools `query_metrics` and `get_dimension_values`.

    Args:
        conversation: Opens the connection.
        name: What the tests call it.
    """

    can_say = ALL_BUT_PAGES | TIMES
    least = 190

    def __init__(self, conversation: AbstractAsyncContextManager[Client], name: str) -> None:
        self.name = name
        self._portal_manager = start_blocking_portal()
        self._portal = self._portal_manager.__enter__()
        self._conversation = self._portal.wrap_async_context_manager(conversation)
        self._client = self._conversation.__enter__()

    def close(self) -> None:
        self._conversation.__exit__(None, None, None)
        self._portal_manager.__exit__(None, None, None)

    def lacks(self, asked: Asked) -> str | None:
        if "team" in asked.group_by:
            return "a dimension may be named by its last part"
        return "an empty text is no filter" if "" in asked.where else None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        name = "query_metrics" if asked.values is None else "get_dimension_values"
        result = self._portal.call(self._client.call_tool, name, _arguments(asked))
        words = "\n".join(getattr(part, "text", "") for part in result.content)
        if result.is_error:
            return Refusal(words)
        # What else is to be known stands in texts of its own.
        given = json.loads(getattr(result.content[0], "text", ""))
        assert like is not None, given
        if asked.values is not None:
            assert not given["truncated"]
            # Values are told as texts; that some rows have none is not told.
            values = [(value,) for value in given["values"]]
            if (None,) in like.values:
                values.append((None,))
            return of_texts(like.columns, values, like)
        # Without rows it is not told which columns these would have.
        columns = list(given[0]) if given else like.columns
        return of_texts(columns, [list(row.values()) for row in given], like)


def _arguments(asked: Asked) -> dict[str, Any]:
    said = {
        "metrics": list(asked.metrics),
        "where": _where(asked.where),
        "limit": asked.limit,
        "start_time": asked.start_time and asked.start_time.isoformat(),
        "end_time": asked.end_time and asked.end_time.isoformat(),
        "period": asked.period,
        "saved_query": asked.saved_query,
    }
    if asked.values is not None:
        said["dimension"] = asked.values
    else:
        said["group_by"] = [_group_by(name) for name in asked.group_by]
        said["order_by"] = [_order(name) for name in asked.order_by]
        said["format"] = "json"
    return {key: value for key, value in said.items() if value not in (None, [])}


def _where(texts: tuple[str, ...]) -> str | list[str] | None:
    """Give one text as it is, and several as a list."""
    return texts[0] if len(texts) == 1 else list(texts)


def _group_by(name: str) -> str | dict[str, str]:
    """Name what has a grain in parts, and all else by its name alone."""
    path, grain, _ = split(name)
    if grain is None:
        return name
    return {"name": path, "type": "time_dimension", "grain": grain}


def _order(name: str) -> str | dict[str, Any]:
    path, grain, _ = split(name.removeprefix("-"))
    if grain is None:
        return name
    return {"name": path, "grain": grain, "descending": name.startswith("-")}


@asynccontextmanager
async def over_http(url: str) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(timeout=60) as http,
        Client(streamable_http_client(url + "/mcp", http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(
    command: Path, project: Path, target: str, environment: dict[str, str]
) -> AsyncIterator[Client]:
    server = StdioServerParameters(
        command=str(command),
        args=["mcp", "--target", target],
        cwd=str(project),
        env={**os.environ, **environment},
    )
    async with Client(server) as client:
        yield client
