"""Every interface says that a metric is deprecated, beside the answer and never within it."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import warnings
from typing import TYPE_CHECKING, Any

import httpx2
import pyarrow as pa
import pyarrow.parquet
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from pyarrow import flight

import metrics_store
from engine.deprecated_shop import WARNING, deprecating
from metrics_store.access.authentication.known_tokens import hash_token
from metrics_store.client import MetricDeprecationWarning
from metrics_store.query.output.table_notices import warnings_of
from serve.callers import TOKEN
from serve.endless_engine import PATIENCE
from serve.flight.flight_client import field, packed
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("shop")

QUERY = "/v1/query?metrics=revenue"
SAID = {"warnings": [WARNING], "warning_kinds": ["deprecated_metric"]}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deprecated")


@pytest.fixture(scope="module")
def old_shop(shop: Path, directory: Path) -> Path:
    return deprecating(shop, directory / "shop")


@pytest.fixture(scope="module")
def server(old_shop: Path, directory: Path, metrics_command: Path) -> Iterator[Serving]:
    configuration = {
        "flight_port": 0,
        "tokens": [{"name": "ana", "sha256": hash_token(TOKEN)}],
        "audit_log": "audit.jsonl",
    }
    with serving(
        metrics_command, old_shop, directory=directory, configuration=configuration
    ) as found:
        yield found


def test_rest(server: Serving) -> None:
    answer = server.get(QUERY, TOKEN)
    assert answer.json()["warnings"] == json.loads(answer.headers["X-Warnings"]) == [WARNING]
    assert answer.json()["warning_kinds"] == SAID["warning_kinds"]
    assert answer.json()["rows"] == [{"revenue": 135.65}]
    # What is kept is kept with its warning.
    kept = server.get(QUERY, TOKEN, headers={"If-None-Match": answer.headers["ETag"]})
    assert kept.status_code == 304
    table = server.get(QUERY + "&format=csv", TOKEN)
    assert json.loads(table.headers["X-Warnings"]) == [WARNING]
    assert table.text == '"revenue"\n135.65\n'
    arrow = pa.ipc.open_stream(server.get(QUERY + "&format=arrow", TOKEN).content)
    assert warnings_of(arrow.schema) == (WARNING,)
    parquet = server.get(QUERY + "&format=parquet", TOKEN).content
    assert warnings_of(pa.parquet.read_schema(io.BytesIO(parquet))) == (WARNING,)
    sql = server.get("/v1/sql?metrics=revenue", TOKEN)
    assert sql.json()["warnings"] == json.loads(sql.headers["X-Warnings"]) == [WARNING]
    listed = server.get("/v1/metrics/revenue", TOKEN).json()
    assert listed["deprecated"] == {
        "since": "1.2.0",
        "sunset": "2027-01-31",
        "replacement": "sales",
        "reason": "It has another name.",
    }


def test_rest_says_nothing_of_others(server: Serving) -> None:
    for path in ("/v1/query?metrics=doubled", "/v1/sql?metrics=sales"):
        answer = server.get(path, TOKEN)
        assert "warnings" not in answer.json()
        assert "X-Warnings" not in answer.headers
    assert server.get("/v1/metrics/sales", TOKEN).json()["deprecated"] is None


def _asked(server: Serving, query: str) -> dict[str, Any]:
    said: dict[str, Any] = server.post("/api/graphql", {"query": query}, TOKEN).json()
    assert "errors" not in said
    return said


def test_graphql(server: Serving) -> None:
    ask = "mutation { %s(environmentId: 1, metrics: [{name: %s}]) { %s } }"
    created = _asked(server, ask % ("createQuery", '"revenue"', "queryId"))
    assert "extensions" not in created
    query_id = created["data"]["createQuery"]["queryId"]
    result = f'query {{ query(environmentId: 1, queryId: "{query_id}") {{ status arrowResult }} }}'
    for _ in range(20):
        said = _asked(server, result)
        if said["data"]["query"]["status"] == "SUCCESSFUL":
            break
    assert said["extensions"] == SAID
    arrow = pa.ipc.open_stream(base64.b64decode(said["data"]["query"]["arrowResult"]))
    assert warnings_of(arrow.schema) == (WARNING,)
    compiled = _asked(server, ask % ("compileSql", '"revenue"', "sql"))
    assert compiled["extensions"] == SAID
    assert "extensions" not in _asked(server, ask % ("compileSql", '"doubled"', "sql"))
    listed = _asked(server, "{ metrics(environmentId: 1) { name config { meta } } }")
    metas = {one["name"]: one["config"]["meta"] for one in listed["data"]["metrics"]}
    assert metas["revenue"]["deprecated"]["replacement"] == "sales"


def test_flight_sql(server: Serving) -> None:
    token = (b"authorization", f"Bearer {TOKEN}".encode())
    options = flight.FlightCallOptions(headers=[token])
    statement = "{{ semantic_layer.query(metrics=['revenue']) }}"
    descriptor = flight.FlightDescriptor.for_command(
        packed("CommandStatementQuery", field(1, statement))
    )
    with flight.connect(server.entry(message="listening")["flight"]) as client:
        [endpoint] = client.get_flight_info(descriptor, options).endpoints
        table = client.do_get(endpoint.ticket, options).read_all()
        schema = client.get_schema(descriptor, options).schema
    assert warnings_of(table.schema) == warnings_of(schema) == (WARNING,)


async def _tools(server: Serving) -> list[Any]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http,
        Client(streamable_http_client(server.url + "/mcp", http_client=http)) as client,
    ):
        return [
            await client.call_tool("query_metrics", {"metrics": ["revenue"]}),
            await client.call_tool("get_metrics_compiled_sql", {"metrics": ["revenue"]}),
            await client.call_tool(
                "get_dimension_values", {"dimension": "order__status", "metrics": ["revenue"]}
            ),
            await client.call_tool("query_metrics", {"metrics": ["doubled"]}),
        ]


def test_mcp(server: Serving) -> None:
    *warned, other = asyncio.run(_tools(server))
    for one in warned:
        assert one.content[1].text == f"warning: {WARNING}"
        assert one.structured_content["warnings"] == [WARNING]
    rows, _, values = warned
    assert rows.content[0].text == '"revenue"\n135.65'
    assert json.loads(values.content[0].text) == {
        "values": ["paid", "returned"],
        "truncated": False,
    }
    assert len(other.content) == 1
    assert set(other.structured_content) == {"result"}


@pytest.mark.parametrize("is_remote", [True, False])
def test_python(server: Serving, old_shop: Path, *, is_remote: bool) -> None:
    connected = (
        metrics_store.connect(server.url, token=TOKEN)
        if is_remote
        else metrics_store.connect(project_dir=old_shop)
    )
    with connected as connection:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", MetricDeprecationWarning)
            result = connection.query("revenue")
            connection.compile("revenue")
            connection.dimension_values("order__status", "revenue")
        # Each is said of the line that asks.
        assert [(str(one.message), one.filename) for one in caught] == [(WARNING, __file__)] * 3
        assert result.warnings == (WARNING,)
        assert {one.category for one in caught} == {MetricDeprecationWarning}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert connection.query(["doubled", "sales"]).warnings == ()
        assert connection.metric("revenue").deprecated == connection.metrics()[1].deprecated
        assert connection.metric("sales").deprecated is None


def test_command(old_shop: Path, run_metrics: RunMetrics) -> None:
    for form in ("csv", "json"):
        ran = run_metrics("query", "--metrics", "revenue", "--format", form, cwd=old_shop)
        assert (ran.returncode, ran.stderr) == (0, f"warning: {WARNING}\n")
        if form == "csv":
            assert ran.stdout == '"revenue"\n135.65\n'
        else:
            assert json.loads(ran.stdout) == [{"revenue": 135.65}]


@pytest.mark.slow
def test_command_explains_and_lists(old_shop: Path, run_metrics: RunMetrics) -> None:
    ran = run_metrics("query", "--saved-query", "revenue_by_status", "--explain", cwd=old_shop)
    assert ran.stderr == f"warning: {WARNING}\n"
    said = "deprecated since its version 1.2.0 and there until 2027-01-31"
    listed = run_metrics("list", cwd=old_shop).stdout
    [line] = [one for one in listed.splitlines() if one.strip().startswith("revenue ")]
    assert f"[{said}; ask for sales instead" in line
    assert listed.count("deprecated") == 1
    described = run_metrics("list", "revenue", cwd=old_shop).stdout
    told = " ".join(described.split())
    assert said.capitalize() in told
    assert "(It has another name.)" in told


def test_owners_see_who_still_asks(server: Serving, directory: Path) -> None:
    server.get("/v1/query?metrics=revenue&limit=7", TOKEN)
    server.get("/v1/query?metrics=sales&limit=7", TOKEN)
    audited = [json.loads(line) for line in (directory / "audit.jsonl").read_text().splitlines()]
    asked = [one for one in audited if one["asked"].get("limit") == 7]
    assert [one.get("deprecated") for one in asked] == [["revenue"], None]
    assert asked[0]["principal"] == "ana"
    logged = server.entry(deprecated=["revenue"], door="rest")
    assert logged["principal"] == "ana"
    counted = server.get("/metrics").text
    assert 'metrics_store_deprecated_requests_total{door="rest",metric="revenue"}' in counted
    assert 'metric="sales"' not in counted
