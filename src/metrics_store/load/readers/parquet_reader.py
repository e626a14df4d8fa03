"""Read a Parquet file into the staging database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from metrics_store.load.load_problems import Problem
from metrics_store.load.readers.csv_content import foreign_format
from metrics_store.load.staging.matched_columns import match_columns
from metrics_store.load.staging.rows_in_place import read_sql
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase
from metrics_store.warehouse.embedded.files_in_place import file_mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.load.readers.csv_reader import Progress
    from metrics_store.load.source_files import SourceFile

_BATCH_ROWS = 100_000
_MAGIC = b"PAR1"
_EXPECTED = "a complete Parquet file"
_UNREADABLE = (duckdb.NotImplementedException, duckdb.InvalidInputException)


def _shape_problem(path: Path) -> Problem | None:
    """Look at the marks at both ends: a file that was cut off lacks the second one."""
    with path.open("rb") as file:
        head = file.read(256)
        file.seek(-min(len(_MAGIC), len(head)), 2)
        tail = file.read()
    if not head.startswith(_MAGIC):
        other = foreign_format(head) or "no Parquet file"
        return Problem(path.name, f"this is {other}", expected=_EXPECTED)
    if tail != _MAGIC or len(head) < 2 * len(_MAGIC):
        what = "the file is cut off: it has no Parquet footer"
        return Problem(path.name, what, expected=_EXPECTED)
    return None


def _batches(file: pq.ParquetFile, width: int) -> Iterator[pa.RecordBatch]:
    first = 1
    names = [ROW, *(f"c{number}" for number in range(width))]
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        batch.validate(full=True)  # among others, that texts are UTF-8
        rows = pa.array(range(first, first + batch.num_rows), pa.int64())
        first += batch.num_rows
        yield pa.record_batch([rows, *batch.columns], names=names)


def _copy(
    parquet: pq.ParquetFile, staging: StagingDatabase, relation: str, progress: Progress
) -> int:
    empty = parquet.schema_arrow.empty_table()
    renamed = empty.rename_columns([f"c{n}" for n in range(len(empty.schema.names))])
    rows = 0
    with staging.transaction():
        staging.add_rows(relation, renamed.add_column(0, ROW, pa.array([], pa.int64())))
        for batch in _batches(parquet, len(parquet.schema_arrow.names)):
            staging.add_rows(relation, batch)
            rows += batch.num_rows
            progress(rows)
    return rows


def _read_whole(parquet: pq.ParquetFile, progress: Progress) -> int:
    """Read every page, and keep none: what cannot be read is told before anything else is."""
    rows = 0
    for batch in _batches(parquet, len(parquet.schema_arrow.names)):
        rows += batch.num_rows
        progress(rows)
    return rows


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def read_parquet(
    file: SourceFile, staging: StagingDatabase, progress: Progress, *, in_place: bool = False
) -> tuple[StagedTable | None, list[Problem]]:
    """Read a Parquet file as it stands, in its own types.

    Args:
        file: The file.
        staging: Where it is read into.
        progress: Told how many rows are read.
        in_place: Stage no copy of the rows, but a view of the file.

    Returns:
        The staged rows, or None where the file cannot be read; and what is wrong.
    """
    shape = _shape_problem(file.path)
    if shape:
        return None, [shape]
    path = file.path.resolve()
    mark = file_mark(path)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as parquet:
            columns, problems = match_columns(parquet.schema_arrow.names, file)
            if problems:
                return None, problems
            relation = staging.new_relation()
            reads = read_sql(path, parquet.schema_arrow.names) if in_place else ""
            if reads:
                staging.run(f"create view {relation} as {reads}")
                rows = _read_whole(parquet, progress)
            else:
                rows = _copy(parquet, staging, relation, progress)
    except (OSError, pa.ArrowException, *_UNREADABLE) as error:
        what = f"the Parquet file is damaged or not readable: {_first_line(error)}"
        return None, [Problem(file.name, what, expected=_EXPECTED)]
    staged = StagedTable(
        table=file.table,
        files=(file.name,),
        relation=relation,
        columns=tuple(columns),
        types=staging.types(relation),
        rows=rows,
        row_word="row",
        mapping=file.mapping,
        reads=reads,
        marks=(mark,),
    )
    return staged, []
