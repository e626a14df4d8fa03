"""The catalogs, schemas, tables and keys of the server: its tables are the saved queries.

Only these have rows of their own, which `SELECT * FROM` can mean. What else there is, the calls of
the semantic layer list; keys there are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.select_layers import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.message import Message  # type: ignore[import-untyped]

    from metrics_store.query.definitions.definitions import Definitions

# As in PostgreSQL's protocol: the database and its schema.
CATALOG = SCHEMA
_TABLE = "TABLE"

_CATALOG = [pa.field("catalog_name", pa.utf8()), pa.field("db_schema_name", pa.utf8())]


def _text(name: str) -> pa.Field:
    return pa.field(name, pa.utf8(), nullable=False)


def _keys_of_two_tables() -> pa.Schema:
    sides = [
        field
        for side in ("pk", "fk")
        for field in (
            pa.field(f"{side}_catalog_name", pa.utf8()),
            pa.field(f"{side}_db_schema_name", pa.utf8()),
            _text(f"{side}_table_name"),
            _text(f"{side}_column_name"),
        )
    ]
    return pa.schema(
        [
            *sides,
            pa.field("key_sequence", pa.int32(), nullable=False),
            pa.field("fk_key_name", pa.utf8()),
            pa.field("pk_key_name", pa.utf8()),
            pa.field("update_rule", pa.uint8(), nullable=False),
            pa.field("delete_rule", pa.uint8(), nullable=False),
        ]
    )


_TABLES = pa.schema([*_CATALOG, _text("table_name"), _text("table_type")])
_SCHEMAS = {
    "CommandGetCatalogs": pa.schema([_text("catalog_name")]),
    "CommandGetDbSchemas": pa.schema([_CATALOG[0], _text("db_schema_name")]),
    "CommandGetTables": _TABLES,
    "CommandGetTableTypes": pa.schema([_text("table_type")]),
    "CommandGetPrimaryKeys": pa.schema(
        [
            *_CATALOG,
            _text("table_name"),
            _text("column_name"),
            pa.field("key_name", pa.utf8()),
            pa.field("key_sequence", pa.int32(), nullable=False),
        ]
    ),
    "CommandGetExportedKeys": _keys_of_two_tables(),
    "CommandGetImportedKeys": _keys_of_two_tables(),
    "CommandGetCrossReference": _keys_of_two_tables(),
}


def is_about_catalog(command: str) -> bool:
    """Whether a command asks for catalogs, schemas, tables or keys."""
    return command in _SCHEMAS


def catalog_schema(command: Message, name: str) -> pa.Schema:
    """Give the columns that the protocol gives the answer to a command of this name."""
    schema = _SCHEMAS[name]
    if name == "CommandGetTables" and command.include_schema:
        return schema.append(pa.field("table_schema", pa.binary(), nullable=False))
    return schema


def catalog_rows(
    command: Message,
    name: str,
    definitions: Definitions,
    columns: Callable[[str], pa.Schema],
) -> pa.Table:
    """Answer a command, in the columns that the protocol gives it.

    Args:
        command: The command.
        name: Its name.
        definitions: What its caller may see.
        columns: Gives the columns of a saved query.
    """
    schema = catalog_schema(command, name)
    rows: list[tuple[Any, ...]] = []
    if name == "CommandGetTableTypes":
        rows = [(_TABLE,)]
    elif name == "CommandGetCatalogs":
        rows = [(CATALOG,)]
    elif name == "CommandGetDbSchemas" and _is_of(command):
        rows = [(CATALOG, SCHEMA)]
    elif name == "CommandGetTables" and _is_of(command):
        rows = list(_tables(command, definitions, columns))
    return pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema
    )


def _tables(
    command: Message, definitions: Definitions, columns: Callable[[str], pa.Schema]
) -> Iterator[tuple[Any, ...]]:
    if command.table_types and _TABLE not in command.table_types:
        return
    for saved in definitions.saved_queries():
        if not _is_like(saved.name, command.table_name_filter_pattern):
            continue
        row = (CATALOG, SCHEMA, saved.name, _TABLE)
        if not command.include_schema:
            yield row
            continue
        try:
            described = columns(saved.name)
        except MetricsStoreError:
            # What cannot be asked for now is no table now; who asks by its name is told why.
            continue
        yield (*row, described.serialize().to_pybytes())


def _is_of(command: Message) -> bool:
    """Whether a command asks of our one catalog and schema."""
    return command.catalog in ("", CATALOG) and _is_like(SCHEMA, command.db_schema_filter_pattern)


def _is_like(name: str, pattern: str) -> bool:
    """Whether a name is like a pattern of SQL; without one every name is."""
    if not pattern:
        return True
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    written = "".join(
        signs.get(part) or re.escape(part[1:] if len(part) > 1 else part) for part in parts
    )
    return re.fullmatch(written, name, re.DOTALL | re.IGNORECASE) is not None
