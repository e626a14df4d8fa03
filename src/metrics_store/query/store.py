"""The metrics of one target: what is declared, and the answers to questions."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import psycopg
import pyarrow as pa

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, artifacts_directory
from metrics_store.query.planner import MetricQuestion, Planner, read_semantic_manifest
from metrics_store.warehouse.generations import Warehouse
from metrics_store.warehouse.postgres import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target


@dataclass(frozen=True)
class MetricStore:
    """A target's metrics, pinned to what was live when it was opened.

    Attributes:
        target: Where the marts are.
        semantic_manifest: The definitions that belong to the marts.
        database: The DuckDB file; none for PostgreSQL.
    """

    target: Target
    semantic_manifest: Path
    database: Path | None = None

    @functools.cached_property
    def planner(self) -> Planner:
        """The planner of these metrics, made when it is first asked for."""
        return Planner(read_semantic_manifest(self.semantic_manifest), self.target.adapter_type)

    def answer(self, question: MetricQuestion) -> pa.Table:
        """Answer a question; the columns come in the order asked.

        Raises:
            MetricsStoreError: The question does not fit the metrics, or the warehouse refuses.
        """
        return self.read(self.planner.plan(question))

    def read(self, sql: str) -> pa.Table:
        """Run SQL that a planner made, of these definitions or of newer ones.

        Raises:
            MetricsStoreError: The warehouse refuses.
        """
        try:
            if self.database is not None:
                with read_only(self.database) as connection:
                    return connection.sql(sql).to_arrow_table()
            return _from_postgres(self.target, sql)
        except (duckdb.Error, psycopg.Error) as error:
            raise MetricsStoreError(
                "the warehouse could not answer",
                where=str(error).strip().splitlines()[0],
                remedy="run `metrics build`, so that the marts fit the metrics",
            ) from None


def open_store(target: Target) -> MetricStore:
    """Open the metrics of a target as they are now.

    Raises:
        MetricsStoreError: Nothing was built yet.
    """
    if target.adapter_type != "duckdb":
        return MetricStore(target, artifacts_directory(target) / SEMANTIC_MANIFEST)
    generation = Warehouse(target.duckdb_path).current()
    if generation is None:
        raise MetricsStoreError(
            "there is no warehouse yet",
            where=str(target.duckdb_path),
            remedy="run `metrics load` and `metrics build`, or `make demo`",
        )
    manifest = generation.artifacts / SEMANTIC_MANIFEST
    if not manifest.exists():
        # A plain `dbt build` made the file; its artifacts lie where dbt puts them.
        manifest = target.project_directory / "target" / SEMANTIC_MANIFEST
    return MetricStore(target, manifest, generation.database)


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
