"""Bodies, documents, arguments and headers of other forms are refused, clearly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hostile.corpus.bodies import (
    CONDITIONS,
    DEEP,
    DOCUMENTS,
    LIMITS,
    QUESTIONS,
    RAW_BODIES,
    TOOL_ARGUMENTS,
    VARIABLES,
)
from hostile.interface_requests import MCP_HEADERS, Question, graphql_variables
from hostile.leak_checks import Asked, ask_all, check_refused, check_text
from query.calls.hostile import HOSTILE

if TYPE_CHECKING:
    from hostile.conftest import Canaries
    from hostile.interface_requests import Interface, Server

pytestmark = pytest.mark.xdist_group("shop")

PATHS = ["/v1/query", "/v1/sql", "/v1/dimension-values"]
_CREATE = """mutation ($saved: String, $metrics: [MetricInput!], $groupBy: [GroupByInput!],
    $where: [WhereInput!], $orderBy: [OrderByInput!], $limit: Int) {
  begun: createQuery(environmentId: 1, savedQuery: $saved, metrics: $metrics, groupBy: $groupBy,
    where: $where, orderBy: $orderBy, limit: $limit) { queryId } }"""


def _post(server: Server, path: str, content: bytes, **headers: str) -> tuple[int, str]:
    sent = {"Content-Type": "application/json", **headers}
    response = server.http("POST", path, data=content, headers=sent)
    return response.status_code, response.text


def _refused(server: Server, path: str, content: bytes, canaries: Canaries) -> None:
    status, text = _post(server, path, content)
    assert 400 <= status < 500, (content[:200], text)
    check_text(text, canaries, content.decode(errors="replace"))
    assert len(text) < 6_000, content[:200]


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def test_conditions(canaries: Canaries, interface: Interface) -> None:
    asked = [Asked(str(one), Question(where=(one,))) for one in CONDITIONS]
    if "json" in interface.has:
        assert ask_all(interface, canaries, asked) >= len(CONDITIONS) - 1


def test_bodies_of_rest(canaries: Canaries, server: Server) -> None:
    before = canaries.state()
    for content in RAW_BODIES:
        for path in PATHS:
            _refused(server, path, content, canaries)
    for one in QUESTIONS:
        _refused(server, "/v1/query", _json({"metrics": ["revenue"], **one}), canaries)
    for limit in LIMITS:
        _refused(server, "/v1/query", _json({"metrics": ["revenue"], "limit": limit}), canaries)
        values = {"dimension": "order__status", "limit": limit}
        _refused(server, "/v1/dimension-values", _json(values), canaries)
    assert canaries.state() == before


def test_documents_of_graphql(canaries: Canaries, server: Server) -> None:
    before = canaries.state()
    for document in DOCUMENTS:
        answer = server.graphql(document)
        # A list of what a name that there is not has is an empty one.
        assert not any((answer["data"] or {}).values()), (document[:200], answer)
        assert "errors" in answer or "metricsForDimensions" in answer["data"], document[:200]
        check_text(json.dumps(answer), canaries, document)
    for said in VARIABLES:
        variables = said
        if isinstance(said, dict):
            variables = {**graphql_variables(Question()), **said}
        told = server.graphql_rows(_CREATE, variables)
        check_refused(told, canaries, str(said))
    for content in [*RAW_BODIES, _json([{"query": "{ __typename }"}] * 50), _json({"query": 1})]:
        status, text = _post(server, "/api/graphql", content)
        assert status == 200
        assert json.loads(text)["errors"], content[:200]
        check_text(text, canaries)
    assert canaries.state() == before


def test_aliases_and_fragments_without_end(server: Server) -> None:
    spread = "".join(
        f"fragment F{n} on Metric {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }} " for n in range(30)
    )
    document = (
        f"{{ metrics(environmentId: 1) {{ ...F0 }} }} {spread} fragment F30 on Metric {{ name }}"
    )
    answer = server.graphql(document)
    assert answer["data"] is None
    assert "too many" in answer["errors"][0]["message"]


def test_arguments_of_tools(canaries: Canaries, server: Server) -> None:
    before = canaries.state()
    for arguments in TOOL_ARGUMENTS:
        for tool in ("query_metrics", "get_metrics_compiled_sql"):
            check_refused(server.mcp(tool, arguments), canaries, json.dumps(arguments))
    for tool in ("shell", "../query_metrics", "", "query_metrics; drop table orders", "__init__"):
        check_refused(server.mcp(tool, {}), canaries, tool)
    for value in ("x'; select 1", "{{ 1 }}", "canaries__canary", 1, None, ["order__status"], DEEP):
        told = server.mcp("get_dimension_values", {"dimension": value})
        check_refused(told, canaries, str(value))
    for content in RAW_BODIES:
        status, text = _post(server, "/mcp", content, **MCP_HEADERS)
        assert 400 <= status < 500, content[:100]
        check_text(text, canaries)
    assert canaries.state() == before


def test_statements_of_flight(canaries: Canaries, server: Server) -> None:
    before = canaries.state()
    for statement in HOSTILE.values():
        check_refused(server.flight_rows(statement), canaries, statement)
    for limit in LIMITS:
        text = json.dumps(limit) if isinstance(limit, str) else str(limit)
        statement = f"{{{{ semantic_layer.query(metrics=['revenue'], limit={text}) }}}}"
        check_refused(server.flight_rows(statement), canaries, statement)
    assert canaries.state() == before


HEADERS = [
    {"Accept": "text/../../etc/passwd"},
    {"Accept": "*/*;q=" + "9" * 300},
    {"Accept": "x" * 8_000},
    {"Accept": "application/json; charset='; select 1"},
    {"X-Request-ID": "'; select canary from canaries --"},
    {"X-Request-ID": "*/ select 1 /*"},
    {"X-Request-ID": "x" * 5_000},
    {"If-None-Match": "W/'; select 1" * 50},
    {"If-None-Match": '"' * 3_000},
    {"traceparent": "00-'; select 1-00-00"},
    {"baggage": "a=" + "b" * 5_000},
    {"X-Forwarded-For": "127.0.0.1'"},
    {"X-Forwarded-Host": "evil"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Range": "bytes=0-1"},
    {"Content-Encoding": "gzip"},
    {"Cookie": "a='; select 1"},
    {"Authorization": "Bearer '; select 1 --"},
    {"Authorization": "Basic " + "QQ" * 500},
]


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_headers(canaries: Canaries, server: Server, headers: dict[str, str]) -> None:
    response = server.http("GET", "/v1/query?metrics=revenue", headers=headers)
    assert response.status_code in (200, 400, 406), response.text
    if response.status_code == 200:
        assert response.json()["rows"][0]["revenue"] == float(sum(canaries.rows.values()))
    check_text(response.text + str(response.headers), canaries, str(headers))
    given = headers.get("X-Request-ID")
    assert given is None or response.headers["X-Request-ID"] != given


def test_paths(canaries: Canaries, server: Server) -> None:
    for path in (
        "/../../etc/passwd",
        "/v1/metrics/..%2f..%2fetc%2fpasswd",
        "/v1/metrics/%00",
        "/v1/metrics/%27;select%201",
        "/v1/metrics/{{7*7}}",
        "/v1/metrics/" + "x" * 3_000,
        "/v1/query/../../x",
        "/docs/../../etc/passwd",
        "/static/canary",
        "//etc/passwd",
    ):
        response = server.http("GET", path)
        assert response.status_code in (400, 404), path
        check_text(response.text, canaries, path)
