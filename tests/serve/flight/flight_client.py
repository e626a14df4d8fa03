"""The calls of Flight SQL one by one, as drivers make them, with messages of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
from pyarrow import flight

if TYPE_CHECKING:
    from types import TracebackType

ANA = "token-of-ana"
BEN = "token-of-ben"
REVENUE = "{{ semantic_layer.query(metrics=['revenue'], group_by=['order__status']) }}"

_TYPE = "type.googleapis.com/arrow.flight.protocol.sql."


def field(number: int, content: bytes | str) -> bytes:
    """Write one field of a message: its number, its length, its content."""
    content = content.encode() if isinstance(content, str) else content
    length, size = len(content), b""
    while length >= 0x80:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + content


def packed(name: str, content: bytes = b"", prefix: str = _TYPE) -> bytes:
    """Write a message with its type."""
    return field(1, prefix + name) + field(2, content)


def unpacked(content: bytes) -> dict[int, bytes]:
    """Read the fields of a message within its type; all of them have a length."""
    return _fields(_fields(content)[2])


def _fields(content: bytes) -> dict[int, bytes]:
    found = {}
    while content:
        number, content = content[0] >> 3, content[1:]
        length = shift = 0
        while True:
            part, content = content[0], content[1:]
            length |= (part & 0x7F) << shift
            shift += 7
            if part < 0x80:
                break
        found[number], content = content[:length], content[length:]
    return found


class Client:
    """Somebody with a token."""

    def __init__(self, port: int, token: str) -> None:
        self.client = flight.connect(f"grpc://127.0.0.1:{port}")
        self.headers = [(b"authorization", f"Bearer {token}".encode()), (b"environmentid", b"7")]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.client.close()

    def options(self, timeout: float | None = None) -> flight.FlightCallOptions:
        return flight.FlightCallOptions(headers=self.headers, timeout=timeout)

    def info(self, command: bytes) -> flight.FlightInfo:
        descriptor = flight.FlightDescriptor.for_command(command)
        return self.client.get_flight_info(descriptor, self.options())

    def info_of(self, statement: str) -> flight.FlightInfo:
        return self.info(packed("CommandStatementQuery", field(1, statement)))

    def get(self, ticket: bytes) -> pa.Table:
        return self.client.do_get(flight.Ticket(ticket), self.options()).read_all()

    def rows(self, info: flight.FlightInfo) -> list[dict[str, Any]]:
        [endpoint] = info.endpoints
        return list(self.get(endpoint.ticket.ticket).to_pylist())

    def act(self, name: str, body: bytes) -> list[bytes]:
        results = self.client.do_action(flight.Action(name, body), self.options())
        return [result.body.to_pybytes() for result in results]

    def prepare(self, statement: str) -> dict[int, bytes]:
        body = packed("ActionCreatePreparedStatementRequest", field(1, statement))
        [result] = self.act("CreatePreparedStatement", body)
        return unpacked(result)
