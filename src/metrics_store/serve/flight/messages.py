"""The messages of Flight SQL, made by protobuf from the fields that the protocol gives them.

Field numbers and types are those of Arrow's `FlightSql.proto`; fields that say nothing here, such
as names of keys' tables, are left out: protobuf skips what it does not know.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)
from google.protobuf.message import DecodeError, Message  # type: ignore[import-untyped]

from metrics_store.errors import MetricsStoreError

_SQL = "arrow.flight.protocol.sql"
_FIELD = descriptor_pb2.FieldDescriptorProto
_TEXT, _BYTES, _WHOLE, _UNSIGNED = (
    _FIELD.TYPE_STRING,
    _FIELD.TYPE_BYTES,
    _FIELD.TYPE_INT32,
    _FIELD.TYPE_UINT32,
)
# Message -> its fields: name, number, type, whether there may be several.
_FIELDS: dict[str, list[tuple[str, int, int, bool]]] = {
    "CommandStatementQuery": [("query", 1, _TEXT, False), ("transaction_id", 2, _BYTES, False)],
    "CommandPreparedStatementQuery": [("prepared_statement_handle", 1, _BYTES, False)],
    "TicketStatementQuery": [("statement_handle", 1, _BYTES, False)],
    "ActionCreatePreparedStatementRequest": [
        ("query", 1, _TEXT, False),
        ("transaction_id", 2, _BYTES, False),
    ],
    "ActionCreatePreparedStatementResult": [
        ("prepared_statement_handle", 1, _BYTES, False),
        ("dataset_schema", 2, _BYTES, False),
        ("parameter_schema", 3, _BYTES, False),
    ],
    "ActionClosePreparedStatementRequest": [("prepared_statement_handle", 1, _BYTES, False)],
    "ActionCancelQueryRequest": [("info", 1, _BYTES, False)],
    "ActionCancelQueryResult": [("result", 1, _WHOLE, False)],
    # Flight's own pair, which travels bare; a message within is the same on the wire as bytes.
    "CancelFlightInfoRequest": [("info", 1, _BYTES, False)],
    "CancelFlightInfoResult": [("status", 1, _WHOLE, False)],
    "CommandGetSqlInfo": [("info", 1, _UNSIGNED, True)],
    "CommandGetTables": [
        ("catalog", 1, _TEXT, False),
        ("db_schema_filter_pattern", 2, _TEXT, False),
        ("table_name_filter_pattern", 3, _TEXT, False),
        ("table_types", 4, _TEXT, True),
        ("include_schema", 5, _FIELD.TYPE_BOOL, False),
    ],
    "CommandGetCatalogs": [],
    "CommandGetDbSchemas": [
        ("catalog", 1, _TEXT, False),
        ("db_schema_filter_pattern", 2, _TEXT, False),
    ],
    "CommandGetTableTypes": [],
    "CommandGetPrimaryKeys": [],
    "CommandGetExportedKeys": [],
    "CommandGetImportedKeys": [],
    "CommandGetCrossReference": [],
}


def _message_types() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="metrics_store/flight_sql.proto", package=_SQL, syntax="proto3"
    )
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field, number, kind, several in fields:
            label = _FIELD.LABEL_REPEATED if several else _FIELD.LABEL_OPTIONAL
            message.field.add(name=field, number=number, type=kind, label=label)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_SQL}.{name}"))
        for name in _FIELDS
    }


_TYPES = _message_types()


def new(name: str, **fields: Any) -> Message:  # noqa: ANN401 - fields hold anything
    """Make a message of Flight SQL."""
    return _TYPES[name](**fields)


def name_of(message: Message) -> str:
    """Give a message's name, such as `CommandStatementQuery`."""
    return str(message.DESCRIPTOR.name)


def pack(message: Message) -> bytes:
    """Write a message with its type, as commands, tickets and results travel."""
    packed = any_pb2.Any()
    packed.Pack(message)
    return bytes(packed.SerializeToString())


def unpack(content: bytes) -> Message:
    """Read a message that travels with its type.

    Raises:
        MetricsStoreError: It is none, or none that this interface knows.
    """
    packed = any_pb2.Any()
    try:
        packed.ParseFromString(content)
    except DecodeError:
        raise _unknown("it cannot be read") from None
    package, _, name = packed.TypeName().rpartition(".")
    if package != _SQL or name not in _TYPES:
        raise _unknown(packed.type_url[:100] or "it has no type")
    return read(name, packed.value)


def read(name: str, content: bytes) -> Message:
    """Read a message of a type.

    Raises:
        MetricsStoreError: It cannot be read as one.
    """
    message = new(name)
    try:
        message.ParseFromString(content)
    except DecodeError:
        raise _unknown(name) from None
    return message


def _unknown(where: str) -> MetricsStoreError:
    return MetricsStoreError(
        "this is no message of Arrow Flight SQL that the server knows",
        where=where,
        expected="a statement such as {{ semantic_layer.query(metrics=['revenue']) }}, sent by an "
        "Arrow Flight SQL client",
    )
