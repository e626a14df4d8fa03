"""The files of a source in a directory, one for each table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_problems import Problem
from metrics_store.load.sql_names import fold, sentence_list

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source, Table

FORMATS = (".csv", ".parquet")


@dataclass(frozen=True)
class SourceFile:
    """The file that holds a table's rows.

    Attributes:
        table: The table it is for.
        path: Where it lies.
    """

    table: Table
    path: Path

    @property
    def name(self) -> str:
        """Its name, as messages show it."""
        return self.path.name

    @property
    def is_parquet(self) -> bool:
        """Whether it is named as a Parquet file; else it is named as a CSV file."""
        return self.path.suffix.lower() == ".parquet"


@dataclass(frozen=True)
class FoundFiles:
    """The files found in a directory.

    Attributes:
        files: One file for each table that has one.
        without_file: Optional tables that have none.
        problems: Tables whose file is missing, doubled or not readable.
        passed_by: Names of data files that belong to no table.
    """

    files: list[SourceFile]
    without_file: list[Table]
    problems: list[Problem]
    ignored: list[str]


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise MetricsStoreError(
            f"the directory cannot be read: {error.strerror}",
            where=str(directory),
            expected="a directory with a CSV or Parquet file for each table",
        ) from error


def _unreadable(path: Path) -> str:
    """Say why a file cannot be read; empty where it can be."""
    if path.is_symlink() and not path.exists():
        return "the file is a link to nothing"
    if not path.is_file():
        return "this is a directory" if path.is_dir() else "this is no regular file"
    try:
        with path.open("rb") as file:
            return "" if file.read(1) else "the file has zero bytes"
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"


def _missing(table: Table, others: list[Path]) -> Problem:
    similar = [path.name for path in others if fold(path.name.split(".")[0]) == fold(table.name)]
    what = f"the file of the table {table.name} is missing"
    if similar:
        what += f" (there is {sentence_list(similar)}, which is neither)"
    return Problem(table.name, what, expected=f"{table.name}.csv or {table.name}.parquet")


def find_files(directory: Path, source: Source) -> FoundFiles:
    """Match the directory's files with the source's tables.

    Names match in any case and with or without underscores: `OpportunityHistory.csv` is the table
    `opportunity_history`.

    Raises:
        MetricsStoreError: There is no such directory, or it cannot be read.
    """
    entries = _entries(directory)
    data_files = [path for path in entries if path.suffix.lower() in FORMATS]
    others = [path for path in entries if path not in data_files]
    findings = FoundFiles([], [], [], [])
    for table in source.tables:
        matches = [path for path in data_files if fold(path.stem) == fold(table.name)]
        if len(matches) > 1:
            names = " and ".join(path.name for path in matches)
            what = f"{names} are both the table {table.name}"
            findings.problems.append(Problem(table.name, what, expected="one file a table"))
        elif matches:
            reason = _unreadable(matches[0])
            if reason:
                expected = "a readable CSV or Parquet file with rows"
                findings.problems.append(Problem(matches[0].name, reason, expected=expected))
            else:
                findings.files.append(SourceFile(table, matches[0]))
        elif table.optional:
            findings.without_file.append(table)
        else:
            findings.problems.append(_missing(table, others))
    declared = {fold(table.name) for table in source.tables}
    findings.ignored.extend(path.name for path in data_files if fold(path.stem) not in declared)
    return findings
