"""Refuses roll-ups over what cannot be rolled up, and vouches for those that a build made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

_RUN_RESULTS = "run_results.json"
# Where `metrics exports` writes their models.
_DIRECTORY = "rollups/"


def check_rollups(artifacts: Path, dialect: str) -> None:
    """Check the roll-ups of what was built.

    Args:
        artifacts: The directory with dbt's manifests.
        dialect: The SQL of the warehouse.

    Raises:
        MetricsStoreError: One is over what cannot be rolled up, or its declaration is not
            understood.
    """
    from metrics_store.query.rollups.declaration import declarations_in  # noqa: PLC0415 - after dbt

    declarations = declarations_in((artifacts / MANIFEST).read_bytes())
    if not declarations:
        # Whoever has none need not wait for MetricFlow.
        return
    from metrics_store.query.manifest_reader import read_semantic_manifest  # noqa: PLC0415 - slow
    from metrics_store.query.planner import Planner  # noqa: PLC0415
    from metrics_store.query.rollups.table_builder import build_tables  # noqa: PLC0415

    planner = Planner(read_semantic_manifest(artifacts / SEMANTIC_MANIFEST), dialect)
    build_tables(planner, declarations)


def vouched_names(artifacts: Path) -> set[str]:
    """Name the roll-ups that this build made, as they are generated, of the rows that are there.

    dbt builds a model after all that it refers to; generated ones refer to all that they read.

    Args:
        artifacts: The directory with dbt's manifests, and with the results of its run.
    """
    nodes = read_manifest(artifacts)["nodes"]
    results = json.loads((artifacts / _RUN_RESULTS).read_bytes())["results"]
    built = {one["unique_id"] for one in results if one["status"] == "success"}
    models = {
        nodes[one]["name"]: nodes[one]["raw_code"]
        for one in built
        if one in nodes and nodes[one]["path"].startswith(_DIRECTORY)
    }
    if not models:
        return set()
    from metrics_store.exports.export_sources import read_sources  # noqa: PLC0415 - slow
    from metrics_store.exports.rollup_files import rollup_files  # noqa: PLC0415
    from metrics_store.exports.rollup_reader import read_rollups  # noqa: PLC0415

    rollups = [one for one in read_rollups(read_sources(artifacts)) if one.periods is not None]
    files = rollup_files(rollups)
    return {
        one.table.name
        for one in rollups
        if models.get(one.table.name) == files[f"{one.table.name}.sql"].strip()
    }
