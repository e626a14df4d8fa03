"""Reads datasets of others as semantic models: what is a key, and what leads to one, is an entity.

MetricFlow joins by entities of one name. So an entity is called as the dataset that it is the key
of, on both sides of a relationship.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.interchange.ossie.ossie_parts import expression_text
from metrics_store.interchange.properties.property_values import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.interchange.ossie.ossie_parts import OssiePart
    from metrics_store.interchange.properties.property_values import Properties

_TIMES = frozenset({"Date", "DateTime", "DateTimeTz"})


def read_foreign_dataset(model: OssiePart, dataset: OssiePart, notes: list[str]) -> Properties:
    """Read a dataset.

    Args:
        model: The semantic model that has it.
        dataset: The dataset.
        notes: Takes what was left out, or chosen where the document does not say it.
    """
    entities = _entities(model, dataset, notes)
    keys = {one["expr"] for one in entities}
    dimensions = [
        foreign_dimension(one)
        for one in dataset.parts()
        if one.name not in keys and expression_text(one.content) not in keys
    ]
    times = [one["name"] for one in dimensions if one["type"] == "time"]
    if len(times) > 1:
        notes.append(f"metrics of {dataset.name} count at {times[0]}, the first time that it has")
    has_primary = any(one["type"] == "primary" for one in entities)
    return written(
        {
            "name": dataset.name,
            "description": dataset.content.get("description"),
            "model": _reference(dataset, notes),
            "defaults": {"agg_time_dimension": times[0]} if times else None,
            "primary_entity": None if has_primary else dataset.name,
            "entities": entities,
            "dimensions": dimensions,
        }
    )


def foreign_dimension(field: OssiePart) -> Properties:
    """Read a field as a dimension; a time is one of days, as nothing says otherwise."""
    expression = expression_text(field.content)
    said = (field.content.get("dimension") or {}).get("is_time")
    is_time = field.content.get("datatype") in _TIMES if said is None else said
    return written(
        {
            "name": field.name,
            "label": field.content.get("label"),
            "description": field.content.get("description"),
            "type": "time" if is_time else "categorical",
            "type_params": {"time_granularity": "day"} if is_time else None,
            "expr": None if expression == field.name else expression,
        }
    )


def _reference(dataset: OssiePart, notes: list[str]) -> str:
    table = str(dataset.content["source"]).rpartition(".")[2].strip('"`[]')
    if not table.isidentifier():
        notes.append(f"{dataset.name} is a query: make it a dbt model {dataset.name}")
        table = dataset.name
    return f"ref('{table}')"


def _entities(model: OssiePart, dataset: OssiePart, notes: list[str]) -> list[Properties]:
    found: dict[str, Properties] = {}
    for kind, entity, columns in _keys(model.content, dataset.content):
        if len(columns) > 1:
            listed = ", ".join(columns)
            notes.append(f"the key {listed} of {dataset.name} is left out: of several columns")
        elif entity in found:
            notes.append(
                f"a relationship from {dataset.name} to {entity} is left out: MetricFlow joins by "
                "names, and another has it"
            )
        else:
            found[entity] = {"name": entity, "type": kind, "expr": columns[0]}
    return list(found.values())


def _keys(model: dict[str, Any], dataset: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Give the keys of a dataset: type, entity, columns."""
    name, primary = dataset["name"], _primary(model, dataset)
    if primary:
        yield "primary", name, primary
    for key in dataset.get("unique_keys", ()):
        if key != primary:
            yield "unique", _unique_name(name, key), key
    for one in model.get("relationships", ()):
        if one["from"] == name:
            target = next(each for each in model["datasets"] if each["name"] == one["to"])
            is_primary = one["to_columns"] == _primary(model, target)
            entity = one["to"] if is_primary else _unique_name(one["to"], one["to_columns"])
            yield "foreign", entity, one["from_columns"]


def _primary(model: dict[str, Any], dataset: dict[str, Any]) -> list[str]:
    """Give the primary key; where none is declared, what relationships find the rows by."""
    declared: list[str] = dataset.get("primary_key", [])
    if declared or dataset.get("unique_keys"):
        return declared
    by = (
        one["to_columns"] for one in model.get("relationships", ()) if one["to"] == dataset["name"]
    )
    return next(by, [])


def _unique_name(dataset: str, key: list[str]) -> str:
    return "_".join([dataset, *key])
