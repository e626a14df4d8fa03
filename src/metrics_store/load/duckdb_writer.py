"""Write checked tables into the embedded warehouse, as its next generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.load.sql_names import literal, quote
from metrics_store.load.staging.rows_in_place import copied_because
from metrics_store.load.staging.staged_view import value, values_in_place, view_name
from metrics_store.warehouse.embedded.files_in_place import note_files, require_unchanged
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase

_CATALOG = "warehouse"


def _write(
    tables: Sequence[StagedTable], staging: StagingDatabase, origin: str, *, in_place: bool
) -> None:
    staging.run("begin")
    for staged in tables:
        lies_there = in_place and not copied_because(staged)
        schema = f"{_CATALOG}.{quote(staged.table.schema)}"
        columns = ", ".join(
            f"{value(number)} as {quote(matched.column.name)}"
            for number, matched in enumerate(staged.columns)
        )
        name = f"{schema}.{quote(staged.table.identifier)}"
        kind = "view" if lies_there else "table"
        rows = f"({values_in_place(staged)})" if lies_there else view_name(staged)
        staging.run(f"create schema if not exists {schema}")
        _drop_other(staged, kind, staging)
        with working(f"writing {staged.table.name}: {staged.rows:,} rows"):
            staging.run(f"create or replace {kind} {name} as select {columns} from {rows}")  # noqa: S608 - quoted
        relation = (staged.table.schema, staged.table.identifier)
        note_files(staging.connection, _CATALOG, relation, staged.marks if lies_there else ())
        if origin:
            staging.run(f"comment on {kind} {name} is {literal(origin)}")
    staging.run("commit")


def _drop_other(staged: StagedTable, kind: str, staging: StagingDatabase) -> None:
    """Drop a view where a table is to be, or a table where a view is."""
    other = "table" if kind == "view" else "view"
    found = staging.connection.execute(
        f"select 1 from duckdb_{other}s() "  # noqa: S608 - one of two words
        f"where database_name = ? and schema_name = ? and {other}_name = ?",
        [_CATALOG, staged.table.schema, staged.table.identifier],
    ).fetchone()
    if found:
        name = f"{quote(staged.table.schema)}.{quote(staged.table.identifier)}"
        staging.run(f"drop {other} {_CATALOG}.{name}")


def write_to_duckdb(
    tables: Sequence[StagedTable],
    staging: StagingDatabase,
    live_path: Path,
    origin: str = "",
    *,
    in_place: bool = False,
) -> None:
    """Replace the tables in a new generation of the warehouse, which then becomes the live one.

    Args:
        tables: Checked tables.
        staging: The database they are staged in.
        live_path: The DuckDB file that the profile names.
        origin: Where the rows come from, for the tables' comments; empty where that is not said.
        in_place: Whether views of the files are made where that can be, and no copies.

    Raises:
        MetricsStoreError: The warehouse cannot be written, or a file that is to be read in place
            changed since it was checked; the warehouse stays as it was.
    """
    with Warehouse(live_path).next_generation() as generation:
        try:
            staging.run(f"attach {literal(str(generation.database))} as {_CATALOG}")
            try:
                _write(tables, staging, origin, in_place=in_place)
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
        if in_place:
            require_unchanged(generation.database)
