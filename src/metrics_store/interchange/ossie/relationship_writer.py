"""Writes the joins of semantic models as the relationships of an Ossie document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.interchange.expressions.keyed_joins import keyed_joins
from metrics_store.interchange.ossie.dataset_writer import key_of

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion


def write_relationships(layer: SemanticLayer, version: OssieVersion) -> list[dict[str, Any]]:
    """Write each pair of models that an entity joins: from many, or from one of two, to one."""
    written = [
        {
            "name": f"{join.from_model}__{join.entity}__{join.to_model}",
            "from": join.from_model,
            "to": join.to_model,
            "from_columns": [_key(layer, join.from_model, join.entity, version)],
            "to_columns": [_key(layer, join.to_model, join.entity, version)],
        }
        for join in keyed_joins(layer)
    ]
    return sorted(written, key=lambda one: str(one["name"]))


def _key(layer: SemanticLayer, model: str, entity: str, version: OssieVersion) -> str:
    found = layer.models[model].entity(entity)
    expr = found.expr if found is not None else entity
    return key_of({"name": entity, "expr": expr}, version)
