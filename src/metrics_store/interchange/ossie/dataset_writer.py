"""Writes semantic models as the datasets of an Ossie document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.ossie.checks.ossie_sql import is_row_expression
from metrics_store.interchange.ossie.core_digest import digest_of
from metrics_store.interchange.ossie.ossie_extensions import own_extension
from metrics_store.interchange.properties.property_values import written
from metrics_store.interchange.properties.semantic_model_properties import (
    semantic_model_properties,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.interchange.ossie.ossie_versions import OssieVersion
    from metrics_store.interchange.properties.property_values import Properties

_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Part of the properties -> what an element of it is called in its extension.
ELEMENTS = {"entities": "entity", "dimensions": "dimension", "measures": "measure"}
_OF_CORE = ("name", "label", "description", "expr")


def write_dataset(model: Properties, reference: str, version: OssieVersion) -> dict[str, Any]:
    """Write a semantic model.

    Args:
        model: It as the semantic manifest has it.
        reference: The dbt model that it reads, such as `ref('orders')`.
        version: The version of Ossie.
    """
    properties = semantic_model_properties(model, reference)
    entities = properties.get("entities", [])
    keys = {
        "primary_key": next(_keys(entities, "primary", version), None),
        "unique_keys": list(_keys(entities, "unique", version)),
    }
    fields, kept = _fields(properties, version)
    rest = {
        key: value
        for key, value in properties.items()
        if key not in {"name", "description", *ELEMENTS}
    }
    return written(
        {
            "name": properties["name"],
            "source": source_of(model["node_relation"]),
            **keys,
            "description": properties.get("description"),
            "fields": fields,
            "custom_extensions": own_extension(
                {"semantic_model": {**rest, **kept}, "keys": digest_of(written(keys))}, version
            ),
        }
    )


def source_of(relation: Properties) -> str:
    """Give a table as `database.schema.table`, without quotes."""
    parts = (relation.get("database"), relation.get("schema_name"), relation["alias"])
    return ".".join(part for part in parts if part)


def key_of(entity: Properties, version: OssieVersion) -> str:
    """Give the key that stands for an entity: its column, or its field where it has none.

    dbt looks for keys among the names of fields, everybody else among columns.
    """
    expression: str = entity.get("expr") or entity["name"]
    is_column = _COLUMN.fullmatch(expression) and not version.read_by_dbt
    return expression if is_column else entity["name"]


def _keys(entities: list[Properties], kind: str, version: OssieVersion) -> Iterator[list[str]]:
    return ([key_of(one, version)] for one in entities if one["type"] == kind)


def _fields(
    properties: Properties, version: OssieVersion
) -> tuple[list[dict[str, Any]], Properties]:
    """Give the fields, and the elements that must be none in this version."""
    fields: list[dict[str, Any]] = []
    kept: Properties = {}
    for part, kind in ELEMENTS.items():
        for element in properties.get(part, ()):
            if is_field(kind, element, version):
                fields.append(_field(kind, element, version))
            else:
                kept.setdefault(part, []).append(element)
    return fields, kept


def is_field(kind: str, element: Properties, version: OssieVersion) -> bool:
    """Whether the core says an element; if not, the extension of its dataset has it."""
    # dbt takes each field that is no key for a dimension.
    is_taken_for_another = version.read_by_dbt and (
        kind == "measure" or element.get("type") == "natural"
    )
    return not is_taken_for_another and is_row_expression(
        str(element.get("expr") or element["name"])
    )


def _field(kind: str, element: Properties, version: OssieVersion) -> dict[str, Any]:
    rest = {key: value for key, value in element.items() if key not in _OF_CORE}
    is_time = {"is_time": element["type"] == "time"} if kind == "dimension" else None
    return written(
        {
            "name": element["name"],
            "expression": expression_of(str(element.get("expr") or element["name"])),
            "dimension": is_time,
            "label": element.get("label"),
            "description": element.get("description"),
            "custom_extensions": own_extension({kind: rest}, version),
        }
    )


def expression_of(text: str) -> dict[str, Any]:
    """Write an expression in the one dialect that all read."""
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": text}]}
