"""Reads a CSV file into the staging database."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.load.load_problems import Problem
from metrics_store.load.readers.byte_streams import open_text
from metrics_store.load.readers.csv_content import EXPECTED, look_through
from metrics_store.load.readers.csv_dialect import find_dialect
from metrics_store.load.readers.csv_records import CsvRecords
from metrics_store.load.staging.matched_columns import match_columns
from metrics_store.load.staging.staging_database import (
    ROW,
    SetAside,
    StagedTable,
    StagingDatabase,
)

if TYPE_CHECKING:
    from metrics_store.load.source_files import SourceFile

_BATCH_ROWS = 10_000

# Told how many rows of the file are read so far.
Progress = Callable[[int], None]


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


def _set_aside(records: CsvRecords) -> tuple[SetAside, ...]:
    return tuple(
        SetAside(line, records.misfit(line, record).reason, tuple(record))
        for line, record in records.misfits
    )


def read_csv(
    file: SourceFile, staging: StagingDatabase, progress: Progress, *, keep: bool = False
) -> tuple[StagedTable | None, list[Problem]]:
    """Read a CSV file as it stands.

    Args:
        file: The file.
        staging: Where it is read into.
        progress: Told how many rows are read.
        keep: Whether rows with too few or too many fields are set aside, and no problem.

    Returns:
        The staged rows, or None where the header cannot be used; and what is wrong.

    Raises:
        OSError: The file cannot be read.
    """
    content = look_through(file)
    if isinstance(content, Problem):
        return None, [content]
    with open_text(file.path, content.encoding) as text:
        dialect = find_dialect(text, file)
        has_footer = file.mapping.has_footer
        records = CsvRecords(file.name, text, dialect, has_footer=has_footer, keep=keep)
        if not records.header:
            problems = records.problems(ends_with_line_end=True)
            empty = Problem(file.name, "the file has no header", expected=EXPECTED)
            return None, problems or [empty]
        columns, problems = match_columns(records.header, file)
        if problems:
            return None, problems
        relation = staging.new_relation()
        with staging.transaction(), _without_garbage_collection():
            rows = _stage(records, staging, relation, progress)
        problems = records.problems(ends_with_line_end=content.ends_with_line_end)
    staged = StagedTable(
        table=file.table,
        files=(file.name,),
        relation=relation,
        columns=tuple(columns),
        types=staging.types(relation),
        rows=rows,
        row_word="line",
        mapping=file.mapping,
        set_aside=_set_aside(records) if keep else (),
    )
    return staged, problems
