"""One question, asked by each interface as its callers ask it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import requests

from metrics_store.access.principal import LOCAL
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_json import from_json
from metrics_store.query.filters.filter_tree import All
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from serve.flight.flight_client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.client.connection import Connection
    from metrics_store.engine.engine import Engine

Row = dict[str, Any]
MCP_HEADERS = {"Accept": "application/json, text/event-stream"}
_SECONDS = 60
# More than the server's HTTP library reads of one.
_LONGEST_ADDRESS = 60_000
_ALL = frozenset({"json", "surrogates", "aliases", "saved_query", "null", "long", "text"})


@dataclass(frozen=True)
class Question:
    """What is asked; what an interface has no word for is `None` or empty."""

    metrics: tuple[str, ...] = ("revenue",)
    group_by: tuple[str, ...] = ("order__status",)
    where: tuple[str | dict[str, Any], ...] = ()
    order_by: tuple[str, ...] = ()
    limit: Any = None
    saved_query: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        """The question as plain values."""
        parts = {
            "metrics": list(self.metrics),
            "group_by": list(self.group_by),
            "where": list(self.where),
            "order_by": list(self.order_by),
            "limit": self.limit,
            "saved_query": self.saved_query,
        }
        return {name: value for name, value in parts.items() if value not in (None, [])}

    @property
    def uses(self) -> set[str]:
        """What it needs that not every interface has."""
        found = {"json"} if any(isinstance(one, dict) for one in self.where) else set()
        found |= {"aliases"} if self.aliases else set()
        found |= {"text"} if any(isinstance(one, str) for one in self.where) else set()
        found |= {"surrogates"} if "\\ud" in ascii(self.said) else set()
        # The library of MCP takes this word for nothing, as assistants mean it.
        found |= {"null"} if "null" in self.where else set()
        found |= {"long"} if len(str(self.said)) > _LONGEST_ADDRESS else set()
        return found | ({"saved_query"} if self.saved_query is not None else set())


@dataclass(frozen=True)
class Told:
    """What came back.

    Attributes:
        text: All of it that a person could read.
        rows: The rows; none where it was refused.
    """

    text: str
    rows: list[Row] | None = None


@dataclass
class Interface:
    """A way to ask.

    Attributes:
        name: Such as `rest`.
        put: Asks.
        has: What of questions it has a word for, besides what every interface has.
    """

    name: str
    put: Callable[[Question], Told]
    has: frozenset[str] = _ALL

    def takes(self, question: Question) -> bool:
        """Whether the question can be put here at all."""
        return question.uses <= self.has


def engine_interface(engine: Engine, principal: Principal = LOCAL) -> Interface:
    """Ask the engine itself."""

    def put(question: Question) -> Told:
        try:
            parts = tuple(
                parse_filter(one) if isinstance(one, str) else from_json(one)
                for one in question.where
            )
            request = MetricRequest(
                metrics=question.metrics,
                group_by=question.group_by,
                order_by=question.order_by,
                limit=question.limit,
                saved_query=question.saved_query,
                where=All(parts) if parts else None,
                aliases=question.aliases,
            )
            return _rows(engine.answer(request, principal).table)
        except MetricsStoreError as error:
            return Told(error.public())

    return Interface("engine", put)


def connect_interface(connection: Connection, name: str) -> Interface:
    """Ask through `metrics_store.connect`."""

    def put(question: Question) -> Told:
        try:
            return _rows(connection.query(**question.said).table)
        except MetricsStoreError as error:
            return Told(error.public())

    return Interface(name, put, _ALL - {"aliases"})


@dataclass
class Server:
    """Where a server is, and who asks it.

    Attributes:
        url: Address of HTTP.
        flight: Port of Flight SQL, where it is open.
        token: What the server knows the caller by.
    """

    url: str
    flight: int | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        """Keep one connection to HTTP."""
        self.session = requests.Session()

    def http(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        """Ask anything over HTTP."""
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.session.request(
            method, self.url + path, headers=headers, timeout=_SECONDS, **options
        )

    def interfaces(self) -> list[Interface]:
        """Give the interfaces of the server."""
        found = [
            Interface("rest get", self._get, _ALL - {"aliases", "surrogates", "long"}),
            Interface("rest post", self._post, _ALL - {"aliases"}),
            Interface("graphql", self._graphql, _ALL - {"json"}),
            Interface("mcp", self._mcp, frozenset({"surrogates", "long", "text"})),
        ]
        if self.flight is not None:
            found.append(Interface("flight", self._flight, _ALL - {"json"}))
        return found

    def cube_interface(self) -> Interface:
        """Give Cube's API, which has no filters as text and no saved queries."""
        return Interface("cube", self._cube, frozenset({"surrogates", "long"}))

    def _get(self, question: Question) -> Told:
        said = question.said
        said["where"] = [one if isinstance(one, str) else json.dumps(one) for one in question.where]
        return self._read(self.http("GET", "/v1/query", params=said))

    def _post(self, question: Question) -> Told:
        return self._read(self.http("POST", "/v1/query", json=question.said))

    @staticmethod
    def _read(response: requests.Response) -> Told:
        rows = response.json()["rows"] if response.status_code == 200 else None
        assert rows is not None or 400 <= response.status_code < 500, response.text
        return Told(response.text, rows)

    def graphql(self, document: str, variables: object = None) -> Any:  # noqa: ANN401
        """Ask the GraphQL API anything; gives its answer's JSON."""
        body = {"query": document, "variables": variables}
        response = self.http("POST", "/api/graphql", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def _graphql(self, question: Question) -> Told:
        return self.graphql_rows(_CREATE, graphql_variables(question))

    def graphql_rows(self, document: str, variables: object) -> Told:
        """Begin a query, and come back for its rows."""
        begun = self.graphql(document, variables)
        if begun.get("errors"):
            return Told(json.dumps(begun["errors"], ensure_ascii=False))
        while True:
            answer = self.graphql(_QUERY, {"id": begun["data"]["begun"]["queryId"]})
            assert "errors" not in answer, answer
            found = answer["data"]["query"]
            if found["status"] == "FAILED":
                return Told(found["error"])
            if found["status"] == "SUCCESSFUL":
                stream = base64.b64decode(found["arrowResult"])
                return _rows(pa.ipc.open_stream(stream).read_all())

    def mcp(self, tool: str, arguments: object) -> Told:
        """Call a tool; its text alone comes back."""
        call = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
        response = self.http("POST", "/mcp", json=call, headers=MCP_HEADERS)
        assert response.status_code < 500, response.text
        answer = response.json()
        result = answer.get("result")
        if result is None or result.get("isError"):
            return Told(json.dumps(answer, ensure_ascii=False))
        # What else is to be known, such as why an answer is empty, stands in texts of its own.
        return Told(result["content"][0]["text"], [])

    def _mcp(self, question: Question) -> Told:
        said = question.said
        said["group_by"] = [{"name": name} for name in question.group_by]
        said["order_by"] = [
            {"name": name.removeprefix("-"), "descending": name.startswith("-")}
            for name in question.order_by
        ]
        said["where"] = " and ".join(f"{one}" for one in question.where) or None
        told = self.mcp("query_metrics", {**said, "format": "json"})
        return told if told.rows is None else Told(told.text, json.loads(told.text))

    def _cube(self, question: Question) -> Told:
        query = {
            "measures": [_member(one) for one in question.metrics],
            "dimensions": [_member(one) for one in question.group_by],
            "order": [
                [_member(one.removeprefix("-")), "desc" if one.startswith("-") else "asc"]
                for one in question.order_by
            ],
            "limit": question.limit,
        }
        response = self.http("POST", "/cubejs-api/v1/load", json={"query": query})
        if response.status_code != 200:
            assert 400 <= response.status_code < 500, response.text
            return Told(response.text)
        rows = response.json()["data"]
        return _told([{_column(key): value for key, value in row.items()} for row in rows])

    def flight_rows(self, statement: str) -> Told:
        """Ask by a statement."""
        assert self.flight is not None
        with Client(self.flight, self.token or "") as client:
            try:
                return _told(client.rows(client.info_of(statement)))
            except (pa.ArrowException, OSError) as error:
                return Told(str(error).partition(". gRPC client debug context")[0])

    def _flight(self, question: Question) -> Told:
        return self.flight_rows(statement_of(question))


_CREATE = """mutation (
  $saved: String, $metrics: [MetricInput!], $groupBy: [GroupByInput!], $where: [WhereInput!],
  $orderBy: [OrderByInput!], $limit: Int
) { begun: createQuery(
  environmentId: 1, savedQuery: $saved, metrics: $metrics, groupBy: $groupBy, where: $where,
  orderBy: $orderBy, limit: $limit
) { queryId } }"""
_QUERY = """query ($id: String!) {
  query(environmentId: 1, queryId: $id) { status error arrowResult }
}"""


def graphql_variables(question: Question) -> Row:
    """Give the variables of `createQuery`."""
    aliases = dict(question.aliases)
    metrics = [{"name": name, "alias": aliases.get(name)} for name in question.metrics]
    group_by = [{"name": name} for name in question.group_by]
    order_by = [
        {
            "metric" if name.removeprefix("-") in question.metrics else "groupBy": {
                "name": name.removeprefix("-")
            },
            "descending": name.startswith("-"),
        }
        for name in question.order_by
    ]
    return {
        "saved": question.saved_query,
        "metrics": metrics,
        "groupBy": group_by,
        "where": [{"sql": one} for one in question.where],
        "orderBy": order_by,
        "limit": question.limit,
    }


def statement_of(question: Question) -> str:
    """Write a question as a call of the semantic layer."""
    aliases = dict(question.aliases)
    text = json.dumps
    metrics = [
        f"Metric({text(name)}, alias={text(aliases[name])})" if name in aliases else text(name)
        for name in question.metrics
    ]
    parts = {
        "metrics": f"[{', '.join(metrics)}]" if metrics else "",
        "group_by": text(list(question.group_by)) if question.group_by else "",
        "where": text(list(question.where)) if question.where else "",
        "order_by": text(list(question.order_by)) if question.order_by else "",
        "limit": "" if question.limit is None else str(question.limit),
        "saved_query": "" if question.saved_query is None else text(question.saved_query),
    }
    said = ", ".join(f"{name}={value}" for name, value in parts.items() if value)
    return f"{{{{ semantic_layer.query({said}) }}}}"


def _member(name: str) -> str:
    """Name a member of Cube's view of all metrics."""
    return f"all_metrics.{name}"


def _column(member: str) -> str:
    return member.removeprefix("all_metrics.")


def _rows(table: pa.Table) -> Told:
    return _told(table.to_pylist())


def _told(rows: list[Row]) -> Told:
    return Told(json.dumps(rows, default=str, ensure_ascii=False), rows)
