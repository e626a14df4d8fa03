"""Write checked tables into the embedded warehouse, as its next generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.load.sql_names import literal, quote
from metrics_store.load.staging.staged_view import value, view_name
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase

_CATALOG = "warehouse"


def _write(tables: Sequence[StagedTable], staging: StagingDatabase, origin: str) -> None:
    staging.run("begin")
    for staged in tables:
        schema = f"{_CATALOG}.{quote(staged.table.schema)}"
        columns = ", ".join(
            f"{value(number)} as {quote(matched.column.name)}"
            for number, matched in enumerate(staged.columns)
        )
        staging.run(f"create schema if not exists {schema}")
        with working(f"writing {staged.table.name}: {staged.rows:,} rows"):
            staging.run(
                f"create or replace table {schema}.{quote(staged.table.identifier)} as "  # noqa: S608 - quoted
                f"select {columns} from {view_name(staged)}"
            )
        if origin:
            name = f"{schema}.{quote(staged.table.identifier)}"
            staging.run(f"comment on table {name} is {literal(origin)}")
    staging.run("commit")


def write_to_duckdb(
    tables: Sequence[StagedTable], staging: StagingDatabase, live_path: Path, origin: str = ""
) -> None:
    """Replace the tables in a new generation of the warehouse, which then becomes the live one.

    Args:
        tables: Checked tables.
        staging: The database they are staged in.
        live_path: The DuckDB file that the profile names.
        origin: Where the rows come from, for the tables' comments; empty where that is not said.

    Raises:
        MetricsStoreError: The warehouse cannot be written; it stays as it was.
    """
    with Warehouse(live_path).next_generation() as generation:
        try:
            staging.run(f"attach {literal(str(generation.database))} as {_CATALOG}")
            try:
                _write(tables, staging, origin)
            except BaseException:
                staging.run("rollback")
                raise
            finally:
                staging.run(f"detach {_CATALOG}")
        except duckdb.Error as error:
            raise MetricsStoreError(
                "the tables cannot be written to the warehouse; it is as it was",
                where=f"{live_path}: {error}",
            ) from error
