from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import anyio
import pytest
import requests

from metrics_store.engine.engine import Engine
from serve.endless_engine import PATIENCE, Endless
from serve.mcp.conftest import ANA, BEN, over_http, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest

pytestmark = pytest.mark.xdist_group("shop")

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "query_metrics", "arguments": {"metrics": ["revenue"]}},
}
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer nobody", f"Basic {ANA}", ANA],
    ids=["none", "empty", "unknown", "basic", "no scheme"],
)
def test_strangers_get_nothing(url: str, given: str | None) -> None:
    headers = HEADERS if given is None else {**HEADERS, "authorization": given}
    response = requests.post(url, json=CALL, headers=headers, timeout=PATIENCE)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert "revenue" not in response.text


class Recording(Engine):
    """An engine that knows who asked it."""

    def __init__(self, engine: Engine) -> None:
        self.__dict__.update(vars(engine))
        self.asked: list[str] = []

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        self.asked.append(principal.name)
        return super().answer(request, principal, call)


def test_every_caller_asks_as_themselves(
    mcp_engine: Engine, serve_engine: Callable[[Engine], str]
) -> None:
    engine = Recording(mcp_engine)
    url = serve_engine(engine)

    async def ask() -> None:
        async with over_http(url, ANA) as ana, over_http(url, BEN) as ben:
            for client in (ana, ben, ana):
                result = await client.call_tool("query_metrics", {"metrics": ["revenue"]})
                assert not result.is_error, text_of(result)

    asyncio.run(ask())
    assert engine.asked == ["ana", "ben", "ana"]


def test_a_caller_who_leaves(serve_engine: Callable[[Engine], str]) -> None:
    engine = Endless()
    url = serve_engine(engine)
    headers = {**HEADERS, "authorization": f"Bearer {ANA}"}
    with pytest.raises(requests.Timeout):
        requests.post(url, json=CALL, headers=headers, timeout=(PATIENCE, 0.5))
    assert engine.stopped.wait(PATIENCE)


class Broken(Engine):
    """An engine with a fault."""

    def __init__(self) -> None:
        pass

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        del request, principal, call
        raise ZeroDivisionError("of all things in /srv")


def test_what_nobody_expected_is_in_the_log(
    serve_engine: Callable[[Engine], str], caplog: pytest.LogCaptureFixture
) -> None:
    url = serve_engine(Broken())

    async def ask() -> str:
        async with over_http(url) as client:
            result = await client.call_tool("query_metrics", {"metrics": ["revenue"]})
            assert result.is_error
            return text_of(result)

    told = asyncio.run(ask())
    assert "something went wrong in the server" in told
    assert "of all things" not in told
    assert "of all things" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 50_000,
        json.dumps({**CALL, "method": "shell"}).encode(),
        json.dumps({**CALL, "params": {"name": "query_metrics", "arguments": "x"}}).encode(),
        json.dumps({**CALL, "params": []}).encode(),
        b"x" * 1_100_000,
    ],
)
def test_garbage(url: str, body: bytes) -> None:
    headers = {**HEADERS, "authorization": f"Bearer {ANA}"}
    response = requests.post(url, data=body, headers=headers, timeout=PATIENCE)
    assert 400 <= response.status_code < 500 or "error" in response.json()
    assert not re.search(r"Traceback|\.py\b", response.text)


def test_nothing_waits_for_streams(url: str) -> None:
    headers = {**HEADERS, "authorization": f"Bearer {ANA}"}
    assert requests.get(url, headers=headers, timeout=PATIENCE).status_code == 405


def test_many_at_once(url: str) -> None:
    async def ask() -> list[str]:
        told: list[str] = []

        async def one() -> None:
            async with over_http(url) as client:
                result = await client.call_tool("query_metrics", {"metrics": ["revenue"]})
                told.append(text_of(result))

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(one)
        return told

    told = asyncio.run(ask())
    assert len(told) == 10
    assert all("135.65" in text for text in told)
