"""Write checked tables as Parquet files that Spark has tables of."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.load.sql_names import literal, quote
from metrics_store.load.staging.staged_view import value, view_name
from metrics_store.warehouse.adapters.spark_catalog import SparkCatalog
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase
    from metrics_store.project.profile import Target

_WAREHOUSE = "spark.sql.warehouse.dir"
_FILE = "part-0.parquet"


def write_to_spark(
    tables: Sequence[StagedTable], staging: StagingDatabase, target: Target, origin: str = ""
) -> None:
    """Write all files, and only then let Spark's tables be of them, one after another.

    Args:
        tables: Checked tables.
        staging: The database they are staged in.
        target: A target of type spark, in this process or with a warehouse on this machine's disk.
        origin: Where the rows come from, for the tables' comments; empty where that is not said.

    Raises:
        MetricsStoreError: The files cannot be written, or Spark does not take them; until they are
            all written, every table is as it was.
    """
    home = _home(target)
    directory = home / f"load-{secrets.token_hex(4)}"
    try:
        for staged in tables:
            _write(staged, staging, _place(directory, staged))
    except (duckdb.Error, OSError) as error:
        shutil.rmtree(directory, ignore_errors=True)
        raise MetricsStoreError(
            "the files cannot be written; every table is as it was",
            where=str(directory),
            detail=str(error),
        ) from None
    catalog = SparkCatalog(target)
    with catalog.opened():
        for staged in tables:
            schema, name = staged.table.schema, staged.table.identifier
            before = catalog.location(schema, name)
            with working(f"telling Spark of {schema}.{name}"):
                catalog.create_table_of(schema, name, _place(directory, staged), origin)
            if before and Path(before).is_relative_to(home):
                shutil.rmtree(before, ignore_errors=True)
    for older in home.glob("load-*"):
        if older != directory and not any(path.is_file() for path in older.rglob("*")):
            shutil.rmtree(older, ignore_errors=True)


def _home(target: Target) -> Path:
    settings = target.settings.get("server_side_parameters") or {}
    place = str(settings.get(_WAREHOUSE, ""))
    if target.settings.get("method") != "session" or not place or "://" in place:
        raise MetricsStoreError(
            f"files cannot be put where Spark of the target {target.name} reads them",
            where=f"profiles.yml, target {target.name}",
            expected=f"method: session, and {_WAREHOUSE} a directory of this machine",
            remedy="bring files to the cluster's storage, and name each as a table there: "
            "create table raw_salesforce.opportunity using parquet location '...'",
        )
    return (target.project_directory / place.removeprefix("file:")).resolve() / "raw_files"


def _place(directory: Path, staged: StagedTable) -> Path:
    return directory / staged.table.schema / staged.table.identifier


def _write(staged: StagedTable, staging: StagingDatabase, place: Path) -> None:
    place.mkdir(parents=True)
    columns = ", ".join(
        f"{value(number)} as {quote(matched.column.name)}"
        for number, matched in enumerate(staged.columns)
    )
    with working(f"writing {staged.table.name}: {staged.rows:,} rows"):
        staging.run(
            f"copy (select {columns} from {view_name(staged)}) "  # noqa: S608 - quoted
            f"to {literal(str(place / _FILE))} (format parquet)"
        )
