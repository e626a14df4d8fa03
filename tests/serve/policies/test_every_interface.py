"""What policies show and hide, they show and hide at every interface."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from hostile.interface_requests import Question
from hostile.leak_checks import sums_of
from metrics_store import connect
from serve.flight.flight_client import Client, packed
from serve.policies.conftest import (
    HIDDEN,
    HIDDEN_DIMENSIONS,
    HIDDEN_METRICS,
    HIDDEN_SAVED_QUERY,
    SEEN_DIMENSIONS,
    SEEN_METRICS,
    SEEN_SAVED_QUERIES,
    TOKENS,
    revenue,
)

if TYPE_CHECKING:
    from hostile.interface_requests import Server, Told
    from serve.policies.conftest import Market

pytestmark = pytest.mark.xdist_group("market")

SEEN = [*SEEN_METRICS, *SEEN_DIMENSIONS, "region", "amount_sum", "revenue_by_region"]
BY_STATUS = Question()
# Nobody's, but not said so.
INVENTED = ["nonsense_of_mine", "order__nonsense", "customer__nonsense"]


def hidden_questions() -> list[tuple[str, Question]]:
    """Give questions that name what Bea may not see, each with the name."""
    found: list[tuple[str, Question]] = []
    for name in HIDDEN_METRICS:
        found += [
            (name, Question(metrics=(name,))),
            (name, Question(metrics=("revenue", name))),
            (name, Question(order_by=(name,))),
            (name, Question(where=(f"{{{{ Metric('{name}', ['customer']) }}}} > 1",))),
        ]
    for name in HIDDEN_DIMENSIONS:
        found += [
            (name, Question(group_by=(name,))),
            (name, Question(group_by=("order__status", name))),
            (name, Question(metrics=(), group_by=(name,))),
            (name, Question(order_by=(name,))),
            (name, Question(where=(f"{{{{ Dimension('{name}') }}}} = 'web'",))),
            (name, Question(where=(f"{name} is null",))),
        ]
    saved = {"metrics": (), "group_by": ()}
    found.append((HIDDEN_SAVED_QUERY, Question(saved_query=HIDDEN_SAVED_QUERY, **saved)))
    return found


def words(text: str, names: list[str]) -> set[str]:
    """Give the names that a text holds as words."""
    return {name for name in names if re.search(rf"(?<![a-z0-9_]){name}(?![a-z0-9_])", text)}


def test_rows_of_each_caller_in_turns(market: Market) -> None:
    everything, south = revenue(), revenue("south")
    assert everything != south
    with (
        market.interfaces("ada") as ada,
        market.interfaces("bea") as bea,
        market.interfaces("eve") as eve,
    ):
        for by_ada, by_bea, by_eve in zip(ada, bea, eve, strict=True):
            for _ in range(2):
                assert sums_of(by_ada.put(BY_STATUS)) == everything, by_ada.name
                assert sums_of(by_bea.put(BY_STATUS)) == south, by_bea.name
                assert by_eve.put(BY_STATUS).rows is None, by_eve.name


@pytest.mark.slow
def test_what_is_hidden_looks_like_what_does_not_exist(market: Market) -> None:
    with market.interfaces("bea") as interfaces:
        for interface in interfaces:
            for name, question in hidden_questions():
                if not interface.takes(question):
                    continue
                told = interface.put(question)
                assert told.rows is None, (interface.name, question)
                others = [other for other in HIDDEN if other not in name]
                assert not words(told.text, others), (interface.name, question, told.text)
                # An invented name in its place is refused in the same words.
                other = name[:-3] + "qqq"
                instead = interface.put(_renamed(question, name, other))
                assert _bare(told, name) == _bare(instead, other), (interface.name, question)


def _renamed(question: Question, name: str, other: str) -> Question:
    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one.replace(name, other) for one in names)

    return Question(
        metrics=renamed(question.metrics),
        group_by=renamed(question.group_by),
        order_by=renamed(question.order_by),
        where=tuple(str(one).replace(name, other) for one in question.where),
        saved_query=question.saved_query and other,
    )


def _bare(told: Told, name: str) -> str:
    """Leave out the name, the number of the request, and which names are near."""
    text = told.text.replace(name, "NAME")
    text = re.sub(r"[0-9a-f]{32}", "ID", text)
    return re.sub(r"(one of|such as|perhaps|did you mean)[^\"]*", "NEAR", text)


def test_nobody_gets_anything_without_a_policy(market: Market) -> None:
    questions = [
        *(question for _, question in hidden_questions()),
        BY_STATUS,
        *(Question(metrics=(name,), group_by=()) for name in SEEN_METRICS),
        *(Question(metrics=(), group_by=(name,)) for name in SEEN_DIMENSIONS),
        Question(metrics=(), group_by=("metric_time__month",)),
        Question(metrics=(), group_by=(), saved_query="revenue_by_region"),
    ]
    with market.interfaces("eve") as interfaces:
        for interface in interfaces:
            for question in filter(interface.takes, questions):
                told = interface.put(question)
                assert told.rows is None, (interface.name, question, told.text)
                named = str(question)
                others = [one for one in (*HIDDEN, *SEEN_METRICS) if one not in named]
                assert not words(told.text, others), (interface.name, question, told.text)


_LISTS = """{
  metrics(environmentId: 1) { name dimensions { name } entities { name } measures { name } }
  dimensions(environmentId: 1) { name qualifiedName }
  entities(environmentId: 1) { name }
  measures(environmentId: 1) { name }
  savedQueries(environmentId: 1) { name queryParams { metrics { name } groupBy { name } } }
  metricsForDimensions(environmentId: 1, dimensions: [{name: "metric_time"}]) { name }
  environmentInfo(environmentId: 1) { hasMetricsDefined }
}"""
_PAGES = """{
  metricsPaginated(environmentId: 1) { items { name config { meta } } totalItems }
  dimensionsPaginated(environmentId: 1) { items { name } totalItems }
  entitiesPaginated(environmentId: 1) { items { name } totalItems }
  savedQueriesPaginated(environmentId: 1) { items { name } totalItems }
}"""
_CALLS = [
    "metrics()",
    "dimensions()",
    "entities()",
    "measures()",
    "saved_queries()",
    "metrics_for_dimensions(group_by=['metric_time'])",
]


def listings(server: Server) -> dict[str, str]:
    """Give all lists of all interfaces."""
    found = {}
    for path in ("metrics", "dimensions", "entities", "measures", "saved-queries"):
        response = server.http("GET", f"/v1/{path}")
        assert response.status_code == 200
        found[f"rest {path}"] = response.text
    for name, document in (("lists", _LISTS), ("pages", _PAGES)):
        answer = server.graphql(document)
        assert "errors" not in answer, answer
        found[f"graphql {name}"] = json.dumps(answer)
    for call in _CALLS:
        told = server.flight_rows("{{ semantic_layer." + call + " }}")
        found[f"flight {call}"] = told.text
    cubes = server.http("GET", "/cubejs-api/v1/meta")
    assert cubes.status_code == 200
    found["cube"] = cubes.text
    for tool in ("list_metrics", "list_saved_queries"):
        found[f"mcp {tool}"] = server.mcp(tool, {}).text
    for tool in ("get_dimensions", "get_entities"):
        found[f"mcp {tool}"] = server.mcp(tool, {"metrics": ["revenue"]}).text
    return found


def test_lists(market: Market) -> None:
    for where, text in listings(market.of("bea")).items():
        assert not words(text, HIDDEN), where
        # No policy shows her an entity.
        assert "entities" in where or words(text, SEEN), where
    for where, text in listings(market.of("eve")).items():
        seen = words(text, [*HIDDEN, *SEEN_METRICS, *SEEN_DIMENSIONS, "revenue_by_region"])
        assert seen <= ({"revenue"} if where.startswith("mcp get") else set()), (where, text)
    everything = "".join(listings(market.of("ada")).values())
    assert words(everything, HIDDEN) >= {*HIDDEN_METRICS, HIDDEN_SAVED_QUERY, "channel"}


def test_names_of_lists_that_are_hidden(market: Market) -> None:
    """A list of what hidden metrics have, and a hidden metric itself, are not there."""
    for name in ("bea", "eve"):
        server = market.of(name)
        for hidden, invented in (("stock", "stoqq"), ("largest_order", "largest_ordqq")):
            for path in ("metrics/{}", "dimensions?metrics={}", "entities?metrics={}"):
                told = server.http("GET", "/v1/" + path.format(hidden))
                instead = server.http("GET", "/v1/" + path.format(invented))
                assert told.status_code == instead.status_code >= 400
                assert told.json()["code"] == instead.json()["code"]
            for field in ("dimensions", "entities", "measures"):
                document = (
                    f'{{ {field}(environmentId: 1, metrics: [{{name: "{hidden}"}}]) {{name}} }}'
                )
                assert server.graphql(document)["data"] is None, field
            for call in ("dimensions", "entities", "measures", "queryable_granularities"):
                statement = f"{{{{ semantic_layer.{call}(metrics=['{hidden}']) }}}}"
                assert server.flight_rows(statement).rows is None, call
            for tool in ("get_dimensions", "get_entities"):
                assert server.mcp(tool, {"metrics": [hidden]}).rows is None, tool


def values(server: Server, dimension: str, metrics: list[str]) -> dict[str, Told | str]:
    """Ask each interface for the values of a dimension."""
    named = [{"name": metric} for metric in metrics]
    parameters = {"dimension": dimension, "metrics": metrics}
    rest = server.http("GET", "/v1/dimension-values", params=parameters)
    document = """mutation ($metrics: [MetricInput!], $groupBy: [GroupByInput!]!) {
      begun: createDimensionValuesQuery(environmentId: 1, metrics: $metrics, groupBy: $groupBy)
      { queryId } }"""
    variables = {"metrics": named, "groupBy": [{"name": dimension}]}
    arguments = f"group_by=['{dimension}']" + (f", metrics={metrics}" if metrics else "")
    members = {"measures": metrics, "dimensions": [dimension]}
    query = {key: [f"all_metrics.{name}" for name in names] for key, names in members.items()}
    cube = server.http("POST", "/cubejs-api/v1/load", json={"query": query})
    return {
        "cube": json.dumps(cube.json()["data"]) if cube.status_code == 200 else "",
        "rest": rest.text if rest.status_code == 200 else "",
        "graphql": server.graphql_rows(document, variables),
        "flight": server.flight_rows(f"{{{{ semantic_layer.dimension_values({arguments}) }}}}"),
        "mcp": server.mcp("get_dimension_values", {"dimension": dimension, "metrics": metrics}),
    }


def _text(told: Told | str) -> str:
    """Give the answer; nothing where it was refused."""
    if isinstance(told, str):
        return told
    return "" if told.rows is None else told.text


@pytest.mark.parametrize("metrics", [[], ["customers_signed_up"]], ids=["alone", "with a metric"])
def test_values_of_dimensions(market: Market, metrics: list[str]) -> None:
    regions = ["south", "north", "east"]
    for interface, told in values(market.of("ada"), "customer__region", metrics).items():
        assert words(_text(told), regions) == set(regions), interface
    for interface, told in values(market.of("bea"), "customer__region", metrics).items():
        assert words(_text(told), regions) == {"south"}, (interface, told)
    for name, dimension in (
        ("bea", "customer__customer_name"),
        ("bea", "order__channel"),
        ("eve", "customer__region"),
        ("eve", "order__status"),
    ):
        for interface, told in values(market.of(name), dimension, metrics).items():
            assert not _text(told), (name, interface)
    for interface, told in values(market.of("bea"), "customer__region", ["buyers"]).items():
        assert not _text(told), interface


def compiled(server: Server, metric: str) -> dict[str, str]:
    """Ask each interface for SQL; empty where it is refused."""
    rest = server.http("POST", "/v1/sql", json={"metrics": [metric]})
    document = (
        f'mutation {{ compileSql(environmentId: 1, metrics: [{{name: "{metric}"}}]) {{ sql }} }}'
    )
    data = server.graphql(document)["data"]
    statement = f"{{{{ semantic_layer.query(metrics=['{metric}'], compile=True) }}}}"
    query = {"measures": [f"all_metrics.{metric}"]}
    cube = server.http("POST", "/cubejs-api/v1/sql", json={"query": query})
    return {
        "cube": cube.json()["sql"]["sql"][0] if cube.status_code == 200 else "",
        "rest": rest.json()["sql"] if rest.status_code == 200 else "",
        "graphql": data["compileSql"]["sql"] if data else "",
        "flight": _text(server.flight_rows(statement)),
        "mcp": _text(server.mcp("get_metrics_compiled_sql", {"metrics": [metric]})),
    }


def test_sql(market: Market) -> None:
    for _ in range(2):
        for interface, sql in compiled(market.of("bea"), "revenue").items():
            assert "south" in sql, interface
        for interface, sql in compiled(market.of("ada"), "revenue").items():
            assert "SUM(" in sql, interface
            assert "south" not in sql, interface
    for name, metric in (("bea", "largest_order"), ("eve", "revenue"), ("eve", "largest_order")):
        assert not any(compiled(market.of(name), metric).values()), name


def test_saved_queries(market: Market) -> None:
    saved = Question(metrics=(), group_by=(), saved_query="revenue_by_region")
    with market.interfaces("ada") as ada, market.interfaces("bea") as bea:
        for by_ada, by_bea in zip(ada, bea, strict=True):
            if not by_ada.takes(saved):
                continue
            rows, own = by_ada.put(saved).rows, by_bea.put(saved).rows
            assert rows is not None
            assert own is not None, by_bea.name
            assert {row["customer__region"] for row in own} == {"south"}
            assert len(rows) > len(own) > 0


def test_tables_of_flight(market: Market) -> None:
    """Tables are the saved queries that one may see, and no other can be selected from."""
    listed = {}
    for name in ("ada", "bea", "eve"):
        flight = market.of(name).flight
        assert flight is not None
        with Client(flight, TOKENS[name]) as client:
            [endpoint] = client.info(packed("CommandGetTables", b"\x28\x01")).endpoints
            listed[name] = client.get(endpoint.ticket.ticket).column("table_name").to_pylist()
    assert HIDDEN_SAVED_QUERY in listed["ada"]
    assert (listed["bea"], listed["eve"]) == (SEEN_SAVED_QUERIES, [])
    select = "select * from metrics.{}"
    rows = market.of("bea").flight_rows(select.format("revenue_by_region")).rows
    assert {row["customer__region"] for row in rows or ()} == {"south"}
    hidden = market.of("bea").flight_rows(select.format(HIDDEN_SAVED_QUERY))
    assert hidden.rows is None
    assert "no such saved query" in hidden.text


def test_a_metric_in_a_filter(market: Market) -> None:
    """A visible metric in a filter is worked out of visible rows; a hidden one is not there."""
    where = ("{{ Metric('orders_placed', ['customer']) }} > 0",)
    question = Question(where=where)
    with market.interfaces("bea") as interfaces:
        for interface in interfaces:
            told = interface.put(question)
            # Nothing shows her the entity that it is worked out for.
            assert told.rows is None or sums_of(told) == revenue("south"), interface.name


def test_the_people_at_this_machine(market: Market) -> None:
    with connect(project_dir=market.project) as here:
        assert sums_of_rows(here.query("revenue", group_by="order__status")) == revenue("south")
        assert {one.name for one in here.metrics()} == set(SEEN_METRICS)
        assert [one.name for one in here.saved_queries()] == SEEN_SAVED_QUERIES
        assert "south" in here.compile("revenue")
        values = here.dimension_values("customer__region").table.to_pylist()
        assert values == [{"customer__region": "south"}]


def sums_of_rows(result: object) -> dict[str, object]:
    return {row["order__status"]: row["revenue"] for row in result.table.to_pylist()}  # type: ignore[attr-defined]
