"""Reads the definitions of a project from dbt's artifacts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import PROJECT_FILE
from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.planner import Planner
from metrics_store.review.definitions.dimension_definitions import read_dimensions, read_entities
from metrics_store.review.definitions.metric_reader import MetricReader
from metrics_store.review.definitions.saved_query_definitions import read_saved_queries
from metrics_store.review.definitions.semantic_scope import SemanticScope
from metrics_store.review.definitions.time_spines import read_grains
from metrics_store.review.projects.consumers import read_consumers
from metrics_store.review.projects.dbt_models import of_relation, read_models
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.relations import project_relations

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.review.definitions.definition import Definition


def read_project(
    manifest: dict[str, Any],
    semantic_manifest: dict[str, Any],
    files: Path | None,
    *,
    by_content: bool = True,
) -> ProjectDefinitions:
    """Read all that a project defines.

    Args:
        manifest: dbt's `manifest.json`, compiled where possible.
        semantic_manifest: dbt's `semantic_manifest.json` of the same project.
        files: The dbt project, for its policies and seeds; none where only manifests are at hand.
        by_content: Whether seeds are read, or only told by their checksums: what is compared is
            read one way.

    Raises:
        MetricsStoreError: The definitions cannot be understood.
    """
    dialect = str(manifest["metadata"].get("adapter_type") or "duckdb")
    # Bare manifests do not say the variables: where a side is such, they count on neither.
    variables = _variables(files) if by_content else {}
    relations = project_relations(
        manifest, dialect, files, by_content=by_content, variables=variables
    )
    scope = SemanticScope(semantic_manifest, relations, of_relation(manifest), dialect)
    metrics = MetricReader(
        scope, _group_bys(semantic_manifest, dialect), _files(manifest, "metrics")
    )
    definitions: list[Definition] = [metrics.definition(name) for name in sorted(scope.metrics)]
    of_models = _files(manifest, "semantic_models")
    definitions += read_dimensions(scope, of_models)
    definitions += read_entities(scope, of_models)
    definitions += read_grains(scope)
    definitions += read_saved_queries(scope, metrics, _files(manifest, "saved_queries"))
    return ProjectDefinitions(
        definitions={one.identity: one for one in definitions},
        models=read_models(manifest, relations),
        consumers=tuple(read_consumers(manifest, semantic_manifest, definitions, files)),
    )


def _variables(files: Path | None) -> dict[str, Any]:
    """Give the variables that a project sets; none where it is not at hand."""
    if files is None:
        return {}
    content = yaml.safe_load((files / PROJECT_FILE).read_text(encoding="utf-8"))
    variables = content.get("vars") if isinstance(content, dict) else None
    return variables if isinstance(variables, dict) else {}


def _files(manifest: dict[str, Any], part: str) -> dict[str, str]:
    return {one["name"]: one["original_file_path"] for one in manifest.get(part, {}).values()}


def _group_bys(semantic_manifest: dict[str, Any], dialect: str) -> dict[str, list[str]]:
    """Give what each metric can be grouped by, as MetricFlow resolves it."""
    known = dialect if dialect in DIALECTS else "duckdb"
    try:
        planner = Planner(parse_semantic_manifest(json.dumps(semantic_manifest)), known)
        return {
            metric["name"]: list(planner.group_bys(metric["name"]))
            for metric in semantic_manifest["metrics"]
            if not metric["type_params"].get("is_private")
        }
    except MetricsStoreError as error:
        raise MetricsStoreError(
            "the metrics cannot be understood", where=error.what, detail=str(error)
        ) from error
