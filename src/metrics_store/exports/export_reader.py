"""Reads the exports of saved queries, with the SQL that MetricFlow renders for them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlglot.expressions

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, read_manifest
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metricflow.metricflow_engine import DIALECTS
from metrics_store.query.periods import is_longer_than_day
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from pathlib import Path

# Their order in the manifest is that in which dbt read the files, another after a partial parse and
# on another disk; MetricFlow orders columns inside its SQL by it.
_ORDERED_BY_DISK = ("semantic_models", "metrics", "saved_queries")
# MetricFlow wants relations of the form schema.table; this schema stands for dbt's ref().
_REFERENCE_SCHEMA = "ref_of_model"


@dataclass(frozen=True)
class Export:
    """One export of a saved query.

    Attributes:
        name: The dbt model it becomes.
        saved_query: The saved query it answers.
        description: What the saved query says of itself.
        materialized: `table` or `view`.
        schema: The custom schema of the model; none for the project's own default.
        alias: What the table is called; the name where none is given.
        columns: The columns of the answer, each with its description; empty where it has none.
        sql: The SQL a dialect, relations written as `ref()`.
    """

    name: str
    saved_query: str
    description: str
    materialized: str
    schema: str | None
    alias: str
    columns: dict[str, str]
    sql: dict[str, str]


def _relations_as_models(content: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """Put the name of the dbt model in place of every relation's name."""
    model_names = {
        node["relation_name"]: node["name"]
        for node in manifest["nodes"].values()
        if node.get("relation_name") and node["resource_type"] in {"model", "seed", "snapshot"}
    }
    holders = [*content["semantic_models"], *content["project_configuration"]["time_spines"]]
    for holder in holders:
        relation = holder["node_relation"]
        relation["relation_name"] = f"{_REFERENCE_SCHEMA}.{model_names[relation['relation_name']]}"
    return content


def _sorted_definitions(content: dict[str, Any]) -> dict[str, Any]:
    """Sort what dbt leaves in the order of its files, so that one project has one SQL."""
    for part in _ORDERED_BY_DISK:
        content[part] = sorted(content[part], key=lambda named: str(named["name"]))
    return content


def _with_references(sql: str) -> str:
    return re.sub(rf"\b{_REFERENCE_SCHEMA}\.(\w+)", r"{{ ref('\1') }}", sql)


def _column_descriptions(planner: Planner, metrics: list[str]) -> dict[str, str]:
    descriptions = {metric.name: metric.description or "" for metric in planner.manifest.metrics}
    for metric in metrics:
        descriptions.update(planner.group_bys(metric))
    return descriptions


def _columns(sql: str, descriptions: dict[str, str]) -> dict[str, str]:
    """Name the columns of a plan's outermost SELECT and describe each."""
    columns = {}
    for name in sqlglot.parse_one(sql, into=sqlglot.expressions.Select).named_selects:
        columns[name] = descriptions[name] if name in descriptions else _of_time(name, descriptions)
    return columns


def _of_time(name: str, descriptions: dict[str, str]) -> str:
    """Describe a time by a grain, or a part of a time."""
    path, _, grain = name.rpartition("__")
    if is_longer_than_day(grain):
        return f"First day of the {grain}."
    time = descriptions.get(path, "")
    # What a project's own grains hold is its own affair.
    return time if not time or grain.startswith("extract_") else f"{time} By {grain}."


def read_exports(artifacts: Path, *, default_schema: str) -> list[Export]:
    """Give every export that the project's saved queries declare, by name.

    Args:
        artifacts: The directory with dbt's manifests.
        default_schema: The target's own schema, which dbt fills in where an export names none.

    Raises:
        MetricsStoreError: Two exports share a name, or a saved query cannot be planned.
    """
    manifest = read_manifest(artifacts)
    text = (artifacts / SEMANTIC_MANIFEST).read_text(encoding="utf-8")
    content = json.dumps(_sorted_definitions(_relations_as_models(json.loads(text), manifest)))
    planners = {dialect: Planner(parse_semantic_manifest(content), dialect) for dialect in DIALECTS}
    exports: dict[str, Export] = {}
    for saved_query in next(iter(planners.values())).manifest.saved_queries:
        if not saved_query.exports:
            continue
        request = MetricRequest(saved_query=saved_query.name)
        sql = {dialect: planner.plan(request) for dialect, planner in planners.items()}
        descriptions = _column_descriptions(
            next(iter(planners.values())), list(saved_query.query_params.metrics)
        )
        for export in saved_query.exports:
            if export.name in exports:
                raise MetricsStoreError(
                    f"two exports are named {export.name}",
                    where=f"saved queries {exports[export.name].saved_query}, {saved_query.name}",
                    remedy="rename one of them",
                )
            schema = export.config.schema_name
            exports[export.name] = Export(
                name=export.name,
                saved_query=saved_query.name,
                description=saved_query.description or "",
                materialized=export.config.export_as.value,
                schema=None if schema == default_schema else schema,
                alias=export.config.alias or export.name,
                columns=_columns(next(iter(sql.values())), descriptions),
                sql={dialect: _with_references(text) for dialect, text in sql.items()},
            )
    return [exports[name] for name in sorted(exports)]
