"""The Flight server: dispatches the messages of Flight SQL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyarrow import flight

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest
from metrics_store.serve.flight import tickets
from metrics_store.serve.flight.active_calls import ActiveCall, ActiveCalls
from metrics_store.serve.flight.batches import stream_of
from metrics_store.serve.flight.caller_middleware import (
    INTERFACE,
    MIDDLEWARE,
    Callers,
    HandshakeOfHeaders,
)
from metrics_store.serve.flight.catalog_tables import catalog_rows, catalog_schema, is_about_catalog
from metrics_store.serve.flight.flight_errors import NotOfferedError, as_flight_errors
from metrics_store.serve.flight.messages import name_of, new, pack, read, unpack
from metrics_store.serve.flight.sql_info import sql_info
from metrics_store.serve.flight.statement_runner import StatementRunner
from metrics_store.serve.monitoring.request_log import logged_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from google.protobuf.message import Message  # type: ignore[import-untyped]

    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service

_LONGEST_MESSAGE = 1_000_000
_CANCELLED, _NOT_CANCELLABLE = 1, 3
_ACTIONS = {
    "CreatePreparedStatement": "Check a statement, and give its handle and columns.",
    "ClosePreparedStatement": "Forget a handle; there is nothing to forget.",
    "CancelQuery": "Cancel the answer of a ticket.",
    "CancelFlightInfo": "Cancel the answer of a ticket.",
}


class FlightServer(flight.FlightServerBase):  # type: ignore[misc]  # pyarrow has no types
    """Answers calls as soon as it is made; every method is one that clients call.

    Args:
        service: The engine with what all interfaces share.
        location: Where it listens, such as `grpc://127.0.0.1:8815`.
        active_calls: The calls under way.
        certificates: Pairs of a PEM certificate and its key; none without TLS.
    """

    def __init__(
        self,
        service: Service,
        location: str,
        active_calls: ActiveCalls,
        certificates: list[tuple[bytes, bytes]],
    ) -> None:
        self._statements = StatementRunner(service.engine)
        self._active_calls = active_calls
        super().__init__(
            location,
            auth_handler=HandshakeOfHeaders(),
            tls_certificates=certificates,
            middleware={MIDDLEWARE: Callers(service.authenticator)},
        )

    def get_flight_info(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> flight.FlightInfo:
        """Check a statement, and give the ticket to its rows.

        The schema is left out: the rows bring their own, and to find it costs a query.
        """
        with self._call(context, "get_flight_info") as (principal, call):
            command = _command(descriptor)
            statement = _statement(command)
            if statement is None:
                _known_columns(command)
                ticket = descriptor.command
            else:
                with self._tracked(context, principal, call):
                    self._statements.check(statement, principal, call)
                ticket = tickets.ticket_of(statement)
            return flight.FlightInfo(None, descriptor, [flight.FlightEndpoint(ticket, [])])

    def get_schema(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> flight.SchemaResult:
        """Give the columns of a statement."""
        with (
            self._call(context, "get_schema") as (principal, call),
            self._tracked(context, principal, call),
        ):
            command = _command(descriptor)
            statement = _statement(command)
            if statement is None:
                return flight.SchemaResult(_known_columns(command))
            return flight.SchemaResult(self._statements.schema(statement, principal, call))

    def do_get(
        self, context: flight.ServerCallContext, ticket: flight.Ticket
    ) -> flight.RecordBatchStream:
        """Give the rows of a ticket, or of a statement that a client shows in its place."""
        with self._call(context, "do_get") as (principal, call):
            content = _bounded(ticket.ticket)
            command = unpack(content)
            statement = _statement(command)
            if statement is None:
                with self._tracked(context, principal, call, content):
                    return stream_of(self._known(command, principal))
            with self._tracked(context, principal, call, content):
                return stream_of(self._statements.rows(statement, principal, call))

    def do_action(
        self, context: flight.ServerCallContext, action: flight.Action
    ) -> list[flight.Result]:
        """Prepare, close or cancel a statement."""
        with self._call(context, "do_action") as (principal, call):
            body = _bounded(action.body.to_pybytes())
            match action.type:
                case "CreatePreparedStatement":
                    request = _expected(unpack(body), "ActionCreatePreparedStatementRequest")
                    with self._tracked(context, principal, call):
                        schema = self._statements.schema(request.query, principal, call)
                    handle = tickets.handle_of(request.query)
                    return [_prepared(handle, schema)]
                case "ClosePreparedStatement":
                    _expected(unpack(body), "ActionClosePreparedStatementRequest")
                    return []
                case "CancelQuery":
                    request = _expected(unpack(body), "ActionCancelQueryRequest")
                    status = self._cancel(request.info, principal)
                    return [flight.Result(pack(new("ActionCancelQueryResult", result=status)))]
                case "CancelFlightInfo":
                    request = read("CancelFlightInfoRequest", body)
                    status = self._cancel(request.info, principal)
                    result = new("CancelFlightInfoResult", status=status)
                    return [flight.Result(result.SerializeToString())]
            raise _not_offered(f"the action {action.type[:100]}")

    def list_actions(self, context: flight.ServerCallContext) -> list[tuple[str, str]]:
        """Give the actions there are."""
        del context
        return list(_ACTIONS.items())

    def list_flights(
        self, context: flight.ServerCallContext, criteria: bytes
    ) -> Iterator[flight.FlightInfo]:
        """Give nothing: the possible statements are not countable."""
        del context, criteria
        return iter(())

    def do_put(self, context: flight.ServerCallContext, *given: object) -> None:
        """Refuse to write, and parameters."""
        del given
        with self._call(context, "do_put"):
            raise _not_offered("writing, or parameters in a statement")

    def do_exchange(self, context: flight.ServerCallContext, *given: object) -> None:
        """Refuse to exchange."""
        del given
        with self._call(context, "do_exchange"):
            raise _not_offered("exchange of data")

    @contextmanager
    def _call(
        self, context: flight.ServerCallContext, method: str
    ) -> Iterator[tuple[Principal, Call]]:
        call = Call(INTERFACE)
        principal = context.get_middleware(MIDDLEWARE).principal
        with (
            as_flight_errors(call.request_id),
            logged_request(INTERFACE, call, method=method) as record,
        ):
            record.principal = principal.name
            yield principal, call

    @contextmanager
    def _tracked(
        self,
        context: flight.ServerCallContext,
        principal: Principal,
        call: Call,
        ticket: bytes | None = None,
    ) -> Iterator[None]:
        with self._active_calls.tracked(ActiveCall(call, context, principal, ticket)):
            yield

    def _known(self, command: Message, principal: Principal) -> pa.Table:
        """Answer a command that is about the server, or about what there is."""
        name = name_of(command)
        if not is_about_catalog(name):
            _known_columns(command)
            return sql_info(set(command.info))
        engine = self._statements.engine

        def columns(saved_query: str) -> pa.Schema:
            return engine.schema(MetricRequest(saved_query=saved_query), principal)

        return catalog_rows(command, name, engine.definitions(principal), columns)

    def _cancel(self, info: bytes, principal: Principal) -> int:
        try:
            endpoints = flight.FlightInfo.deserialize(info).endpoints
        except (ValueError, OSError, flight.FlightError):
            raise MetricsStoreError(
                "what is to be cancelled cannot be read", expected="the FlightInfo of a statement"
            ) from None
        found = [self._active_calls.cancel(one.ticket.ticket, principal) for one in endpoints]
        return _CANCELLED if any(found) else _NOT_CANCELLABLE


def _command(descriptor: flight.FlightDescriptor) -> Message:
    if descriptor.descriptor_type != flight.DescriptorType.CMD:
        raise MetricsStoreError("a path names nothing here", expected="a command of Flight SQL")
    return unpack(_bounded(descriptor.command))


def _known_columns(command: Message) -> pa.Schema:
    """Give the columns of the answer to a command that holds no statement."""
    name = name_of(command)
    if name == "CommandGetSqlInfo":
        return sql_info(()).schema
    if is_about_catalog(name):
        return catalog_schema(command, name)
    raise _not_offered(name)


def _bounded(content: bytes) -> bytes:
    if len(content) > _LONGEST_MESSAGE:
        raise MetricsStoreError(
            f"a message of {len(content)} bytes is too long", expected=f"at most {_LONGEST_MESSAGE}"
        )
    return content


def _statement(command: Message) -> str | None:
    """Give the statement that a command or ticket holds; none where it holds no statement."""
    match name_of(command):
        case "CommandStatementQuery":
            return str(command.query)
        case "CommandPreparedStatementQuery":
            return tickets.statement_of_handle(command.prepared_statement_handle)
        case "TicketStatementQuery":
            return tickets.statement_of_ticket(command.statement_handle)
    return None


def _expected(message: Message, name: str) -> Message:
    if name_of(message) != name:
        raise MetricsStoreError("this is another message", where=name_of(message), expected=name)
    return message


def _prepared(handle: bytes, schema: pa.Schema) -> flight.Result:
    result = new(
        "ActionCreatePreparedStatementResult",
        prepared_statement_handle=handle,
        # JDBC takes a statement without columns for one that changes data.
        dataset_schema=schema.serialize().to_pybytes(),
    )
    return flight.Result(pack(result))


def _not_offered(what: str) -> NotOfferedError:
    return NotOfferedError(f"this server does not offer {what}")
