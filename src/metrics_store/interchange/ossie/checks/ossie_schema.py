"""The JSON schema of an Ossie document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NAME: Schema = {"type": "string", "minLength": 1}
_COLUMNS: Schema = {"type": "array", "items": _NAME, "minItems": 1}
_DATA_TYPES = (
    "String",
    "Integer",
    "Decimal",
    "Float",
    "Boolean",
    "Date",
    "Time",
    "DateTime",
    "DateTimeTz",
    "Opaque",
)
_AI_CONTEXT: Schema = {
    "type": ["string", "object"],
    "properties": {
        "instructions": _TEXT,
        "synonyms": {"type": "array", "items": _TEXT},
        "examples": {"type": "array", "items": _TEXT},
    },
}


def json_schema(version: OssieVersion) -> Schema:
    """Give the JSON schema of a version."""
    dialect: Schema = {"enum": list(version.dialects)}
    vendor: Schema = {"enum": list(version.vendors)} if version.vendors else _NAME
    expression = _object(
        {
            "dialects": _list(
                _object({"dialect": dialect, "expression": _NAME}, "dialect", "expression"),
                least=1,
            )
        },
        "dialects",
    )
    described = {
        "name": _NAME,
        "description": _TEXT,
        "ai_context": _AI_CONTEXT,
        "custom_extensions": _list(
            _object({"vendor_name": vendor, "data": _TEXT}, "vendor_name", "data")
        ),
    }
    value = {**described, "expression": expression, "datatype": {"enum": list(_DATA_TYPES)}}
    field = {**value, "label": _TEXT, "dimension": _object({"is_time": {"type": "boolean"}})}
    dataset = {
        **described,
        "source": _NAME,
        "primary_key": _COLUMNS,
        "unique_keys": _list(_COLUMNS),
        "fields": _list(_object(field, "name", "expression")),
    }
    relationship = {key: one for key, one in described.items() if key != "description"} | {
        "from": _NAME,
        "to": _NAME,
        "from_columns": _COLUMNS,
        "to_columns": _COLUMNS,
    }
    model = {
        **described,
        "datasets": _list(_object(dataset, "name", "source"), least=1),
        "relationships": _list(
            _object(relationship, "name", "from", "to", "from_columns", "to_columns")
        ),
        "metrics": _list(_object(value, "name", "expression")),
    }
    return _object(
        {
            "version": {"const": version.number},
            "dialects": _list(dialect),
            "vendors": _list(vendor),
            "semantic_model": _list(_object(model, "name", "datasets"), least=1),
        },
        "version",
        "semantic_model",
    )


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}
