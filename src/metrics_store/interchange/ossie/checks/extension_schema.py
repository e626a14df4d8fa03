"""The JSON schemas of our extensions, part by part of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metrics_store.interchange.ossie.checks.ossie_schema import Schema

_TEXT: Schema = {"type": "string"}
_ANY: Schema = {"type": "object"}
_NAME: Schema = {"type": "string", "minLength": 1}
# What dbt renders: nothing but a reference may stand there.
_REFERENCE: Schema = {
    "type": "string",
    "pattern": r"^ref\('\w+'(, '\w+')?(, v=\w+)?\)$",
}
_ELEMENT_TYPES = {
    "entity": {"type": {"enum": ["primary", "unique", "foreign", "natural"]}},
    "dimension": {"type": {"enum": ["categorical", "time"]}, "type_params": _ANY},
    "measure": {"agg": _NAME},
}
PARTS = {"entities": "entity", "dimensions": "dimension", "measures": "measure"}
_TYPES = ["simple", "ratio", "derived", "cumulative", "conversion"]


def _object(properties: Schema, *required: str, closed: bool = True) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": not closed,
    }


def _named(properties: Schema, *required: str) -> Schema:
    return _object({"name": _NAME, **properties}, "name", *required, closed=False)


def _each(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_ELEMENTS: dict[str, Schema] = {
    kind: _object(properties, next(iter(properties)), closed=False)
    for kind, properties in _ELEMENT_TYPES.items()
}
_METRIC: Schema = {
    "type": {"enum": _TYPES},
    "type_params": _ANY,
    "config": _ANY,
    "filter": _each(_TEXT),
}
_MODEL: Schema = {
    "model": _REFERENCE,
    "config": _ANY,
    **{
        part: _each(_named(_ELEMENT_TYPES[kind], next(iter(_ELEMENT_TYPES[kind]))))
        for part, kind in PARTS.items()
    },
}
_SAVED_QUERY: Schema = _named({"query_params": _ANY, "exports": _each(_ANY)}, "query_params")

SCHEMAS: dict[str, dict[str, Any]] = {
    "field": {**_object(_ELEMENTS), "minProperties": 1, "maxProperties": 1},
    "dataset": _object(
        {"semantic_model": _object(_MODEL, "model", closed=False), "keys": _TEXT},
        "semantic_model",
    ),
    "metric": _object(
        {"metric": _object(_METRIC, "type", "type_params", closed=False), "expression": _TEXT},
        "metric",
    ),
    "model": _object(
        {
            "project": _TEXT,
            "relationships": _TEXT,
            "metrics": _each(_named(_METRIC, "type", "type_params")),
            "saved_queries": _each(_SAVED_QUERY),
            "time_spines": _each(
                _object(
                    {
                        "table": _NAME,
                        "column": _NAME,
                        "grain": _NAME,
                        "custom_grains": _each(_NAME),
                    },
                    "table",
                    "column",
                    "grain",
                )
            ),
            "policies": _ANY,
        }
    ),
}
