"""Loads the files of a directory into the raw tables of a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.directory_reader import read_directory
from metrics_store.load.duckdb_writer import write_to_duckdb
from metrics_store.load.postgres_writer import write_to_postgres
from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase, open_staging
from metrics_store.project.artifacts import parse_project, read_manifest
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source
    from metrics_store.project.profile import Target


@dataclass(frozen=True)
class LoadedTable:
    """One table of a load that succeeded.

    Attributes:
        relation: Schema and name in the warehouse.
        rows: How many rows it has now.
        file: The name of the file they came from; empty where an optional table had none.
    """

    relation: str
    rows: int
    file: str


def _write(tables: Sequence[StagedTable], area: StagingDatabase, target: Target) -> None:
    if target.adapter_type == "duckdb":
        write_to_duckdb(tables, area, target.duckdb_path)
    else:
        write_to_postgres(tables, area, target)


def load_directory(source: Source, directory: Path, target: Target) -> list[LoadedTable]:
    """Check every file of the source in the directory, and only then replace all its tables.

    Raises:
        MetricsStoreError: A file is not as the contract says, or the warehouse cannot be written;
            every table is then as it was.
    """
    if target.adapter_type not in ("duckdb", "postgres"):
        raise MetricsStoreError(
            f"the target {target.name} is of type {target.adapter_type}",
            expected="a target of type duckdb or postgres",
        )
    with open_staging() as area:
        tables = read_directory(source, directory, area)
        _write(tables, area, target)
    return [
        LoadedTable(
            f"{staged.table.schema}.{staged.table.identifier}", staged.rows, staged.file_name
        )
        for staged in tables
    ]


def load_source(name: str, directory: Path, target: Target) -> list[LoadedTable]:
    """Load a directory into the source of this name of the target's dbt project.

    Raises:
        MetricsStoreError: There is no such source, or as for `load_directory`.
    """
    with working("reading the source's contract (dbt parse)"):
        source = read_source(read_manifest(parse_project(target)), name)
    return load_directory(source, directory, target)
