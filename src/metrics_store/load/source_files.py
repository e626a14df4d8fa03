"""The files of a source in a directory: one for each table, or several parts of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_problems import Problem
from metrics_store.load.name_spelling import spelled_like
from metrics_store.load.sql_names import fold, sentence_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source, Table
    from metrics_store.load.mappings.source_mapping import SourceMapping, TableMapping

FORMATS = (".csv", ".tsv", ".parquet")
# What may say in one line where the rows of a directory come from.
ORIGIN = "origin.txt"
_LONGEST_ORIGIN = 200
# `Opportunity_2`, `opportunity-part-2`, but not a day, as in `Opportunity_20240131`.
_PART = re.compile(r"(.+?)[ _-]*(?:part)?[ _-]*(\d{1,4})", re.IGNORECASE)
# As browsers and desktops name a second download or copy.
_COPY = re.compile(r"(.+?)(?: ?\(\d+\)| - copy.*| copy.*)", re.IGNORECASE)


@dataclass(frozen=True)
class SourceFile:
    """A file that holds rows of a table.

    Attributes:
        table: The table it is for.
        path: Where it lies.
        mapping: What is said of the table's files.
    """

    table: Table
    path: Path
    mapping: TableMapping

    @property
    def name(self) -> str:
        """Its name, as messages show it; a part in a directory of parts has that before it."""
        parent = self.path.parent
        return (
            f"{parent.name}/{self.path.name}" if _is_named(parent, self.table) else self.path.name
        )

    @property
    def is_parquet(self) -> bool:
        """Whether it is named as a Parquet file; else it is named as a CSV file."""
        return self.path.suffix.lower() == ".parquet"


@dataclass(frozen=True)
class FoundFiles:
    """The files found in a directory.

    Attributes:
        parts: For each table that has any, its file or the parts of it, in order.
        without_file: Optional tables that have none.
        problems: Tables whose file is missing, doubled or not readable.
        ignored: Names of data files that belong to no table.
    """

    parts: list[list[SourceFile]] = field(default_factory=list)
    without_file: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def _stem(path: Path) -> str:
    """Give a data file's name without its format; empty where it has none that is read."""
    name = path.name.removesuffix(".gz").removesuffix(".GZ")
    stem, dot, suffix = name.rpartition(".")
    return stem if dot + suffix.lower() in FORMATS else ""


def _is_named(path: Path, table: Table) -> bool:
    return fold(_stem(path) or path.name) == fold(table.name)


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise MetricsStoreError(
            f"the directory cannot be read: {error.strerror}",
            where=str(directory),
            expected="a directory with a CSV or Parquet file for each table",
        ) from error


def read_origin(directory: Path) -> str:
    """Give what a directory says of where its rows come from; empty where it says nothing."""
    try:
        text = (directory / ORIGIN).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return " ".join(text.split())[:_LONGEST_ORIGIN]


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


def _missing(table: Table, entries: Sequence[Path]) -> Problem:
    similar = [path.name for path in entries if fold(path.name.split(".")[0]) == fold(table.name)]
    spelled = spelled_like(table.name, (_stem(path) for path in entries))
    what = f"the file of the table {spelled} is missing"
    if similar:
        what += f" (there is {sentence_list(similar)}, which is neither)"
    return Problem(table.name, what, expected=f"{spelled}.csv or {spelled}.parquet")


def _part_number(path: Path, table: Table) -> int | None:
    numbered = _PART.fullmatch(_stem(path))
    if numbered and fold(numbered[1]) == fold(table.name):
        return int(numbered[2])
    return None


def _gap(table: Table, whole: Sequence[Path], numbers: Sequence[int]) -> Problem | None:
    """Tell of a part that is missing: of a table half of whose rows are there, nothing is right."""
    if not numbers:
        return None
    missing = []
    if numbers[0] > (2 if whole else 1):
        missing = [1]
    for before, after in pairwise(numbers):
        missing += range(before + 1, after)
    if not missing:
        return None
    what = f"of the parts {sentence_list(map(str, numbers))}, {sentence_list(map(str, missing))}"
    return Problem(table.name, f"{what} is missing", expected="parts numbered from 1 without a gap")


def _in_directory(directory: Path, ignored: list[str]) -> list[Path]:
    """Give the data files of a directory of parts; what begins with an underscore tells of them."""
    found = [path for path in _entries(directory) if not path.name.startswith("_")]
    ignored.extend(f"{directory.name}/{path.name}" for path in found if not _stem(path))
    return [path for path in found if _stem(path)]


def _files_of(
    table: Table, mapping: TableMapping, entries: Sequence[Path], findings: FoundFiles
) -> list[Path]:
    """Give the files of a table, in the order of their numbers; what is wrong with them is told."""
    if mapping.files:
        named = [
            path
            for path in entries
            if _stem(path) and any(fnmatchcase(path.name, pattern) for pattern in mapping.files)
        ]
        if not named:
            what = f"no file is named {' or '.join(mapping.files)}, as the mapping says"
            findings.problems.append(Problem(table.name, what, expected="such a file"))
        return named
    whole = [path for path in entries if _stem(path) and _is_named(path, table)]
    folders = [path for path in entries if path.is_dir() and _is_named(path, table)]
    whole = [path for path in whole if path not in folders]
    numbered = sorted(
        (number, path)
        for path in entries
        if (number := _part_number(path, table)) is not None and path not in whole
    )
    parts = [path for _, path in numbered]
    inside = [path for folder in folders for path in _in_directory(folder, findings.ignored)]
    copies = [
        path
        for path in entries
        if (copy := _COPY.fullmatch(_stem(path))) and fold(copy[1]) == fold(table.name)
    ]
    expected = "one file a table, or its parts"
    if len(whole) > 1 or (folders and (whole or parts)):
        names = " and ".join(path.name for path in (*whole, *folders, *parts))
        what = f"{names} are both the table {table.name}"
        findings.problems.append(Problem(table.name, what, expected=expected))
    elif copies and len([*copies, *whole, *folders, *parts]) > 1:
        what = f"{sentence_list(path.name for path in copies)} may be a copy of the file, or a part"
        expected = f"no copy; parts named {table.name}_1.csv, {table.name}_2.csv and so on"
        findings.problems.append(Problem(table.name, what, expected=expected))
    elif folders and not inside:
        what = f"the directory {folders[0].name} has no CSV or Parquet file in it"
        findings.problems.append(Problem(table.name, what, expected="parts of the table"))
    elif gap := _gap(table, whole, [number for number, _ in numbered]):
        findings.problems.append(gap)
    return [*whole, *parts, *inside, *copies]


def _add(table: Table, files: list[SourceFile], findings: FoundFiles) -> None:
    broken = [(file, reason) for file in files if (reason := _unreadable(file.path))]
    for file, reason in broken:
        expected = "a readable CSV or Parquet file with rows"
        findings.problems.append(Problem(file.name, reason, expected=expected))
    if len({file.is_parquet for file in files}) > 1:
        names = sentence_list(file.name for file in files)
        what = f"{names} are of two formats"
        findings.problems.append(Problem(table.name, what, expected="one format a table"))
    elif not broken:
        findings.parts.append(files)


def find_files(directory: Path, source: Source, mapping: SourceMapping) -> FoundFiles:
    """Match the directory's files with the source's tables.

    Names match in any case and with or without underscores: `OpportunityHistory.csv` is the table
    `opportunity_history`. Parts of it have a number (`OpportunityHistory_2.csv`), or are the files
    in a directory of the table's name. A mapping may name other files.

    Raises:
        MetricsStoreError: There is no such directory, or it cannot be read.
    """
    entries = _entries(directory)
    findings = FoundFiles()
    used: set[Path] = set()
    missing: list[Table] = []
    for table in source.tables:
        said = mapping.of(table.name)
        problems = len(findings.problems)
        paths = _files_of(table, said, entries, findings)
        used.update(paths)
        if len(findings.problems) > problems:
            continue
        if paths:
            _add(table, [SourceFile(table, path, said) for path in paths], findings)
        else:
            missing.append(table)
    present = {files[0].table.name for files in findings.parts}
    for table in missing:
        if table.optional or table.instead in present:
            findings.without_file.append(table)
        else:
            findings.problems.append(_missing(table, entries))
    findings.ignored.extend(
        path.name for path in entries if _stem(path) and path.is_file() and path not in used
    )
    return findings
