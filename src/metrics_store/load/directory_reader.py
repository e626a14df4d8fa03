"""Reads and checks all files of a directory into the staging database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.load_problems import Problem, load_error
from metrics_store.load.readers.csv_reader import read_csv
from metrics_store.load.readers.parquet_reader import read_parquet
from metrics_store.load.source_files import SourceFile, find_files
from metrics_store.load.staging.matched_columns import MatchedColumn
from metrics_store.load.staging.row_checker import check
from metrics_store.load.staging.staged_view import create_view
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase
from metrics_store.warehouse.progress import say, working

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source, Table


def _empty_table(table: Table, staging: StagingDatabase) -> StagedTable:
    """Stage an optional table that has no file: it is to be there, with no rows."""
    relation = staging.new_relation()
    staging.run(f"create table {relation} ({ROW} bigint)")
    columns = tuple(MatchedColumn(column, column.name, None) for column in table.columns)
    staged = StagedTable(table, "", relation, columns, (), 0, ROW)
    create_view(staged, staging)
    return staged


def _read_and_check(
    file: SourceFile, staging: StagingDatabase
) -> tuple[StagedTable | None, list[Problem]]:
    read = read_parquet if file.is_parquet else read_csv
    with working(f"reading {file.name}") as status:
        try:
            staged, problems = read(
                file, staging, lambda rows: status.update(f"reading {file.name}: {rows:,} rows")
            )
        except OSError as error:
            what = f"the file cannot be read: {error.strerror or error}"
            return None, [Problem(file.name, what)]
        if staged is None or problems:
            return None, problems
        status.update(f"checking {file.name}: {staged.rows:,} rows")
        return staged, check(staged, staging)


def read_directory(source: Source, directory: Path, staging: StagingDatabase) -> list[StagedTable]:
    """Read and check every table of a source.

    Args:
        source: The contract.
        directory: Where the files lie.
        staging: Where they are read into.

    Returns:
        All tables of the source, each with its view, ready to be written.

    Raises:
        MetricsStoreError: Anything is wrong with any file; the message tells of all of it.
    """
    found = find_files(directory, source)
    problems = found.problems
    tables = [_empty_table(table, staging) for table in found.without_file]
    for file in found.files:
        staged, wrong = _read_and_check(file, staging)
        problems += wrong
        if staged:
            tables.append(staged)
    if problems:
        raise load_error(problems, directory)
    if found.ignored:
        say(f"passed by, because {source.name} has no such table: {', '.join(found.ignored)}")
    return sorted(tables, key=lambda staged: source.tables.index(staged.table))
