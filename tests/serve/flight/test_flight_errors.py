"""Whatever is sent, the answer is a clear status: no traceback, no path, no one else's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import flight

from metrics_store.engine.engine import Engine
from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    UnavailableError,
)
from query.calls.hostile import HOSTILE
from serve.flight.flight_client import ANA, REVENUE, Client, field, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest
    from serve.flight.conftest import OpenInterface

pytestmark = pytest.mark.xdist_group("shop")

INSIDES = ("Traceback", "site-packages", ".py", "File ", "metrics_store/", "pyarrow")


def told(error: BaseException) -> str:
    """Give what the server told, without what the client of pyarrow adds."""
    return str(error).partition(". gRPC client debug context")[0]


def check_clear(error: BaseException) -> None:
    message = told(error)
    assert message.strip(". ")
    assert not [inside for inside in INSIDES if inside in message]


def by_ticket(client: Client, statement: str) -> None:
    handle = field(1, b"0123456789abcdef" + statement.encode())
    client.get(packed("TicketStatementQuery", handle))


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("ask", [Client.prepare, Client.info_of, by_ticket])
def test_hostile_statements(
    client: Client, statement: str, ask: Callable[[Client, str], object]
) -> None:
    with pytest.raises(pa.ArrowInvalid) as refused:
        ask(client, statement)
    check_clear(refused.value)


GARBAGE = {
    "nothing": b"",
    "zeros": bytes(100),
    "text": b"select 1",
    "half a field": b"\x0a\x7fabc",
    "endless number": b"\xff" * 20,
    "no type": field(2, b"abc"),
    "other type": packed("Secret"),
    "type of another": packed("CommandStatementQuery", prefix="type.googleapis.com/other."),
    "long type": packed("x" * 100_000),
    "any in any": packed("Any", packed("CommandStatementQuery"), "type.googleapis.com/google."),
    "content is none": packed("CommandStatementQuery", b"\x0a\x7fabc"),
    "text that is none": packed("CommandStatementQuery", field(1, b"\xff\xfe")),
    "handle that is none": packed("CommandPreparedStatementQuery", field(1, b"\xff\xfe")),
    "ticket without statement": packed("TicketStatementQuery", field(1, b"0123456789abcdef")),
    "ticket too short": packed("TicketStatementQuery", field(1, b"0123")),
    "empty statement": packed("CommandStatementQuery"),
    "empty handle": packed("CommandPreparedStatementQuery"),
    "forged handle": packed("CommandPreparedStatementQuery", field(1, b"42; drop table orders")),
    "update": packed("CommandStatementUpdate", field(1, "delete from orders")),
    "ingest": packed("CommandStatementIngest"),
    "substrait": packed("CommandStatementSubstraitPlan"),
    "types": packed("CommandGetXdbcTypeInfo"),
    "action as command": packed("ActionCreatePreparedStatementRequest", field(1, REVENUE)),
    "huge": packed("CommandStatementQuery", field(1, "x" * 2_000_000)),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage(client: Client, content: bytes) -> None:
    descriptor = flight.FlightDescriptor.for_command(content)
    ways: list[Callable[[], object]] = [
        lambda: client.rows(client.info(content)),
        lambda: client.client.get_schema(descriptor, client.options()),
        lambda: client.get(content),
        lambda: client.act("CreatePreparedStatement", content[:-1] or b"x"),
        lambda: client.act("CancelQuery", content),
        lambda: client.act("CancelFlightInfo", b"\x0a\x7f" + content),
    ]
    for way in ways:
        with pytest.raises((pa.ArrowInvalid, pa.ArrowNotImplementedError)) as refused:
            way()
        check_clear(refused.value)


def test_a_message_that_is_too_long_is_not_read(client: Client) -> None:
    content = bytes(1_500_000)
    for way in (client.info, client.get, lambda body: client.act("CancelQuery", body)):
        with pytest.raises(pa.ArrowInvalid, match="a message of 1500000 bytes is too long"):
            way(content)


def test_a_path_names_nothing(client: Client) -> None:
    for path in (["orders"], ["..", "..", "etc", "passwd"]):
        descriptor = flight.FlightDescriptor.for_path(*path)
        with pytest.raises(pa.ArrowInvalid) as refused:
            client.client.get_flight_info(descriptor, client.options())
        check_clear(refused.value)


@pytest.mark.parametrize(
    "action",
    ["BeginTransaction", "EndTransaction", "CreatePreparedSubstraitPlan", "Shell", "", "é"],
)
def test_actions_that_there_are_not(client: Client, action: str) -> None:
    with pytest.raises(pa.ArrowNotImplementedError) as refused:
        client.act(action, b"")
    check_clear(refused.value)


def test_nothing_can_be_written(client: Client) -> None:
    descriptor = flight.FlightDescriptor.for_command(
        packed("CommandStatementUpdate", field(1, "delete from orders"))
    )
    table = pa.table({"a": [1]})

    def put() -> None:
        writer, reader = client.client.do_put(descriptor, table.schema, client.options())
        writer.write_table(table)
        writer.done_writing()
        reader.read()
        writer.close()

    def exchange() -> None:
        writer, reader = client.client.do_exchange(descriptor, client.options())
        writer.done_writing()
        reader.read_all()
        writer.close()

    for way in (put, exchange):
        with pytest.raises(pa.ArrowNotImplementedError) as refused:
            way()
        check_clear(refused.value)


HEADERS = {
    "none": [],
    "empty": [(b"authorization", b"")],
    "unknown": [(b"authorization", b"Bearer nobody")],
    "basic": [(b"authorization", b"Basic YW5hOmFuYQ==")],
    "no scheme": [(b"authorization", ANA.encode())],
    "two": [(b"authorization", f"Bearer {ANA}".encode()), (b"authorization", b"Bearer x")],
    "long": [(b"authorization", b"Bearer " + b"x" * 4_000)],
    "other header": [(b"x-authorization", f"Bearer {ANA}".encode())],
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_strangers_get_nothing(
    stranger: flight.FlightClient, headers: list[tuple[bytes, bytes]]
) -> None:
    options = flight.FlightCallOptions(headers=headers)
    command = packed("CommandStatementQuery", field(1, REVENUE))
    descriptor = flight.FlightDescriptor.for_command(command)
    ways: list[Callable[[], object]] = [
        lambda: stranger.get_flight_info(descriptor, options),
        lambda: stranger.get_schema(descriptor, options),
        lambda: stranger.do_get(flight.Ticket(command), options).read_all(),
        lambda: list(stranger.do_action(flight.Action("CreatePreparedStatement", b""), options)),
        lambda: list(stranger.do_action(flight.Action("Shell", b""), options)),
        lambda: list(stranger.list_flights(b"", options)),
        lambda: stranger.list_actions(options),
    ]
    for way in ways:
        # Of a schema, pyarrow's client gives the status in the text alone.
        with pytest.raises((flight.FlightUnauthenticatedError, OSError), match="token") as refused:
            way()
        assert "Unauthenticated" in str(refused.value)
        check_clear(refused.value)


class Recording(Engine):
    """An engine that knows who asked it."""

    def __init__(self, engine: Engine) -> None:
        self.__dict__.update(vars(engine))
        self.asked: list[str] = []

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        self.asked.append(principal.name)
        return super().answer(request, principal, call)


def test_a_ticket_of_somebody_else_is_answered_with_what_one_may_see_oneself(
    open_interface: OpenInterface, interface_engine: Engine
) -> None:
    engine = Recording(interface_engine)
    interface = open_interface(engine)
    with Client(interface.port, ANA) as ana, Client(interface.port, "token-of-ben") as ben:
        [endpoint] = ana.info_of(REVENUE).endpoints
        ben.get(endpoint.ticket.ticket)
    assert engine.asked == ["ben"]


class Failing(Engine):
    """An engine that fails in a way of the test's."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        del request, principal, call
        raise self.error

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        del request, principal, call
        return ""


WHERE = "/srv/warehouse.duckdb"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (MetricsStoreError("no such thing", detail=WHERE), pa.ArrowInvalid, "no such thing"),
        (NotFoundError("nothing there", detail=WHERE), pa.ArrowInvalid, "nothing there"),
        (LimitExceededError("too many rows"), pa.ArrowInvalid, "too many rows"),
        (NotAllowedError("not for you"), flight.FlightUnauthorizedError, "not for you"),
        (NotAuthenticatedError("who?"), flight.FlightUnauthenticatedError, "who"),
        (CancelledError("nobody waits"), flight.FlightCancelledError, "nobody waits"),
        (
            UnavailableError("no warehouse now", where=WHERE),
            flight.FlightUnavailableError,
            "no warehouse now",
        ),
        (ZeroDivisionError(WHERE), flight.FlightInternalError, "something went wrong"),
        (MetricsStoreError("ж" * 50_000), pa.ArrowInvalid, "жжж"),
        (MetricsStoreError("line\r\nx-header: \0 y"), pa.ArrowInvalid, "line"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_goes_wrong_in_the_engine(
    open_interface: OpenInterface, error: Exception, status: type[Exception], words: str
) -> None:
    interface = open_interface(Failing(error))
    with Client(interface.port, ANA) as client:
        for way in (lambda: client.rows(client.info_of(REVENUE)), lambda: client.prepare(REVENUE)):
            with pytest.raises(status, match=words) as refused:
                way()
            check_clear(refused.value)
            assert WHERE not in str(refused.value)
            assert len(str(refused.value)) < 5_000


def test_what_nobody_expected_is_in_the_log(
    open_interface: OpenInterface, caplog: pytest.LogCaptureFixture
) -> None:
    interface = open_interface(Failing(ZeroDivisionError("of all things")))
    with (
        Client(interface.port, ANA) as client,
        pytest.raises(flight.FlightInternalError) as refused,
    ):
        client.prepare(REVENUE)
    [record] = [one for one in caplog.records if one.exc_info]
    request_id = record.getMessage().split()[1]
    assert request_id in told(refused.value)
    assert "of all things" in caplog.text
    assert "of all things" not in str(refused.value)
