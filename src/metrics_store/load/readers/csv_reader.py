"""Reads a CSV file into the staging database."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.load.load_problems import Problem
from metrics_store.load.readers.csv_content import EXPECTED, content_problem
from metrics_store.load.readers.csv_records import CsvRecords
from metrics_store.load.sql_names import fold
from metrics_store.load.staging.matched_columns import match_columns
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.source_files import SourceFile

_BATCH_ROWS = 10_000
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

# Told how many rows of the file are read so far.
Progress = Callable[[int], None]


def _wrong_delimiter(names: list[str], file: SourceFile) -> Problem | None:
    declared = {fold(column.name) for column in file.table.columns}
    if declared & {fold(name) for name in names}:
        return None
    for delimiter, word in _OTHER_DELIMITERS.items():
        parts = ",".join(names).split(delimiter)
        if declared & {fold(part.strip('"')) for part in parts}:
            what = f"the fields are separated by {word}"
            return Problem(file.name, what, expected="commas", row="header")
    return None


def _ends_with_line_end(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) in b"\r\n"


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Spare the search for reference cycles: rows hold none, and it would take half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _stage(records: CsvRecords, staging: StagingDatabase, relation: str, progress: Progress) -> int:
    width = len(records.header)
    fields = [(f"c{number}", pa.string()) for number in range(width)]
    schema = pa.schema([(ROW, pa.int64()), *fields])
    staging.add_rows(relation, schema.empty_table())
    rows = 0
    source = records.rows()
    while batch := list(islice(source, _BATCH_ROWS)):
        lines, values = zip(*batch, strict=True)
        columns = [pa.array(column, pa.string()) for column in zip(*values, strict=True)]
        arrays = [pa.array(lines, pa.int64()), *columns]
        staging.add_rows(relation, pa.record_batch(arrays, schema=schema))
        rows += len(batch)
        progress(rows)
    return rows


def read_csv(
    file: SourceFile, staging: StagingDatabase, progress: Progress
) -> tuple[StagedTable | None, list[Problem]]:
    """Read a CSV file as it stands.

    Returns:
        The staged rows, or None where the header cannot be used; and what is wrong.

    Raises:
        OSError: The file cannot be read.
    """
    content = content_problem(file.path)
    if content:
        return None, [content]
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        records = CsvRecords(file.name, text)
        if not records.header:
            problems = records.problems(ends_with_line_end=True)
            empty = Problem(file.name, "the file has no header", expected=EXPECTED)
            return None, problems or [empty]
        delimiter = _wrong_delimiter(records.header, file)
        columns, problems = match_columns(records.header, file)
        if delimiter or problems:
            return None, [delimiter] if delimiter else problems
        relation = staging.new_relation()
        with staging.transaction(), _without_garbage_collection():
            rows = _stage(records, staging, relation, progress)
    problems = records.problems(ends_with_line_end=_ends_with_line_end(file.path))
    types = staging.types(relation)
    staged = StagedTable(file.table, file.name, relation, tuple(columns), types, rows, "line")
    return staged, problems
