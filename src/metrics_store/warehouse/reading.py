"""Read what is live in a target's warehouse, over connections that can write nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import MANIFEST, artifacts_directory
from metrics_store.warehouse.generations import Warehouse
from metrics_store.warehouse.postgres import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target


@dataclass(frozen=True)
class LiveWarehouse:
    """A target's warehouse as it was when it was looked up.

    Attributes:
        target: Where it is.
        artifacts: The directory with dbt's manifests that belong to it.
        database: The DuckDB file; none for PostgreSQL.
    """

    target: Target
    artifacts: Path
    database: Path | None = None

    def read(self, sql: str) -> pa.Table:
        """Give the rows of a query.

        Raises:
            duckdb.Error, psycopg.Error: The warehouse refuses the query.
        """
        if self.database is None:
            return _from_postgres(self.target, sql)
        with read_only(self.database) as connection:
            return connection.sql(sql).to_arrow_table()


def find_live_warehouse(target: Target) -> LiveWarehouse:
    """Look up what is live in a target now.

    Raises:
        MetricsStoreError: Nothing was built yet.
    """
    if target.adapter_type != "duckdb":
        return LiveWarehouse(target, artifacts_directory(target))
    generation = Warehouse(target.duckdb_path).current()
    if generation is None:
        raise MetricsStoreError(
            "there is no warehouse yet",
            where=str(target.duckdb_path),
            remedy="run `metrics load` and `metrics build`, or `make demo`",
        )
    artifacts = generation.artifacts
    if not (artifacts / MANIFEST).exists():
        # A plain `dbt build` made the file; its artifacts lie where dbt puts them.
        artifacts = target.project_directory / "target"
    return LiveWarehouse(target, artifacts, generation.database)


@contextmanager
def read_only(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file so that nothing can be written and no other file read."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _from_postgres(target: Target, sql: str) -> pa.Table:
    with connect(target) as connection:
        connection.read_only = True
        cursor = connection.execute(sql.encode())
        names = [column.name for column in cursor.description or ()]
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table(dict(zip(names, map(list, columns), strict=True)))
