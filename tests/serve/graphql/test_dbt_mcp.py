"""dbt-mcp, unmodified, in an environment of its own: its semantic layer's tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from clients.environments import client_environment, newer_python, run_in
from metrics_store.serve.flight.listener import FlightListener

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.serve.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("offers")]


@pytest.fixture(scope="module")
def flight_port(service: Service) -> Iterator[int]:
    interface = FlightListener(service, host="127.0.0.1", port=0)
    interface.start()
    yield interface.port
    interface.stop()


@pytest.fixture(scope="module")
def got(port: int, flight_port: int, request: pytest.FixtureRequest) -> dict[str, Any]:
    assert request.config.cache is not None
    cache = request.config.cache.mkdir("clients")
    python = client_environment("dbt-mcp", cache, newer_python())
    return run_in(
        python,
        "call_mcp.py",
        {
            "DBT_HOST": f"localhost:{port}",
            "DBT_PROD_ENV_ID": "1",
            "DBT_TOKEN": "token-of-ana",
            "DBT_MCP_ENABLE_SEMANTIC_LAYER": "true",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_SL_GRAPHQL_URL_FORMAT": "http://{server_host}/api/graphql",
            "DBT_SL_ADBC_URL_FORMAT": f"grpc://127.0.0.1:{flight_port}",
        },
    )


def text(got: dict[str, Any], name: str) -> str:
    assert not got[name]["failed"], got[name]["text"]
    found: str = got[name]["text"]
    return found


def content(got: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(text(got, name))


def test_every_tool_is_called(got: dict[str, Any]) -> None:
    assert set(got["tools"]) - set(got) == set()


def test_values_of_a_dimension_come_over_flight(got: dict[str, Any]) -> None:
    assert "paid" in text(got, "get_dimension_values")
    assert "returned" in text(got, "get_dimension_values")


def test_metrics_are_listed_with_what_they_answer_by(got: dict[str, Any]) -> None:
    everything = content(got, "list_metrics")
    assert everything["pagination"]["total_items"] == 7
    assert "visits,SIMPLE,Visits,How often people came." in everything["result"]
    assert '"metric_time,order__ordered_on,order__status",order' in everything["result"]
    found = content(got, "list_metrics_found")["result"]
    lines = [line.split(",")[0] for line in found.splitlines()[1:]]
    assert lines == ["revenue", "visitors", "visits_per_visitor"]
    page = content(got, "list_metrics_paged")
    assert page["pagination"]["next_page"] == 3
    assert [line.split(",")[0] for line in page["result"].splitlines()[1:]] == [
        "visits_growth",
        "visits_growth_doubled",
        "visits_per_visitor",
    ]


def test_saved_queries_are_listed(got: dict[str, Any]) -> None:
    of_shop, of_visits = content(got, "list_saved_queries")["result"]
    assert of_shop["metrics"] == ["revenue"]
    assert of_shop["group_by"] == ["metric_time", "order__status"]
    assert "visit__channel" in of_visits["where"]


def test_dimensions_and_entities_are_listed_as_they_are_asked(got: dict[str, Any]) -> None:
    dimensions = content(got, "get_dimensions")["result"]
    assert [one["name"] for one in dimensions] == [
        "customer__region",
        "customer__since",
        "metric_time",
        "visit__channel",
        "visit__visited_on",
    ]
    assert dimensions[0]["metadata"] == {"steward": "sales"}
    assert dimensions[2]["granularities"] == ["MONTH", "month", "fiscal_year"]
    assert len(content(got, "get_dimensions_found")["result"]) == 1
    assert [one["name"] for one in content(got, "get_entities")["result"]] == ["customer", "visit"]


def test_metrics_are_queried(got: dict[str, Any]) -> None:
    assert content(got, "query_metrics") == [
        {"metric_time__month": "2024-02-01T00:00:00", "order__status": "paid", "revenue": 5.25},
        {"metric_time__month": "2024-01-01T00:00:00", "order__status": "paid", "revenue": 30.5},
    ]
    assert "there is no such metric" in text(got, "query_metrics_wrong")
    assert "perhaps revenue" in text(got, "query_metrics_wrong")


def test_sql_is_compiled(got: dict[str, Any]) -> None:
    assert "DATE_TRUNC('month', metric_time__day)" in text(got, "get_metrics_compiled_sql")
    assert "perhaps revenue" in text(got, "get_metrics_compiled_sql_wrong")
