"""Loads the files of a directory into the raw tables of a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.directory_reader import read_directory
from metrics_store.load.duckdb_writer import write_to_duckdb
from metrics_store.load.load_notes import notes_of
from metrics_store.load.load_options import NO_OPTIONS, LoadOptions
from metrics_store.load.mappings.mapping_file import read_mapping
from metrics_store.load.postgres_writer import write_to_postgres
from metrics_store.load.source_files import read_origin
from metrics_store.load.spark_writer import write_to_spark
from metrics_store.load.sql_names import sentence_list
from metrics_store.load.staging.rejected_rows import count_rejects, write_rejects
from metrics_store.load.staging.rows_in_place import copied_because
from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase, open_staging
from metrics_store.project.artifacts import parse_project, read_manifest
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source
    from metrics_store.project.profile import Target

_WRITTEN = ("duckdb", "postgres", "spark")


@dataclass(frozen=True)
class LoadedTable:
    """One table of a load that succeeded.

    Attributes:
        relation: Schema and name in the warehouse.
        rows: How many rows it has now.
        file: Names of the files they came from; empty where an optional table had none.
        notes: What is empty because the files lack it, in words.
        rejected: How many rows were set aside.
        in_place: Whether its rows are read where its files lie.
    """

    relation: str
    rows: int
    file: str
    notes: tuple[str, ...] = ()
    rejected: int = 0
    in_place: bool = False


def _write(
    tables: Sequence[StagedTable],
    area: StagingDatabase,
    target: Target,
    origin: str,
    *,
    in_place: bool,
) -> None:
    if target.adapter_type == "duckdb":
        write_to_duckdb(tables, area, target.duckdb_path, origin, in_place=in_place)
    elif target.adapter_type == "spark":
        write_to_spark(tables, area, target, origin)
    else:
        write_to_postgres(tables, area, target, origin)


def _loaded(staged: StagedTable, rejected: int, *, in_place: bool) -> LoadedTable:
    relation = f"{staged.table.schema}.{staged.table.identifier}"
    files = sentence_list(staged.files, most=3)
    notes = notes_of(staged)
    reason = copied_because(staged)
    if in_place and reason and staged.files:
        notes = (*notes, f"{staged.table.name} is a copy: {reason}")
    return LoadedTable(relation, staged.rows, files, notes, rejected, in_place and not reason)


def _require_in_place(target: Target, options: LoadOptions) -> None:
    if target.adapter_type != "duckdb":
        raise MetricsStoreError(
            f"the target {target.name} of type {target.adapter_type} reads no files in place",
            where="--in-place",
            expected="a target of type duckdb",
            remedy="load without --in-place: the rows are copied",
        )
    if options.reject_to:
        raise MetricsStoreError(
            "of files that are read in place no row can be set aside",
            where="--in-place, --reject-to",
            expected="one of the two",
            remedy="load without --in-place: the good rows are copied",
        )


def _memory_limit(target: Target) -> str:
    """Give what the profile lets a build of a DuckDB target hold in memory; empty elsewhere."""
    return str((target.settings.get("settings") or {}).get("memory_limit", ""))


def load_directory(
    source: Source, directory: Path, target: Target, options: LoadOptions = NO_OPTIONS
) -> list[LoadedTable]:
    """Check every file of the source in the directory, and only then replace all its tables.

    Raises:
        MetricsStoreError: A file is not as the contract says, or the warehouse cannot be written;
            every table is then as it was.
    """
    if target.adapter_type not in _WRITTEN:
        raise MetricsStoreError(
            f"the target {target.name} is of type {target.adapter_type}",
            expected=f"a target of type {sentence_list(_WRITTEN)}",
        )
    if options.in_place:
        _require_in_place(target, options)
    mapping = read_mapping(options, source)
    with open_staging(_memory_limit(target)) as area:
        keep = options.reject_to is not None
        tables = read_directory(
            source, directory, area, mapping, keep=keep, in_place=options.in_place
        )
        rejected = [0] * len(tables)
        if options.reject_to:
            write_rejects(tables, area, options.reject_to)
            rejected = [count_rejects(staged, area) for staged in tables]
        _write(tables, area, target, read_origin(directory), in_place=options.in_place)
    return [
        _loaded(staged, count, in_place=options.in_place)
        for staged, count in zip(tables, rejected, strict=True)
    ]


def load_source(
    name: str, directory: Path, target: Target, options: LoadOptions = NO_OPTIONS
) -> list[LoadedTable]:
    """Load a directory into the source of this name of the target's dbt project.

    Raises:
        MetricsStoreError: There is no such source, or as for `load_directory`.
    """
    with working("reading the source's contract (dbt parse)"):
        source = read_source(read_manifest(parse_project(target)), name)
    return load_directory(source, directory, target, options)
