"""The catalogs, schemas, tables and keys of the server: empty, as metrics are none of these.

What there is, the calls of the semantic layer list.
"""

from __future__ import annotations

import pyarrow as pa

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


def empty_catalog(command: str, *, with_table_schemas: bool = False) -> pa.Table:
    """Give the rows that answer a command: none, in the columns that the protocol gives them."""
    schema = _SCHEMAS[command]
    if with_table_schemas:
        schema = schema.append(pa.field("table_schema", pa.binary(), nullable=False))
    return schema.empty_table()
