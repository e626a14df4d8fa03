"""What goes over HTTP: forms, errors and routes."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
import requests
from graphql import build_client_schema, get_introspection_query
from starlette.applications import Starlette

from clients.server_thread import serving
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.serve.graphql.routes import routes
from metrics_store.serve.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal

    Ask = Callable[..., dict[str, Any]]
    Post = Callable[..., requests.Response]

pytestmark = pytest.mark.xdist_group("offers")

# Of graphql-core 3.2.
KNOWN_PLACES = {
    *("QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD"),
    *("INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION"),
    *("ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT"),
    "INPUT_FIELD_DEFINITION",
}
INFO = "query($id: BigInt!) { environmentInfo(environmentId: $id) { dialect } }"
CREATE = """mutation($asked: [MetricInput!], $by: [GroupByInput!], $where: [WhereInput!],
    $order: [OrderByInput!], $limit: Int, $saved: String) {
  createQuery(environmentId: 1, metrics: $asked, groupBy: $by, where: $where, orderBy: $order,
    limit: $limit, savedQuery: $saved) { queryId }
}"""
QUERY = """query($id: String!, $page: Int! = 1) {
  query(environmentId: 1, queryId: $id, pageNum: $page) {
    queryId status sql error totalPages arrowResult jsonResult plain: jsonResult(encoded: false)
  }
}"""


def message(answer: dict[str, Any]) -> str:
    found: str = answer["errors"][0]["message"]
    return found


def created(ask: Ask, **variables: object) -> str:
    found: str = ask(CREATE, variables)["data"]["createQuery"]["queryId"]
    return found


def finished(ask: Ask, query_id: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    for _ in range(100):
        query: dict[str, Any] = ask(QUERY, {"id": query_id, **more})["data"]["query"]
        if query["status"] in {"SUCCESSFUL", "FAILED"}:
            return query
    raise AssertionError(query)


def rows(query: dict[str, Any]) -> list[dict[str, Any]]:
    assert query["error"] is None
    read: list[dict[str, Any]] = (
        pa.ipc.open_stream(base64.b64decode(query["arrowResult"])).read_all().to_pylist()
    )
    return [{name: str(value) for name, value in row.items()} for row in read]


@pytest.mark.parametrize("environment", [1, "1", 12345678901234567890, "12345678901234567890", -1])
@pytest.mark.parametrize("path", ["/api/graphql", "/"])
def test_an_environment_is_a_number_or_its_text(
    ask: Ask, environment: int | str, path: str
) -> None:
    answer = ask(INFO, {"id": environment}, path=path)
    assert answer == {"data": {"environmentInfo": {"dialect": "DUCKDB"}}}


@pytest.mark.parametrize("environment", ['"1"', "1", "123456789012345678"])
def test_an_environment_may_stand_in_the_document(ask: Ask, environment: str) -> None:
    assert "errors" not in ask(f"{{ environmentInfo(environmentId: {environment}) {{ dialect }} }}")


@pytest.mark.parametrize("environment", [1.5, "one", True, None, [1], {}, "1; drop", "9" * 50])
def test_what_is_no_environment_is_refused(ask: Ask, environment: object) -> None:
    answer = ask(INFO, {"id": environment})
    assert "$id" in message(answer)
    assert answer["data"] is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        "[" * 100_000,
        b"\xff\xfe\x00",
        '{"query": 1}',
        '{"query": "{ a }", "variables": []}',
        '{"query": "{ a }", "operationName": 1}',
        '[{"query": "{ a }"}]',
    ],
)
def test_what_is_no_graphql_is_refused(post: Post, content: str | bytes) -> None:
    answer = post(content)
    assert answer.status_code == 200
    assert "the request is not GraphQL" in message(answer.json())


def test_a_document_that_is_not_understood_says_where(ask: Ask) -> None:
    answer = ask("{ metrics(")
    assert "Syntax Error" in message(answer)
    assert answer["errors"][0]["locations"]
    assert "nothing" in message(ask("{ nothing }"))


def test_an_operation_is_chosen_by_name(post: Post) -> None:
    documents = "query a { environmentInfo(environmentId: 1) { dialect } } query b { __typename }"
    answer = post(json.dumps({"query": documents, "operationName": "b"})).json()
    assert answer == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("token", ["", "token-of-nobody", "token-of-an"])
def test_a_refused_token_is_told_first(ask: Ask, token: str) -> None:
    answer = ask(INFO, {"id": 1}, token=token)
    assert message(answer) == "User is not authorized"
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "not_authenticated"


def test_no_token_shows_nothing_of_the_schema(port: int) -> None:
    response = requests.post(
        f"http://127.0.0.1:{port}/api/graphql", json={"query": "{ nothing }"}, timeout=60
    )
    assert message(response.json()) == "User is not authorized"


def test_tools_can_read_the_schema(ask: Ask) -> None:
    told = ask(get_introspection_query())["data"]
    places = {place for one in told["__schema"]["directives"] for place in one["locations"]}
    # What graphql-core below 3.3, and with it gql 3, does not know ends its reading.
    assert places <= KNOWN_PLACES
    schema = build_client_schema(told)
    assert "metricsPaginated" in schema.query_type.fields  # type: ignore[union-attr]


def test_lists_come_in_pages(ask: Ask) -> None:
    document = """query($search: String, $terms: [String!], $page: Int!, $size: Int) {
      metricsPaginated(environmentId: 1, search: $search, searchTerms: $terms, pageNum: $page,
        pageSize: $size) { items { name } pageNum pageSize totalItems totalPages }
    }"""
    page = ask(document, {"page": 2, "size": 3})["data"]["metricsPaginated"]
    names = [one["name"] for one in page.pop("items")]
    assert names == ["visits_growth", "visits_growth_doubled", "visits_per_visitor"]
    assert page == {"pageNum": 2, "pageSize": 3, "totalItems": 7, "totalPages": 3}
    found = ask(document, {"page": 1, "terms": ["revenue", "VISITOR"]})["data"]
    assert found["metricsPaginated"]["totalItems"] == 3
    assert "no such page" in message(ask(document, {"page": 0}))


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("dimensionsPaginated", "customer__region"),
        ("entitiesPaginated", "customer"),
        ("savedQueriesPaginated", "visits_of_a_region"),
    ],
)
def test_every_list_can_be_searched(ask: Ask, field: str, name: str) -> None:
    search = {"customer": "buys"}.get(name, "region")
    answer = ask(f'{{ {field}(environmentId: 1, search: "{search}") {{ items {{ name }} }} }}')
    assert answer["data"][field]["items"] == [{"name": name}]


def test_metrics_and_grains_are_found_for_others(ask: Ask) -> None:
    answer = ask("""{
      metricsForDimensions(environmentId: 1, dimensions: [
        {name: "metric_time", grain: DAY}, {name: "visit__channel"}]) { name }
      queryableGranularities(environmentId: 1, metrics: [{name: "visits"}])
    }""")["data"]
    names = [one["name"] for one in answer["metricsForDimensions"]]
    assert "visitors" in names
    assert "visits" not in names
    assert answer["queryableGranularities"] == ["MONTH"]


@pytest.mark.parametrize(
    "by",
    [
        {"name": "metric_time", "grain": "MONTH"},
        {"name": "metric_time", "timeGranularity": "MONTH"},
        {"name": "metric_time", "timeGranularity": "month"},
        {"name": "metric_time__month"},
    ],
)
def test_a_grain_is_said_in_several_ways(ask: Ask, by: dict[str, str]) -> None:
    query_id = created(
        ask,
        asked=[{"name": "revenue"}],
        by=[by],
        order=[{"groupBy": {"name": "metric_time"}, "descending": True}],
        limit=1,
    )
    query = finished(ask, query_id)
    assert rows(query) == [{"metric_time__month": "2024-02-01 00:00:00", "revenue": "5.25"}]
    assert "DATE_TRUNC('month'" in query["sql"]


def test_a_part_of_a_time_and_an_alias_can_be_asked(ask: Ask) -> None:
    query_id = created(
        ask,
        asked=[{"name": "revenue", "alias": "turnover"}],
        by=[{"name": "metric_time", "datePart": "MONTH"}],
    )
    found = rows(finished(ask, query_id))
    assert [list(row.values()) for row in found] == [["1", "130.40"], ["2", "5.25"]]
    assert "turnover" in found[0]


def test_json_is_what_pandas_reads(ask: Ask) -> None:
    by = [{"name": "metric_time", "grain": "MONTH"}, {"name": "order__status"}]
    query_id = created(ask, asked=[{"name": "revenue"}], by=by, limit=2)
    query = finished(ask, query_id)
    encoded = base64.b64decode(query["jsonResult"]).decode()
    assert encoded == query["plain"]
    assert '"metric_time__month":"2024-01-01T00:00:00.000"' in encoded
    frame = pd.read_json(io.StringIO(encoded), orient="table")
    assert list(frame.columns) == ["metric_time__month", "order__status", "revenue"]
    assert frame["revenue"].tolist() == [30.5, 99.9]
    assert frame["metric_time__month"].tolist() == [pd.Timestamp("2024-01-01")] * 2


def test_no_rows_are_one_page(ask: Ask) -> None:
    where = [{"sql": "{{ Dimension('order__status') }} = 'lost'"}]
    asked = [{"name": "revenue"}]
    query = finished(ask, created(ask, asked=asked, by=[{"name": "order__status"}], where=where))
    assert (rows(query), query["totalPages"]) == ([], 1)
    assert json.loads(query["plain"])["data"] == []


def test_pages_hold_every_row_once(ask: Ask) -> None:
    query_id = created(ask, asked=[{"name": "revenue"}], by=[{"name": "metric_time__day"}])
    pages = [finished(ask, query_id, page=page) for page in (1, 2)]
    assert {query["totalPages"] for query in pages} == {2}
    assert [row["revenue"] for page in pages for row in rows(page)] == ["30.50", "99.90", "5.25"]
    for page in (0, -1, 3, 2_000_000_000):
        assert "no such page" in message(ask(QUERY, {"id": query_id, "page": page}))


def test_values_of_a_dimension_are_a_query_too(ask: Ask) -> None:
    document = """mutation($asked: [MetricInput!]) { createDimensionValuesQuery(
      environmentId: 1, metrics: $asked, groupBy: [{name: "order__status"}]) { queryId } }"""
    for asked in (None, [{"name": "revenue"}]):
        query_id = ask(document, {"asked": asked})["data"]["createDimensionValuesQuery"]["queryId"]
        values = [row["order__status"] for row in rows(finished(ask, query_id))]
        assert values == ["paid", "returned"]
    query_id = ask(document, {"asked": [{"name": "visits"}]})["data"]["createDimensionValuesQuery"]
    failed = finished(ask, query_id["queryId"])
    assert "visits has nothing by this name" in failed["error"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"asked": [{"name": "revenu"}]}, "perhaps revenue"),
        ({"asked": [{"name": "revenue"}], "by": [{"name": "order__stat"}]}, "perhaps order__stat"),
        ({"asked": [{"name": "revenue"}], "where": [{"sql": "1=1) union select 1"}]}, "filter"),
        ({"asked": [{"name": "revenue"}], "saved": "revenue_by_status"}, "saved query"),
        ({"asked": [{"name": "revenue"}], "order": [{}]}, "exactly one"),
        ({"asked": [{"name": "revenue"}], "order": [{"metric": {"name": "visits"}}]}, "ordered"),
        ({"saved": "nothing"}, "no such saved query"),
        ({}, "nothing is asked for"),
    ],
)
def test_a_wrong_query_fails_and_says_why(ask: Ask, variables: dict[str, Any], words: str) -> None:
    query = finished(ask, created(ask, **variables))
    assert query["status"] == "FAILED"
    assert words in query["error"]
    assert query["arrowResult"] is query["jsonResult"] is query["totalPages"] is None


def test_another_callers_query_is_not_there(ask: Ask) -> None:
    query_id = created(ask, asked=[{"name": "revenue"}])
    cancel = 'mutation { cancelQuery(environmentId: 1, queryId: "%s") { queryId } }'
    for answer, known in (
        (ask(QUERY, {"id": query_id}, token="token-of-ben"), query_id),  # noqa: S106
        (ask(cancel % query_id, token="token-of-ben"), query_id),  # noqa: S106
        (ask(QUERY, {"id": "0" * 32}), "0" * 32),
    ):
        assert message(answer).replace(known, "ID") == (
            "there is no such query\n  where: ID\n  what to do: create the query again"
        )
    assert finished(ask, query_id)["status"] == "SUCCESSFUL"


class _Broken(Authenticator):
    """Fails as nobody foresaw."""

    def principal(self, authorization: str | None) -> Principal:
        raise RuntimeError(f"/var/secrets/keys.json: {authorization}")


def test_what_nobody_foresaw_is_not_told(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Service(service.engine, _Broken({}))
    with serving(Starlette(routes=list(routes(broken)))) as port:
        answer = requests.post(
            f"http://127.0.0.1:{port}/", json={"query": "{ __typename }"}, timeout=60
        ).json()
    [error] = answer["errors"]
    request_id = error["extensions"]["requestId"]
    assert error["message"] == f"something went wrong in the server; the request is {request_id}"
    assert "keys.json" not in json.dumps(answer)
    assert request_id in caplog.text
    assert "keys.json" in caplog.text
