"""Refuses builds whose definitions declare roll-ups over what cannot be rolled up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


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
