"""Reads the roll-ups that saved queries declare, with the SQL of their rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.exports.model_references import referenced_definitions, with_references
from metrics_store.project.artifacts import read_manifest
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metricflow.metricflow_engine import DIALECTS
from metrics_store.query.planner import Planner
from metrics_store.query.rollups.declaration import read_declarations
from metrics_store.query.rollups.rollup_select import RollupSelects
from metrics_store.query.rollups.table_builder import build_tables

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.query.rollups.rollup_table import RollupTable


@dataclass(frozen=True)
class RollupModel:
    """A roll-up that is made by dbt.

    Attributes:
        table: What it stores.
        sql: The SELECT of its rows a dialect, relations written as `ref()`.
    """

    table: RollupTable
    sql: dict[str, str]


def read_rollups(artifacts: Path) -> list[RollupModel]:
    """Give every roll-up that is to be generated, by name.

    Args:
        artifacts: The directory with dbt's manifests.

    Raises:
        MetricsStoreError: One is over what cannot be rolled up.
    """
    declarations = read_declarations(read_manifest(artifacts))
    if not declarations:
        return []
    content = referenced_definitions(artifacts)
    planner = Planner(parse_semantic_manifest(json.dumps(content)), next(iter(DIALECTS)))
    registered = {one.name for one in declarations if one.is_registered}
    tables = [one for one in build_tables(planner, declarations) if one.rollup not in registered]
    selects = {dialect: RollupSelects(content, dialect, tables) for dialect in DIALECTS}
    return [
        RollupModel(
            table,
            {dialect: with_references(one.select(table)) for dialect, one in selects.items()},
        )
        for table in sorted(tables, key=lambda one: one.name)
    ]
