"""Reads the exports of saved queries, with the SQL that MetricFlow renders for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot.expressions

from metrics_store.errors import MetricsStoreError
from metrics_store.exports.covered_plans import ExportRollups
from metrics_store.exports.export_dialects import EXPORT_DIALECTS
from metrics_store.exports.model_references import with_references
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.periods import is_longer_than_day
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from metrics_store.exports.export_sources import ExportSources


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


def read_exports(sources: ExportSources, *, default_schema: str) -> list[Export]:
    """Give every export that the project's saved queries declare, by name.

    Args:
        sources: What dbt's manifests say.
        default_schema: The target's own schema, which dbt fills in where an export names none.

    Raises:
        MetricsStoreError: Two exports share a name, or a saved query cannot be planned.
    """
    content = json.dumps(sources.definitions)
    planners = {
        dialect: Planner(parse_semantic_manifest(content), dialect) for dialect in EXPORT_DIALECTS
    }
    rollups = ExportRollups(sources, next(iter(planners.values())))
    covered = {dialect: rollups.planner(planner, dialect) for dialect, planner in planners.items()}
    exports: dict[str, Export] = {}
    for saved_query in next(iter(planners.values())).manifest.saved_queries:
        if not saved_query.exports:
            continue
        request = MetricRequest(saved_query=saved_query.name)
        sql = {dialect: planner.plan(request) for dialect, planner in covered.items()}
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
                sql={dialect: with_references(text) for dialect, text in sql.items()},
            )
    return [exports[name] for name in sorted(exports)]
