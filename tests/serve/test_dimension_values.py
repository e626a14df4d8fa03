"""Every interface gives the same values of a dimension, with metrics and without."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import metrics_store
from serve.callers import MCP_HEADERS, calling_mcp
from serve.flight.flight_client import Client
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("shop")

REGION = "customer__region"
VALUES = ["east", "north", "south", None]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the market, with a customer in the west who has no order and no visit."""
    directory = tmp_path_factory.mktemp("market") / "market"
    shutil.copytree(Path(__file__).parents[1] / "market_project", directory)
    with (directory / "seeds" / "raw_customers.csv").open("a", encoding="utf-8") as customers:
        customers.write("900,Zoe,west,2024-05-01,\n")
    subprocess.run([metrics_command, "build"], cwd=directory, check=True, capture_output=True)
    return directory


@pytest.fixture(scope="module")
def server(
    market: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    directory = tmp_path_factory.mktemp("values")
    with serving(
        metrics_command, market, configuration={"flight_port": 0}, directory=directory
    ) as server:
        yield server


def _rest(server: Serving, metrics: list[str]) -> list[str | None]:
    asked = {"dimension": REGION, "metrics": metrics}
    answer = server.post("/v1/dimension-values", asked).json()
    assert [column["name"] for column in answer["columns"]] == [REGION]
    return [row[REGION] for row in answer["rows"]]


def _graphql(server: Serving, metrics: list[str]) -> list[str | None]:
    def ask(query: str, variables: dict[str, Any]) -> dict[str, Any]:
        answer = server.post("/api/graphql", {"query": query, "variables": variables}).json()
        data: dict[str, Any] = answer["data"]
        return data

    create = """mutation($metrics: [MetricInput!], $by: [GroupByInput!]!) {
      createDimensionValuesQuery(environmentId: 1, metrics: $metrics, groupBy: $by) { queryId } }"""
    poll = """query($id: String!) { query(environmentId: 1, queryId: $id) {
      status jsonResult(encoded: false) } }"""
    named = [{"name": name} for name in metrics]
    begun = ask(create, {"metrics": named, "by": [{"name": REGION}]})
    variables = {"id": begun["createDimensionValuesQuery"]["queryId"]}
    found = ask(poll, variables)["query"]
    while found["status"] in ("PENDING", "RUNNING"):
        found = ask(poll, variables)["query"]
    rows = json.loads(found["jsonResult"])["data"]
    assert set(rows[0]) == {"index", REGION}
    return [row[REGION] for row in rows]


def _mcp(server: Serving, metrics: list[str]) -> list[str | None]:
    asked = calling_mcp("get_dimension_values", {"dimension": REGION, "metrics": metrics})
    answer = server.post("/mcp", asked, headers=MCP_HEADERS).json()
    found = json.loads(answer["result"]["content"][0]["text"])
    assert not found["truncated"]
    # dbt's tool leaves out what has no value.
    return [*found["values"], None]


def _flight(server: Serving, metrics: list[str]) -> list[str | None]:
    port = int(server.entry(message="listening")["flight"].rpartition(":")[2])
    with Client(port, "none") as client:
        rows = client.rows(
            client.info_of(
                "{{ semantic_layer.dimension_values("
                f"metrics={metrics!r}, group_by='{REGION}') }}}}"
            )
        )
    assert set(rows[0]) == {REGION}
    return [row[REGION] for row in rows]


def _python(server: Serving, metrics: list[str]) -> list[str | None]:
    with metrics_store.connect(server.url) as connection:
        return [row[REGION] for row in connection.dimension_values(REGION, metrics).rows()]


@pytest.mark.parametrize("interface", [_rest, _graphql, _mcp, _flight, _python])
def test_over_every_interface(server: Serving, interface: Any) -> None:  # noqa: ANN401 - one of the above
    # Of two metrics of different models each has rows without a region; they are one value.
    for metrics in (["visits"], ["visits", "revenue"]):
        assert interface(server, metrics) == VALUES
    assert interface(server, []) == ["east", "north", "south", "west", None]


def test_in_this_process(market: Path) -> None:
    with metrics_store.connect(project_dir=market) as connection:
        found = {
            metrics: [row[REGION] for row in connection.dimension_values(REGION, metrics).rows()]
            for metrics in ((), ("visits",))
        }
        some = connection.dimension_values(REGION, ["visits", "revenue"], limit=2)
        assert [row[REGION] for row in some.rows()] == VALUES[:2]
    assert found == {(): ["east", "north", "south", "west", None], ("visits",): VALUES}
