"""A project whose definitions are exported: as dbt wrote them, and as renderers read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.access.policies.policy_file import POLICY_FILE
from metrics_store.interchange.layer.layer_reader import read_layer
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, parse_project, read_manifest
from metrics_store.query.manifest_reader import parse_semantic_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.project.profile import Target


@dataclass(frozen=True)
class ExportedProject:
    """The definitions of a project.

    Attributes:
        manifest: dbt's `manifest.json`.
        semantic_manifest: dbt's `semantic_manifest.json`.
        layer: The same definitions, as renderers read them.
        policies: What the policy file says; nothing where there is none.
    """

    manifest: dict[str, Any]
    semantic_manifest: dict[str, Any]
    layer: SemanticLayer
    policies: dict[str, Any]

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.manifest["metadata"]["project_name"])

    @property
    def saved_queries(self) -> list[dict[str, Any]]:
        """The saved queries as `manifest.json` has them."""
        return list(self.manifest.get("saved_queries", {}).values())

    def reference(self, semantic_model: str) -> str:
        """Give the dbt model that a semantic model reads, such as `ref('orders')`."""
        nodes = self.manifest["semantic_models"].values()
        used = next(node["refs"][0] for node in nodes if node["name"] == semantic_model)
        names = [f"'{name}'" for name in (used.get("package"), used["name"]) if name]
        version = [f"v={used['version']}"] if used.get("version") is not None else []
        return f"ref({', '.join([*names, *version])})"


def read_exported_project(directory: Path, project: Path) -> ExportedProject:
    """Read a project out of the artifacts that dbt made of it.

    Args:
        directory: The artifacts.
        project: The project itself, for its policies.
    """
    manifest = read_manifest(directory)
    text = (directory / SEMANTIC_MANIFEST).read_text(encoding="utf-8")
    dialect = str(manifest["metadata"].get("adapter_type") or "duckdb")
    layer = read_layer(parse_semantic_manifest(text), dialect)
    policies = project / POLICY_FILE
    given = yaml.safe_load(policies.read_text(encoding="utf-8")) if policies.is_file() else None
    return ExportedProject(manifest, _with_groups(json.loads(text), manifest), layer, given or {})


def parse_exported_project(target: Target) -> ExportedProject:
    """Read the definitions of a project as its files are now."""
    return read_exported_project(parse_project(target), target.project_directory)


def _with_groups(semantic_manifest: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """Add the groups of definitions, which only `manifest.json` says."""
    for part in ("semantic_models", "metrics"):
        nodes = manifest.get(part, {}).values()
        groups = {node["name"]: (node.get("config") or {}).get("group") for node in nodes}
        for definition in semantic_manifest[part]:
            group = groups.get(definition["name"])
            if group:
                definition["config"] = {**(definition.get("config") or {}), "group": group}
    return semantic_manifest
