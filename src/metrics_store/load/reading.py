"""Read and check all files of a directory; nothing is written to a warehouse here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.checks import check
from metrics_store.load.columns import MatchedColumn
from metrics_store.load.csv_rows import read_csv
from metrics_store.load.files import SourceFile, find_files
from metrics_store.load.parquet_rows import read_parquet
from metrics_store.load.problems import Problem, refusal
from metrics_store.load.staging import ROW, StagedTable, Staging
from metrics_store.load.view import create_view
from metrics_store.warehouse.progress import say, working

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.contract import Source, Table


def _empty_table(table: Table, staging: Staging) -> StagedTable:
    """Stage an optional table that has no file: it is to be there, with no rows."""
    relation = staging.new_relation()
    staging.run(f"create table {relation} ({ROW} bigint)")
    columns = tuple(MatchedColumn(column, column.name, None) for column in table.columns)
    staged = StagedTable(table, "", relation, columns, (), 0, ROW)
    create_view(staged, staging)
    return staged


def _read_and_check(file: SourceFile, staging: Staging) -> tuple[StagedTable | None, list[Problem]]:
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


def read_directory(source: Source, directory: Path, staging: Staging) -> list[StagedTable]:
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
        raise refusal(problems, directory)
    if found.passed_by:
        say(f"passed by, because {source.name} has no such table: {', '.join(found.passed_by)}")
    return sorted(tables, key=lambda staged: source.tables.index(staged.table))
