"""Where the relations of a build lie, in dbt's nodes, its manifests and the text of views."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metrics_store.warehouse.adapters.schema_generations import SchemaGeneration


def move_node(node: Any, schema: str) -> None:  # noqa: ANN401 - a node of dbt's
    """Put a node of dbt's into a schema."""
    node.schema, node.relation_name = schema, f"{schema}.{node.alias}"


def write_moved_manifests(source: Path, directory: Path, generation: SchemaGeneration) -> None:
    """Write dbt's manifests with the relations of a generation where they lie.

    Args:
        source: Where dbt wrote them.
        directory: Where they are to be.
        generation: What was built.
    """
    manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    for node in manifest["nodes"].values():
        if node.get("relation_name"):
            node["schema"] = generation.place(node["schema"], node["alias"])
            node["relation_name"] = f"{node['schema']}.{node['alias']}"
    _write(directory / MANIFEST, manifest)
    definitions = json.loads((source / SEMANTIC_MANIFEST).read_text(encoding="utf-8"))
    spines = definitions["project_configuration"]["time_spines"]
    for holder in (*definitions["semantic_models"], *spines):
        relation = holder["node_relation"]
        schema = generation.place(relation["schema_name"], relation["alias"])
        relation["schema_name"] = schema
        relation["relation_name"] = f"{schema}.{relation['alias']}"
    for model in manifest.get("semantic_models", {}).values():
        relation = model.get("node_relation")
        if relation:
            schema = generation.place(relation["schema_name"], relation["alias"])
            relation["schema_name"] = schema
            relation["relation_name"] = f"{schema}.{relation['alias']}"
    _write(directory / MANIFEST, manifest)
    _write(directory / SEMANTIC_MANIFEST, definitions)


def with_moved_relations(text: str, moves: Mapping[str, str]) -> str:
    """Write the SELECT of a view with relations where they lie now.

    Args:
        text: The SELECT.
        moves: Relations as `schema.name`, where they were, with the schema where they are.
    """

    def moved(found: re.Match[str]) -> str:
        schema = moves.get(f"{found[1]}.{found[2]}")
        return found[0] if schema is None else f"{schema}.{found[2]}"

    return re.sub(r"(?<![\w.`])`?(\w+)`?\.`?(\w+)`?(?![\w`.(])", moved, text)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
