"""The dbt Semantic Layer's own Python SDK, unmodified, in an environment of its own."""

from __future__ import annotations

from typing import Any

import pytest

from clients.environments import client_environment, run_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("offers")]

WAYS = ["sync eager", "sync lazy", "async eager", "async lazy"]
MONTHS = [
    {"metric_time__month": "2024-01-01 00:00:00", "revenue": "130.40"},
    {"metric_time__month": "2024-02-01 00:00:00", "revenue": "5.25"},
]
PAGED = ["30.50", "99.90", "5.25"]


@pytest.fixture(scope="module")
def got(port: int, request: pytest.FixtureRequest) -> dict[str, Any]:
    assert request.config.cache is not None
    python = client_environment("dbt-sl-sdk", request.config.cache.mkdir("clients"))
    return run_in(
        python,
        "call_sdk.py",
        {
            "SERVER": f"127.0.0.1:{port}",
            "DBT_SL_GRAPHQL_URL_FORMAT": "http://{server_host}/api/graphql",
            # Nothing listens there; what goes over Flight has tests of its own.
            "DBT_SL_ADBC_URL_FORMAT": "grpc://127.0.0.1:1",
        },
    )


def test_every_operation_is_called(got: dict[str, Any]) -> None:
    """What the script calls is all there is: a newer SDK with more fails here."""
    assert set(got["operations"]) == {
        "metrics",
        "dimensions",
        "measures",
        "entities",
        "saved_queries",
        "create_query",
        "get_query_result",
        "cancel_query",
        "compile_sql",
        "environment_info",
    }
    of_graphql = {name for name, transport in got["facade"].items() if transport == "graphql"}
    assert set(got["facade sync"]) == set(got["facade async"]) == of_graphql
    assert all(got["facade sync"].values())
    assert all(got["facade async"].values())


@pytest.mark.parametrize("way", WAYS)
def test_definitions_are_listed(got: dict[str, Any], way: str) -> None:
    of = got[way]
    assert [one["name"] for one in of["metrics"]] == [
        "revenue",
        "visitors",
        "visits",
        "visits_growth",
        "visits_growth_doubled",
        "visits_per_visitor",
        "visits_to_date",
    ]
    visits = of["metrics"][2]
    assert visits["type"] == "SIMPLE"
    assert visits["queryable_granularities"] == ["MONTH"]
    assert visits["queryable_time_granularities"] == ["month", "fiscal_year"]
    assert [one["qualified_name"] for one in of["dimensions"]] == [
        "customer__region",
        "customer__since",
        "metric_time",
        "visit__channel",
        "visit__visited_on",
    ]
    assert [(one["name"], one["type"]) for one in of["entities"]] == [
        ("customer", "FOREIGN"),
        ("visit", "PRIMARY"),
    ]
    assert [(one["name"], one["agg"]) for one in of["measures"]] == [
        ("visit_count", "SUM"),
        ("visitor_count", "COUNT_DISTINCT"),
    ]
    assert of["environment_info"] == {
        "sql_dialect": "UNKNOWN",
        "has_metrics_defined": True,
        "dialect": "DUCKDB",
        "dialect_supported_by_slg": True,
    }


@pytest.mark.parametrize("way", WAYS)
def test_parts_of_a_metric_are_loaded_now_or_later(got: dict[str, Any], way: str) -> None:
    assert got[way]["loaded_before"] == ([0, 0, 0] if "lazy" in way else [3, 1, 1])
    loaded = got[way]["loaded"]
    assert [one["name"] for one in loaded["dimensions"]] == [
        "metric_time",
        "order__ordered_on",
        "order__status",
    ]
    assert [one["name"] for one in loaded["measures"]] == ["revenue"]
    assert [one["name"] for one in loaded["entities"]] == ["order"]


@pytest.mark.parametrize("way", WAYS)
def test_saved_queries_are_listed(got: dict[str, Any], way: str) -> None:
    of_shop, of_visits = got[way]["saved_queries"]
    assert of_shop["name"] == "revenue_by_status"
    assert of_visits["exports"][0]["config"] == {
        "alias": "visits_by_region",
        "schema": "exports",
        "export_as": "TABLE",
    }
    parameters = of_visits["query_params"]
    if "eager" in way:
        assert [one["name"] for one in parameters["metrics"]] == ["visits"]
        assert parameters["group_by"][0]["time_granularity"] == "month"
        assert parameters["group_by"][1]["date_part"] == "YEAR"
        assert "Metric('visitors'" in parameters["where"]["where_sql_template"]


@pytest.mark.parametrize("way", WAYS)
def test_queries_give_rows(got: dict[str, Any], way: str) -> None:
    rows = got[way]["query"]
    assert rows["plain"] == MONTHS
    assert rows["grain"] == MONTHS[::-1]
    assert [one["revenue"] for one in rows["by_metric"]] == ["99.90", "30.50"]
    assert rows["filtered"] == [{"revenue": "30.50"}]
    assert rows["saved"] == [
        {
            "metric_time__month": "2024-02-01 00:00:00",
            "order__status": "paid",
            "revenue": "5.25",
        }
    ]
    assert [one["revenue"] for one in rows["paged"]] == PAGED


@pytest.mark.parametrize("way", WAYS)
def test_a_result_comes_page_by_page(got: dict[str, Any], way: str) -> None:
    (status, pages, first), (_, _, second) = got[way]["pages"]
    assert (status, pages) == ("SUCCESSFUL", 2)
    assert [one["revenue"] for one in first] == PAGED[:2]
    assert [one["revenue"] for one in second] == PAGED[2:]
    assert got[way]["cancelled"]


@pytest.mark.parametrize("way", WAYS)
def test_sql_is_compiled_as_it_is_run(got: dict[str, Any], way: str) -> None:
    compiled = got[way]["compile_sql"]
    assert "DATE_TRUNC('month'" in compiled["grain"]
    assert compiled["grain"].endswith("ORDER BY metric_time__month DESC")
    assert "'paid'" in compiled["filtered"]
    assert compiled["saved"].endswith("LIMIT 1")


@pytest.mark.parametrize("way", WAYS)
def test_errors_say_what_is_wrong(got: dict[str, Any], way: str) -> None:
    words = {
        "no_metric": "perhaps revenue",
        "no_group_by": "perhaps order__status",
        "bad_where": "filter",
        "no_saved_query": "there is no such saved query",
    }
    for name, word in words.items():
        kind, message = got[way]["bad_query"][name]
        assert kind == "QueryFailedError"
        assert word in message
        assert word in got[way]["bad_compile"][name][1]
    assert "there is no such metric" in got[way]["bad_list"][1]
    assert "no such page" in got[way]["bad_page"][1]
    assert "no such query" in got[way]["bad_query_id"][1]


def test_a_refused_token_is_an_authentication_error(got: dict[str, Any]) -> None:
    assert got["stranger sync"][0] == got["stranger async"][0] == "AuthError"
