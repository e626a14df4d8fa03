from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import flight

from metrics_store.errors import UnavailableError
from metrics_store.serve.flight.listener import FlightListener
from serve.flight.flight_client import ANA, REVENUE, Client, field, packed, unpacked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

PAID = {"order__status": "paid", "revenue": pytest.approx(35.75)}
RETURNED = {"order__status": "returned", "revenue": pytest.approx(99.90)}


def as_numbers(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "revenue": float(str(row["revenue"]))} for row in rows]


def test_a_statement_is_answered(client: Client) -> None:
    assert as_numbers(client.rows(client.info_of(REVENUE))) == [PAID, RETURNED]


def test_a_prepared_statement_is_answered_as_often_as_it_is_asked(client: Client) -> None:
    handle = client.prepare(REVENUE)[1]
    for _ in range(2):
        info = client.info(packed("CommandPreparedStatementQuery", field(1, handle)))
        assert as_numbers(client.rows(info)) == [PAID, RETURNED]
    close = packed("ActionClosePreparedStatementRequest", field(1, handle))
    assert client.act("ClosePreparedStatement", close) == []


def test_a_prepared_statement_has_the_columns_of_its_rows(client: Client) -> None:
    """JDBC takes a statement without columns for one that changes data."""
    prepared = client.prepare(REVENUE)
    schema = pa.ipc.read_schema(pa.py_buffer(prepared[2]))
    [endpoint] = client.info_of(REVENUE).endpoints
    assert schema == client.get(endpoint.ticket.ticket).schema
    assert schema.names == ["order__status", "revenue"]
    assert prepared.get(3, b"") == b""


@pytest.mark.parametrize("shown", ["handle", "statement"])
def test_a_driver_may_skip_steps(client: Client, shown: str) -> None:
    """The handle of a statement, or the statement itself, does for a ticket."""
    if shown == "handle":
        ticket = packed("CommandPreparedStatementQuery", field(1, client.prepare(REVENUE)[1]))
    else:
        ticket = packed("CommandStatementQuery", field(1, REVENUE))
    assert as_numbers(client.get(ticket).to_pylist()) == [PAID, RETURNED]


def test_a_ticket_serves_twice_and_on_another_server(
    client: Client, interface: FlightListener
) -> None:
    [endpoint] = client.info_of(REVENUE).endpoints
    other = FlightListener(interface.service)
    other.start()
    try:
        with Client(other.port, ANA) as elsewhere:
            for one in (client, client, elsewhere):
                assert one.get(endpoint.ticket.ticket).num_rows == 2
    finally:
        other.stop()


def test_the_handshake_of_jdbc(client: Client) -> None:
    class Handshake(flight.ClientAuthHandler):  # type: ignore[misc]
        def authenticate(self, outgoing: object, incoming: object) -> None:
            pass

        def get_token(self) -> bytes:
            return b"token-of-a-handshake"

    client.client.authenticate(Handshake(), client.options())
    assert client.info_of(REVENUE).endpoints


def test_columns_of_a_statement_are_told_without_its_rows(client: Client) -> None:
    descriptor = flight.FlightDescriptor.for_command(
        packed("CommandStatementQuery", field(1, REVENUE))
    )
    schema = client.client.get_schema(descriptor, client.options()).schema
    assert schema.names == ["order__status", "revenue"]


def test_facts_about_the_server(client: Client) -> None:
    every = client.rows(client.info(packed("CommandGetSqlInfo")))
    assert {"info_name": 0, "value": "metrics_store"} in every
    # Number 3, that it only reads, and 8, that it has no transactions; 9999 is unknown.
    asked = packed("CommandGetSqlInfo", b"\x0a\x04\x03\x08\x8f\x4e")
    assert client.rows(client.info(asked)) == [
        {"info_name": 3, "value": True},
        {"info_name": 8, "value": 0},
    ]


def test_what_a_server_lists(client: Client) -> None:
    actions = {action.type for action in client.client.list_actions(client.options())}
    assert {"CreatePreparedStatement", "ClosePreparedStatement"} < actions
    assert list(client.client.list_flights(options=client.options())) == []


def test_nothing_to_cancel(client: Client) -> None:
    info = client.info_of(REVENUE).serialize()
    [result] = client.act("CancelQuery", packed("ActionCancelQueryRequest", field(1, info)))
    # Its one field is a number: 3, not cancellable.
    assert result.endswith(b"\x08\x03")
    assert client.act("CancelFlightInfo", field(1, info)) == [b"\x08\x03"]


def test_lists_of_the_definitions(client: Client) -> None:
    def listed(call: str) -> list[dict[str, object]]:
        return client.rows(client.info_of("select * from {{ semantic_layer." + call + " }}"))

    [metric] = listed("metrics()")
    assert metric["NAME"] == "revenue"
    assert metric["DIMENSIONS"] == "metric_time, order__ordered_on, order__status"
    assert metric["MEASURES"] == "revenue"
    assert str(metric["QUERYABLE_GRANULARITIES"]).startswith("day, week, month")
    assert listed("metrics(search='nothing')") == []
    assert [one["NAME"] for one in listed("dimensions(metrics=['revenue'])")] == [
        "metric_time",
        "order__ordered_on",
        "order__status",
    ]
    assert len(listed("dimensions(page_size=2, page_number=2)")) == 1
    assert listed("dimensions(page_number=2)") == []
    assert [one["NAME"] for one in listed("entities()")] == ["order"]
    assert [one["AGG"] for one in listed("measures(metrics=['revenue'])")] == ["sum"]
    assert {"NAME": "month"} in listed("queryable_granularities(metrics=['revenue'])")
    assert len(listed("metrics_for_dimensions(group_by=['order__status'])")) == 1
    assert listed("metrics_for_dimensions(group_by=['order__nothing'])") == []
    [saved] = listed("saved_queries()")
    assert saved["GROUP_BY"] == "metric_time__month, order__status"


def test_a_list_of_a_metric_that_is_not_there(client: Client) -> None:
    info = client.info_of("{{ semantic_layer.dimensions(metrics=['revenu']) }}")
    with pytest.raises(pa.ArrowInvalid, match="perhaps revenue"):
        client.rows(info)


def test_the_sql_is_told(client: Client) -> None:
    statement = REVENUE.replace(") }}", ", compile=True) }}")
    [row] = client.rows(client.info_of(statement))
    assert "SUM(" in str(row["sql"])
    assert pa.ipc.read_schema(pa.py_buffer(client.prepare(statement)[2])).names == ["sql"]


def test_the_values_of_a_dimension(client: Client) -> None:
    values = "{{ semantic_layer.dimension_values(metrics=['revenue'], group_by='order__status') }}"
    assert client.rows(client.info_of(values)) == [
        {"order__status": "paid"},
        {"order__status": "returned"},
    ]


@pytest.mark.parametrize(
    "named",
    ["metrics=['revenu'], group_by='order__status'", "metrics=['revenue'], group_by='a__b'"],
)
def test_the_values_of_no_dimension_of_the_metric(client: Client, named: str) -> None:
    with pytest.raises(pa.ArrowInvalid):
        client.prepare("{{ semantic_layer.dimension_values(" + named + ") }}")


def test_a_port_that_is_taken(interface: FlightListener) -> None:
    with pytest.raises(UnavailableError, match="cannot be opened"):
        FlightListener(interface.service, port=interface.port).start()


def test_a_certificate_that_is_not_there(interface: FlightListener, tmp_path: Path) -> None:
    missing = tmp_path / "none.pem"
    with pytest.raises(UnavailableError, match="cannot be opened"):
        FlightListener(interface.service, certificate=missing, key=missing).start()


def test_the_message_of_a_result_is_typed(client: Client) -> None:
    body = packed("ActionCreatePreparedStatementRequest", field(1, REVENUE))
    [result] = client.act("CreatePreparedStatement", body)
    assert b"ActionCreatePreparedStatementResult" in result
    assert unpacked(result)[1]
