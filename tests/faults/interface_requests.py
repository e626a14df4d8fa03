"""A question through each interface of a real server; nobody waits longer than a deadline."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from pyarrow import flight

from serve.flight.flight_client import field, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from serve.server_process import Serving

# Whoever gets no answer by then counts as hanging.
DEADLINE = 60
CREATE = """mutation($metrics: [MetricInput!], $by: [GroupByInput!]) {
  createQuery(environmentId: 1, metrics: $metrics, groupBy: $by) { queryId }
}"""
LOOK = """query($id: String!) {
  query(environmentId: 1, queryId: $id) { status error jsonResult(encoded: false) }
}"""
CANCEL = "mutation($id: String!) { cancelQuery(environmentId: 1, queryId: $id) { queryId } }"


@dataclass(frozen=True)
class Told:
    """What a caller is told.

    Attributes:
        rows: The rows; none where there is an error.
        code: The kind of error as the interface has it; empty where there are rows.
        words: The error in words.
    """

    rows: list[dict[str, Any]] | None = None
    code: str = ""
    words: str = ""

    @property
    def value(self) -> float:
        """The one number of the answer."""
        assert self.rows is not None, (self.code, self.words)
        [[value]] = [list(row.values()) for row in self.rows]
        return float(value)


def rest(server: Serving, metric: str, by: str = "") -> Told:
    path = f"{server.url}/v1/query?metrics={metric}" + (f"&group_by={by}" if by else "")
    answer = requests.get(path, timeout=DEADLINE)
    told = answer.json()
    if answer.status_code == 200:
        return Told(told["rows"])
    return Told(code=told["code"], words=told["detail"])


def post_graphql(server: Serving, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    said = {"query": query, "variables": variables}
    answer = requests.post(f"{server.url}/api/graphql", json=said, timeout=DEADLINE)
    told: dict[str, Any] = answer.json()
    return told


def create(server: Serving, metric: str, by: str = "") -> dict[str, Any]:
    group_by = [{"name": by}] if by else None
    return post_graphql(server, CREATE, {"metrics": [{"name": metric}], "by": group_by})


def graphql(server: Serving, metric: str, by: str = "") -> Told:
    created = create(server, metric, by)
    if "errors" in created:
        return _graphql_error(created["errors"][0]["message"])
    variables = {"id": created["data"]["createQuery"]["queryId"]}
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        looked = post_graphql(server, LOOK, variables)
        if "errors" in looked:
            return _graphql_error(looked["errors"][0]["message"])
        query = looked["data"]["query"]
        if query["status"] == "FAILED":
            return _graphql_error(query["error"])
        if query["status"] == "SUCCESSFUL":
            table = json.loads(query["jsonResult"])["data"]
            return Told([{key: row[key] for key in row if key != "index"} for row in table])
    raise AssertionError("a query of GraphQL hangs")


def _graphql_error(message: str) -> Told:
    return Told(code="error", words=message)


def statement(metric: str, by: str = "") -> str:
    return f"{{{{ semantic_layer.query(metrics=['{metric}'], group_by={[by] if by else []}) }}}}"


def flight_options() -> flight.FlightCallOptions:
    return flight.FlightCallOptions(timeout=DEADLINE)


def flight_sql(server: Serving, metric: str, by: str = "") -> Told:
    command = packed("CommandStatementQuery", field(1, statement(metric, by)))
    with flight.connect(server.entry(message="listening")["flight"]) as client:
        try:
            descriptor = flight.FlightDescriptor.for_command(command)
            info = client.get_flight_info(descriptor, flight_options())
            table = client.do_get(info.endpoints[0].ticket, flight_options()).read_all()
        except flight.FlightTimedOutError:
            raise AssertionError("a call of Flight hangs") from None
        # A ValueError where the request is not right.
        except (flight.FlightError, ValueError) as error:
            return Told(code=type(error).__name__, words=str(error))
    return Told([{name.lower(): value for name, value in row.items()} for row in table.to_pylist()])


def mcp(server: Serving, metric: str, by: str = "") -> Told:
    answer = post_mcp(server, metric, by)
    told = answer.json()["result"]
    text = told["content"][0]["text"]
    if told.get("isError"):
        return Told(code="error", words=text)
    return Told(json.loads(text))


def post_mcp(server: Serving, metric: str, by: str = "") -> requests.Response:
    group_by = [{"name": by, "type": "entity", "grain": None}] if by else []
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "query_metrics",
            "arguments": {"metrics": [metric], "group_by": group_by, "format": "json"},
        },
    }
    headers = {"Accept": "application/json, text/event-stream"}
    return requests.post(f"{server.url}/mcp", json=message, headers=headers, timeout=DEADLINE)


INTERFACES: dict[str, Callable[..., Told]] = {
    "rest": rest,
    "graphql": graphql,
    "flight": flight_sql,
    "mcp": mcp,
}


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait for something, and not for ever."""
    until = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def shows_no_insides(text: str) -> bool:
    return not re.search(r"Traceback|/tmp/|\.duckdb|\.py\b", text)
