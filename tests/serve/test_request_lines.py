"""Every request has one line in the log, whatever interface it came through."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import flight

from serve.callers import MCP_HEADERS, TOKEN, calling_mcp
from serve.flight.flight_client import Client
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


@pytest.fixture(scope="module")
def server(
    shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    directory = tmp_path_factory.mktemp("lines")
    configuration = {"flight_port": 0, "tokens": [{"name": "ana", "token": {"env": "ANA"}}]}
    with serving(
        metrics_command,
        shop,
        configuration=configuration,
        directory=directory,
        environment={"ANA": TOKEN},
    ) as server:
        yield server


def _only_line(server: Serving, **wanted: object) -> dict[str, Any]:
    found = server.entry(message="request", **wanted)
    # Lines come in order, so that all of those before this one's are there.
    marker = uuid.uuid4().hex
    server.get("/v1/metrics", TOKEN, headers={"X-Request-ID": marker})
    server.entry(request_id=marker)
    [line] = [one for one in server.entries() if wanted.items() <= one.items()]
    assert line == found
    return line


def _graphql(server: Serving, query: str, token: str = TOKEN) -> tuple[Any, str]:
    request_id = uuid.uuid4().hex
    answer = server.post(
        "/api/graphql", {"query": query}, token, headers={"X-Request-ID": request_id}
    )
    assert answer.headers["X-Request-ID"] == request_id
    return answer.json(), request_id


def test_graphql(server: Serving) -> None:
    _, request_id = _graphql(
        server, 'mutation { compileSql(environmentId: 1, metrics: [{name: "revenue"}]) { sql } }'
    )
    line = _only_line(server, request_id=request_id)
    assert (line["door"], line["principal"], line["outcome"]) == ("graphql", "ana", "ok")
    assert (line["metrics"], line["path"]) == (["revenue"], "/api/graphql")
    answer, request_id = _graphql(
        server, 'mutation { compileSql(environmentId: 1, metrics: [{name: "revnue"}]) { sql } }'
    )
    assert answer["errors"][0]["extensions"]["requestId"] == request_id
    assert _only_line(server, request_id=request_id)["outcome"] == "invalid_request"
    _, request_id = _graphql(server, "{ metrics(environmentId: 1) { name } }", "somebody")
    line = _only_line(server, request_id=request_id)
    assert (line["door"], line["outcome"]) == ("graphql", "not_authenticated")


def test_a_query_of_graphql_has_a_line_besides_those_of_its_requests(server: Serving) -> None:
    answer, created = _graphql(
        server,
        "mutation { createQuery(environmentId: 1, metrics: [{name: "
        '"revenue"}], groupBy: [{name: "order__status"}]) { queryId } }',
    )
    query_id = answer["data"]["createQuery"]["queryId"]
    line = _only_line(server, request_id=query_id)
    assert (line["door"], line["principal"], line["rows"]) == ("graphql", "ana", 2)
    assert _only_line(server, request_id=created)["query"] == query_id


def test_a_query_of_graphql_that_cannot_be_understood(server: Serving) -> None:
    answer, _ = _graphql(
        server,
        "mutation { createQuery(environmentId: 1, metrics: [{name: "
        '"revenue"}], where: [{sql: "order__status ="}]) { queryId } }',
    )
    query_id = answer["data"]["createQuery"]["queryId"]
    _, asked = _graphql(
        server, f'{{ query(environmentId: 1, queryId: "{query_id}") {{ status error }} }}'
    )
    assert _only_line(server, request_id=asked)["outcome"] == "invalid_request"


@pytest.mark.parametrize(
    ("arguments", "outcome", "rows"),
    [
        ({"metrics": ["revenue"]}, "ok", 1),
        ({"metrics": ["revnue"]}, "invalid_request", None),
    ],
)
def test_mcp(server: Serving, arguments: dict[str, object], outcome: str, rows: int | None) -> None:
    request_id = uuid.uuid4().hex
    server.post(
        "/mcp",
        calling_mcp("query_metrics", arguments),
        TOKEN,
        headers={**MCP_HEADERS, "X-Request-ID": request_id},
    )
    line = _only_line(server, request_id=request_id)
    assert (line["door"], line["principal"], line["outcome"]) == ("mcp", "ana", outcome)
    assert (line["metrics"], line["rows"]) == (arguments["metrics"], rows)


def test_flight(server: Serving) -> None:
    address = server.entry(message="listening")["flight"]
    with Client(int(address.rpartition(":")[2]), TOKEN) as client:
        info = client.info_of(
            "{{ semantic_layer.query(metrics=['revenue'], group_by=['order__status']) }}"
        )
        assert len(client.rows(info)) == 2
    line = _only_line(server, method="do_get")
    assert (line["door"], line["principal"], line["outcome"]) == ("flight", "ana", "ok")
    assert (line["metrics"], line["rows"]) == (["revenue"], 2)
    assert _only_line(server, method="get_flight_info")["metrics"] == ["revenue"]
    options = flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {TOKEN}".encode())])
    with flight.connect(address) as client:
        refused = flight.Action("CreatePreparedStatement", b"no message at all")
        with pytest.raises(pa.ArrowInvalid):
            list(client.do_action(refused, options))
        with pytest.raises(flight.FlightUnauthenticatedError):
            list(client.do_action(refused))
    line = _only_line(server, method="do_action")
    assert (line["door"], line["principal"]) == ("flight", "ana")
    assert line["outcome"] == "invalid_request"
    line = _only_line(server, door="flight", principal=None)
    assert line["outcome"] == "not_authenticated"
