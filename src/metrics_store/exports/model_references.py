"""Definitions whose relations are dbt models, and SQL over them that dbt can render."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Their order in the manifest is that in which dbt read the files, another after a partial parse and
# on another disk; MetricFlow orders columns inside its SQL by it.
_ORDERED_BY_DISK = ("semantic_models", "metrics", "saved_queries")
# MetricFlow wants relations of the form schema.table; this schema stands for dbt's ref().
_REFERENCE_SCHEMA = "ref_of_model"


def referenced_definitions(content: dict[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Put dbt models in the place of the relations of definitions.

    Args:
        content: The content of `semantic_manifest.json`; it is changed.
        manifest: The content of dbt's `manifest.json`.
    """
    return _sorted_definitions(_relations_as_models(content, manifest))


def reference(model: str) -> str:
    """Give the relation of a dbt model, as such definitions have it."""
    return f"{_REFERENCE_SCHEMA}.{model}"


def referenced_model(relation: str) -> str:
    """Give the dbt model of such a relation."""
    return relation.removeprefix(f"{_REFERENCE_SCHEMA}.")


def with_references(sql: str) -> str:
    """Write the relations of such definitions as `ref()`."""
    return re.sub(rf"\b{_REFERENCE_SCHEMA}\.(\w+)", r"{{ ref('\1') }}", sql)


def _relations_as_models(content: dict[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Put the name of the dbt model in place of every relation's name."""
    model_names = {
        node["relation_name"]: node["name"]
        for node in manifest["nodes"].values()
        if node.get("relation_name") and node["resource_type"] in {"model", "seed", "snapshot"}
    }
    holders = [*content["semantic_models"], *content["project_configuration"]["time_spines"]]
    for holder in holders:
        relation = holder["node_relation"]
        relation["relation_name"] = reference(model_names[relation["relation_name"]])
    return content


def _sorted_definitions(content: dict[str, Any]) -> dict[str, Any]:
    """Sort what dbt leaves in the order of its files, so that one project has one SQL."""
    for part in _ORDERED_BY_DISK:
        content[part] = sorted(content[part], key=lambda named: str(named["name"]))
    spines = content["project_configuration"]
    spines["time_spines"] = sorted(
        spines["time_spines"], key=lambda spine: str(spine["node_relation"]["relation_name"])
    )
    return content
