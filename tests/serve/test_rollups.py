"""Every interface names the roll-up that an answer comes from, or why none answered."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pyarrow import flight

import metrics_store
from metrics_store.access.authentication.known_tokens import hash_token
from serve.callers import TOKEN
from serve.endless_engine import PATIENCE
from serve.flight.flight_client import field, packed
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rollup_market")]

ROLLUPS = ["rollup_revenue_by_month"]
REASONS = ["no roll-up stores visits"]
REGION = {"name": "customer__region", "type": "dimension"}
BOTH = {"rollups": ROLLUPS, "rollup_reasons": REASONS}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rollups")


@pytest.fixture(scope="module")
def server(
    rollup_market: SmallProject, directory: Path, metrics_command: Path
) -> Iterator[Serving]:
    configuration = {
        "flight_port": 0,
        "tokens": [{"name": "ana", "sha256": hash_token(TOKEN)}],
        "audit_log": "audit.jsonl",
    }
    with serving(
        metrics_command, rollup_market.directory, directory=directory, configuration=configuration
    ) as found:
        yield found


def test_rest_and_python(server: Serving) -> None:
    query = "metrics=revenue,visits&group_by=metric_time__month"
    for path in ("query", "sql"):
        answer = server.get(f"/v1/{path}?{query}", TOKEN).json()
        assert {name: answer[name] for name in BOTH} == BOTH
    answer = server.get("/v1/query?metrics=revenue&group_by=metric_time__month", TOKEN).json()
    assert answer["rollups"] == ROLLUPS
    assert "rollup_reasons" not in answer
    with metrics_store.connect(server.url, token=TOKEN) as connection:
        result = connection.query(["revenue", "visits"], group_by="metric_time__month")
    assert (list(result.rollups), list(result.rollup_reasons)) == (ROLLUPS, REASONS)


def test_graphql(server: Serving) -> None:
    ask = (
        'mutation { compileSql(environmentId: 1, metrics: [{name: "revenue"}, {name: "visits"}], '
        'groupBy: [{name: "metric_time", grain: MONTH}]) { sql } }'
    )
    answer = server.post("/api/graphql", {"query": ask}, TOKEN).json()
    assert answer["extensions"] == BOTH


def test_flight_sql(server: Serving) -> None:
    options = flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {TOKEN}".encode())])
    statement = (
        "{{ semantic_layer.query(metrics=['revenue', 'visits'], group_by=['metric_time__month']) }}"
    )
    descriptor = flight.FlightDescriptor.for_command(
        packed("CommandStatementQuery", field(1, statement))
    )
    with flight.connect(server.entry(message="listening")["flight"]) as client:
        [endpoint] = client.get_flight_info(descriptor, options).endpoints
        metadata = client.do_get(endpoint.ticket, options).read_all().schema.metadata
    assert {name: json.loads(metadata[name.encode()]) for name in BOTH} == BOTH


def test_mcp(server: Serving) -> None:
    async def ask() -> Any:  # noqa: ANN401 - mcp's own
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http,
            Client(streamable_http_client(server.url + "/mcp", http_client=http)) as client,
        ):
            return await client.call_tool(
                "query_metrics", {"metrics": ["revenue", "visits"], "group_by": [REGION]}
            )

    answer = asyncio.run(ask())
    assert answer.meta["rollups"] == ["rollup_buyers_by_day"]
    assert answer.meta["rollup_reasons"] == REASONS


def test_the_audit_log(server: Serving, directory: Path) -> None:
    server.get("/v1/query?metrics=revenue,visits&group_by=metric_time__month&limit=3", TOKEN)
    entries = [json.loads(line) for line in (directory / "audit.jsonl").read_text().splitlines()]
    [found] = [one for one in entries if one["asked"].get("limit") == 3]
    assert {name: found[name] for name in BOTH} == BOTH
