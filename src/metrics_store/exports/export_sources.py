"""All that generated models are made of, out of dbt's manifests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.exports.model_references import referenced_definitions, referenced_model
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class ExportSources:
    """What dbt's manifests say of exports, roll-ups and what these read, and nothing else.

    Attributes:
        definitions: The content of `semantic_manifest.json`, with dbt models in the place of
            relations.
        saved_queries: Each saved query of `manifest.json` by its id, with what it declares.
        columns: Model that is read -> column -> its type; empty where none is said.
    """

    definitions: dict[str, Any]
    saved_queries: dict[str, Any]
    columns: dict[str, dict[str, str]]


def read_sources(artifacts: Path) -> ExportSources:
    """Read them.

    Args:
        artifacts: The directory with dbt's manifests.
    """
    manifest = read_manifest(artifacts)
    text = (artifacts / SEMANTIC_MANIFEST).read_text(encoding="utf-8")
    definitions = referenced_definitions(json.loads(text), manifest)
    return ExportSources(
        definitions, _saved_queries(manifest), dict(_columns(manifest, _read_models(definitions)))
    )


def _saved_queries(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        identity: {"name": node["name"], "config": {"meta": (node.get("config") or {}).get("meta")}}
        for identity, node in manifest.get("saved_queries", {}).items()
    }


def _read_models(definitions: Mapping[str, Any]) -> set[str]:
    return {
        referenced_model(one["node_relation"]["relation_name"])
        for one in definitions["semantic_models"]
    }


def _columns(manifest: Mapping[str, Any], models: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["name"] in models:
            types = {name: one.get("data_type") or "" for name, one in node["columns"].items()}
            yield node["name"], types
