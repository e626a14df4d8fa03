"""The dbt Semantic Layer's own Python SDK and plain ADBC, unmodified, in their own environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clients.environments import client_environment, run_in

if TYPE_CHECKING:
    from metrics_store.serve.flight.listener import FlightListener

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]

WAYS = ["sync", "async"]
MONTHS = [
    {"metric_time__month": "2024-01-01 00:00:00", "revenue": "130.40"},
    {"metric_time__month": "2024-02-01 00:00:00", "revenue": "5.25"},
]


@pytest.fixture(scope="module")
def got(interface: FlightListener, request: pytest.FixtureRequest) -> dict[str, Any]:
    assert request.config.cache is not None
    python = client_environment("dbt-sl-sdk", request.config.cache.mkdir("clients"))
    return run_in(
        python,
        "call_flight.py",
        {
            "SERVER": f"127.0.0.1:{interface.port}",
            "DBT_SL_ADBC_URL_FORMAT": "grpc://{server_host}",
            "DBT_SL_GRAPHQL_URL_FORMAT": "http://{server_host}/api/graphql",
        },
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("alone", [{"revenue": "135.65"}]),
        ("plain", MONTHS),
        (
            "objects",
            [
                {**MONTHS[1], "order__status": "paid"},
                {**MONTHS[0], "order__status": "returned", "revenue": "99.90"},
                {**MONTHS[0], "order__status": "paid", "revenue": "30.50"},
            ],
        ),
        (
            "no_grain",
            [
                {
                    "metric_time__day": "2024-02-01 00:00:00",
                    "order__status": "paid",
                    "revenue": "5.25",
                }
            ],
        ),
        ("entity", [{"order": 3, "revenue": "99.90"}, {"order": 1, "revenue": "20.50"}]),
        ("filtered", [{"revenue": "30.50"}]),
        ("no_rows", []),
        ("saved", [{**MONTHS[0], "order__status": "returned", "revenue": "99.90"}]),
        ("group_by_alone", [{"order__status": "paid"}, {"order__status": "returned"}]),
    ],
)
def test_queries(got: dict[str, Any], way: str, asked: str, rows: list[dict[str, Any]]) -> None:
    assert got[way]["query"][asked] == rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("no_metric", "perhaps revenue"),
        ("no_group_by", "perhaps order__status"),
        ("bad_where", "character"),
        ("bad_limit", "`limit` is below 0"),
        ("no_saved_query", "there is no such saved query"),
        ("bad_name", "a name has characters that names do not have"),
    ],
)
def test_errors_of_queries(got: dict[str, Any], way: str, asked: str, words: str) -> None:
    kind, message = got[way]["bad_query"][asked]
    assert kind == "QueryFailedError"
    assert words in message
    assert "Traceback" not in message


@pytest.mark.parametrize("way", WAYS)
def test_values_of_a_dimension(got: dict[str, Any], way: str) -> None:
    values = [{"order__status": "paid"}, {"order__status": "returned"}]
    assert got[way]["values"] == values
    assert got[way]["values_without_metrics"] == values
    assert got[way]["bad_values"][0] == "QueryFailedError"


def test_many_at_once(got: dict[str, Any]) -> None:
    assert got["at once"] == [MONTHS] * 20


def test_strangers(got: dict[str, Any]) -> None:
    kind, message = got["stranger"]
    assert kind == "AuthError"
    assert "the token is not known" in message


def test_plain_adbc(got: dict[str, Any]) -> None:
    found = dict(got["adbc"])
    errors = found.pop("errors")
    [catalog] = found.pop("objects")
    [schema] = catalog["catalog_db_schemas"]
    [table] = schema["db_schema_tables"]
    assert (catalog["catalog_name"], schema["db_schema_name"]) == ("metrics", "metrics")
    assert (table["table_name"], table["table_type"]) == ("revenue_by_status", "TABLE")
    columns = ["metric_time__month", "order__status", "revenue"]
    assert [one["column_name"] for one in table["table_columns"]] == columns
    assert found == {
        "server": "metrics_store",
        "columns_of_table": columns,
        "selected": [30.5, 99.9],
        "table_types": ["TABLE"],
        "rows": 4,
        "columns": ["order", "revenue"],
        "schema": ["order", "revenue"],
        "partition": [1, 4],
        "metrics": ["revenue"],
    }
    assert {kind for kind, _ in errors.values()} == {"ProgrammingError"}
    assert not [one for one in errors.values() if "INVALID_ARGUMENT" not in one[1]]
