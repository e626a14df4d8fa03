"""The live warehouse of a target, read over connections that can write nothing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import UnavailableError
from metrics_store.project.artifacts import MANIFEST
from metrics_store.warehouse.adapters.schema_generations import live_artifacts
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.postgres.publication import current_artifacts
from metrics_store.warehouse.statement import Executor, Limits, Statement

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.project.profile import Target
    from metrics_store.warehouse.embedded.duckdb_executor import Resources

_OURS = Limits(seconds=3600, rows=100_000_000, bytes=8 * 1024**3)


@dataclass(frozen=True)
class LiveWarehouse:
    """A target's warehouse as it was when it was looked up.

    Attributes:
        target: Where it is.
        artifacts: The directory with dbt's manifests that belong to it.
        database: The DuckDB file; none for all others.
    """

    target: Target
    artifacts: Path
    database: Path | None = None

    def executor(self, resources: Resources | None = None) -> Executor:
        """Open the warehouse for reading; close what you get.

        Raises:
            UnavailableError: It cannot be opened.
        """
        # Imported here, so that nobody waits for the other, and who only looks up for neither.
        from metrics_store.warehouse.embedded import duckdb_executor  # noqa: PLC0415

        if self.database is None and self.target.adapter_type != "postgres":
            from metrics_store.warehouse.adapters.adapter_executor import (  # noqa: PLC0415
                AdapterExecutor,
            )

            return AdapterExecutor(self.target)
        if self.database is None:
            from metrics_store.warehouse.postgres.postgres_executor import (  # noqa: PLC0415
                PostgresExecutor,
            )

            resources = resources or duckdb_executor.Resources()
            return PostgresExecutor(self.target, resources.connections)
        return duckdb_executor.DuckdbExecutor(self.database, resources)

    def read(self, sql: str) -> pa.Table:
        """Give the rows of one query of ours, however long it takes.

        Raises:
            RelationMissingError: It reads what is not there.
            MetricsStoreError: The warehouse rejects the query.
        """
        with contextlib.closing(self.executor()) as executor:
            return executor.read(Statement(sql, limits=_OURS))


def find_live_warehouse(target: Target) -> LiveWarehouse:
    """Look up what is live in a target now.

    Raises:
        UnavailableError: Nothing was built yet.
    """
    if target.adapter_type == "postgres":
        return LiveWarehouse(target, current_artifacts(target))
    if target.adapter_type != "duckdb":
        return LiveWarehouse(target, live_artifacts(target))
    generation = Warehouse(target.duckdb_path).current()
    if generation is None:
        raise UnavailableError(
            "there is no warehouse yet",
            where=str(target.duckdb_path),
            remedy="run `metrics load` and `metrics build`, or `metrics demo`",
        )
    artifacts = generation.artifacts
    if not (artifacts / MANIFEST).exists():
        # A plain `dbt build` made the file; its artifacts lie where dbt puts them.
        artifacts = target.project_directory / "target"
    return LiveWarehouse(target, artifacts, generation.database)
