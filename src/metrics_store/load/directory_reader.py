"""Reads and checks all files of a directory into the staging database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.load_problems import Problem, load_error
from metrics_store.load.readers.csv_reader import read_csv
from metrics_store.load.readers.parquet_reader import read_parquet
from metrics_store.load.source_files import SourceFile, find_files
from metrics_store.load.staging.matched_columns import MatchedColumn
from metrics_store.load.staging.row_checker import check, set_aside
from metrics_store.load.staging.staged_view import create_view
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase
from metrics_store.load.staging.united_parts import unite
from metrics_store.warehouse.progress import say, working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source, Table
    from metrics_store.load.mappings.source_mapping import SourceMapping


def _empty_table(table: Table, staging: StagingDatabase) -> StagedTable:
    """Stage an optional table that has no file: it is to be there, with no rows."""
    relation = staging.new_relation()
    staging.run(f"create table {relation} ({ROW} bigint)")
    columns = tuple(MatchedColumn(column, column.name, None) for column in table.columns)
    staged = StagedTable(table, (), relation, columns, (), 0, ROW)
    create_view(staged, staging)
    return staged


def _read(
    file: SourceFile, staging: StagingDatabase, *, keep: bool, in_place: bool
) -> tuple[StagedTable | None, list[Problem]]:
    with working(f"reading {file.name}") as status:

        def progress(rows: int) -> None:
            status.update(f"reading {file.name}: {rows:,} rows")

        try:
            if file.is_parquet:
                return read_parquet(file, staging, progress, in_place=in_place)
            return read_csv(file, staging, progress, keep=keep)
        except OSError as error:
            what = f"the file cannot be read: {error.strerror or error}"
            return None, [Problem(file.name, what)]


def _read_and_check(
    parts: Sequence[SourceFile], staging: StagingDatabase, *, keep: bool, in_place: bool
) -> tuple[StagedTable | None, list[Problem]]:
    """Read the file of a table, or all parts of it, and check them together."""
    staged_parts, problems = [], []
    for part in parts:
        staged_part, wrong = _read(part, staging, keep=keep, in_place=in_place)
        problems += wrong
        if staged_part:
            staged_parts.append(staged_part)
    if problems:
        return None, problems
    staged, problems = unite(staged_parts, staging)
    if staged is None:
        return None, problems
    with working(f"checking {staged.file_name}: {staged.rows:,} rows"):
        return set_aside(staged, staging) if keep else check(staged, staging)


def read_directory(  # noqa: PLR0913 - each says something else of the files
    source: Source,
    directory: Path,
    staging: StagingDatabase,
    mapping: SourceMapping,
    *,
    keep: bool = False,
    in_place: bool = False,
) -> list[StagedTable]:
    """Read and check every table of a source.

    Args:
        source: The contract.
        directory: Where the files lie.
        staging: Where they are read into.
        mapping: What is said of the files.
        keep: Whether rows that break a rule are set aside, and keep nothing from being loaded.
        in_place: Whether Parquet files are checked where they lie, and not copied first.

    Returns:
        All tables of the source, each with its view, ready to be written.

    Raises:
        MetricsStoreError: Anything is wrong with any file; the message tells of all of it.
    """
    found = find_files(directory, source, mapping)
    problems = found.problems
    tables = [_empty_table(table, staging) for table in found.without_file]
    for parts in found.parts:
        staged, wrong = _read_and_check(parts, staging, keep=keep, in_place=in_place)
        problems += wrong
        if staged:
            tables.append(staged)
    if problems:
        raise load_error(problems, directory)
    if found.ignored:
        say(f"passed by, because {source.name} has no such table: {', '.join(found.ignored)}")
    return sorted(tables, key=lambda staged: source.tables.index(staged.table))
