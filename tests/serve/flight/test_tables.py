"""Catalogs, schemas and tables, as browsers of JDBC and ADBC list them, and SELECTs from these."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import flight

from serve.flight.flight_client import field, packed

if TYPE_CHECKING:
    from serve.flight.flight_client import Client

pytestmark = pytest.mark.xdist_group("shop")

SAVED = ("metrics", "metrics", "revenue_by_status", "TABLE")
COLUMNS = ["metric_time__month", "order__status", "revenue"]
WITH_SCHEMA = b"\x28\x01"


def listed(client: Client, command: str, content: bytes = b"") -> list[tuple[object, ...]]:
    [endpoint] = client.info(packed(command, content)).endpoints
    rows = client.get(endpoint.ticket.ticket).to_pylist()
    return [tuple(row.values()) for row in rows]


def test_there_is_one_catalog_with_one_schema_of_saved_queries(client: Client) -> None:
    assert listed(client, "CommandGetCatalogs") == [("metrics",)]
    assert listed(client, "CommandGetDbSchemas") == [("metrics", "metrics")]
    assert listed(client, "CommandGetTableTypes") == [("TABLE",)]
    assert listed(client, "CommandGetTables") == [SAVED]


@pytest.mark.parametrize(
    ("content", "there"),
    [
        (field(1, "metrics"), True),
        (field(1, "other"), False),
        (field(2, "metr%"), True),
        (field(2, "public"), False),
        (field(3, "REVENUE\\_by_______"), True),
        (field(3, "%.status"), False),
        (field(3, "revenue"), False),
        (field(4, "TABLE") + field(4, "VIEW"), True),
        (field(4, "VIEW"), False),
    ],
)
def test_tables_are_filtered(client: Client, content: bytes, there: bool) -> None:  # noqa: FBT001
    assert listed(client, "CommandGetTables", content) == ([SAVED] if there else [])


def test_a_table_has_the_columns_of_its_rows(client: Client) -> None:
    [(*known, described)] = listed(client, "CommandGetTables", WITH_SCHEMA)
    assert tuple(known) == SAVED
    assert isinstance(described, bytes)
    [endpoint] = client.info_of("select * from metrics.metrics.revenue_by_status").endpoints
    rows = client.get(endpoint.ticket.ticket)
    assert pa.ipc.read_schema(pa.py_buffer(described)) == rows.schema
    assert rows.schema.names == COLUMNS


def test_columns_of_a_list_are_told_without_its_rows(client: Client) -> None:
    command = packed("CommandGetTables", WITH_SCHEMA)
    descriptor = flight.FlightDescriptor.for_command(command)
    assert client.client.get_schema(descriptor, client.options()).schema.names == [
        *("catalog_name", "db_schema_name", "table_name", "table_type", "table_schema")
    ]


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("CommandGetPrimaryKeys", 6),
        ("CommandGetExportedKeys", 13),
        ("CommandGetImportedKeys", 13),
        ("CommandGetCrossReference", 13),
    ],
)
def test_there_are_no_keys(client: Client, command: str, columns: int) -> None:
    [endpoint] = client.info(packed(command)).endpoints
    table = client.get(endpoint.ticket.ticket)
    assert (table.num_columns, table.num_rows) == (columns, 0)


PAID = [Decimal("30.50"), Decimal("5.25")]


@pytest.mark.parametrize(
    ("statement", "revenue"),
    [
        ("SELECT revenue FROM revenue_by_status", [PAID[0], Decimal("99.90"), PAID[1]]),
        (
            'SELECT "t"."revenue" FROM "metrics"."metrics"."revenue_by_status" "t" LIMIT 1',
            PAID[:1],
        ),
        (
            "SELECT x.* FROM metrics.revenue_by_status x WHERE x.order__status = 'paid' LIMIT 9",
            PAID,
        ),
        (
            "SELECT revenue FROM (SELECT * FROM revenue_by_status) AS t WHERE t.revenue < 10",
            PAID[1:],
        ),
    ],
)
def test_a_table_is_selected_from(client: Client, statement: str, revenue: list[Decimal]) -> None:
    rows = client.rows(client.info_of(statement))
    assert [row["revenue"] for row in rows] == revenue


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("select * from revenue_by_stat", "perhaps revenue_by_status"),
        ("select * from metrics.orders", "no such saved query"),
        ("select * from main.orders", "one call of the semantic layer"),
        ("select sum(revenue) from revenue_by_status", "works something out"),
        ("select * from revenue_by_status a, revenue_by_status b", "one call"),
        ("select * from revenue_by_status where revenue in (select 1)", "filter"),
        ("select * from the_call", "one call of the semantic layer"),
    ],
)
def test_what_is_no_table_is_refused(client: Client, statement: str, words: str) -> None:
    with pytest.raises(pa.ArrowInvalid, match=words):
        client.rows(client.info_of(statement))
