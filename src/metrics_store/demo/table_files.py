"""Streams rows into Parquet files that appear only when all of them are whole."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

Row = tuple[object, ...]


_HUNDREDTH = pa.scalar(Decimal("0.01"), pa.decimal128(2, 2))
# So many rows are held before they are written; a reader skips and shares out groups of them.
_ROW_GROUP = 100_000


def _column(values: Sequence[object], data_type: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(data_type):
        return pa.array(values, pa.timestamp("s")).cast(data_type)
    if pa.types.is_date(data_type):
        return pa.array(values, pa.int32()).cast(data_type)
    if pa.types.is_decimal(data_type):
        whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
        return pc.multiply(whole, _HUNDREDTH).cast(data_type)
    return pa.array(values, data_type)


class _TableWriter:
    """Writes one table into a file, or into a directory of parts with so many rows each."""

    def __init__(self, path: Path, schema: pa.Schema, rows_per_file: int | None) -> None:
        self._path = path
        self._schema = schema
        self._in_parts = rows_per_file is not None
        self._most = rows_per_file or sys.maxsize
        self._held = schema.empty_table()
        self._files = 0
        if self._in_parts:
            path.mkdir()
        self._open()

    def write(self, rows: pa.Table) -> None:
        self._held = pa.concat_tables([self._held, rows])
        self._flush(_ROW_GROUP)

    def close(self) -> None:
        """Write what is held, and close the file."""
        self._flush(1)
        self.abandon()

    def abandon(self) -> None:
        """Close the file as it stands."""
        self._file.close()

    def _open(self) -> None:
        self._files += 1
        self._rows = 0
        name = self._path / f"part_{self._files:04}.parquet" if self._in_parts else self._path
        self._file = pq.ParquetWriter(name, self._schema)

    def _flush(self, fewest: int) -> None:
        while self._held.num_rows >= fewest:
            if self._rows == self._most:
                self.abandon()
                self._open()
            group = self._held.slice(0, min(_ROW_GROUP, self._most - self._rows))
            self._file.write_table(group)
            self._rows += group.num_rows
            self._held = self._held.slice(group.num_rows)


class TableFiles:
    """One Parquet file a table, or one directory of parts, which appear when the block ends well.

    Until then they are named `<table>.parquet.partial`.

    Args:
        directory: Where the files go; made where it is missing.
        schemas: Table name -> its columns. Timestamps are given as seconds and dates as days
            since 1970, decimals as whole hundredths.
        rows_per_file: Most rows of a part, `<table>/part_0001.parquet` and so on; without it each
            table is one file, `<table>.parquet`.
    """

    def __init__(
        self, directory: Path, schemas: Mapping[str, pa.Schema], rows_per_file: int | None = None
    ) -> None:
        """Note where the files go; nothing is written yet."""
        self._directory = directory
        self._schemas = schemas
        self._rows_per_file = rows_per_file
        self._writers: dict[str, _TableWriter] = {}
        self.row_counts = dict.fromkeys(schemas, 0)

    def __enter__(self) -> Self:
        """Open every file."""
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            self._clear()
            for table, schema in self._schemas.items():
                self._writers[table] = _TableWriter(
                    self._partial(table), schema, self._rows_per_file
                )
        except OSError:
            self._clear()
            raise
        return self

    def write(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows, each with the table's columns in their order."""
        if not rows:
            return
        schema = self._schemas[table]
        columns = zip(*rows, strict=True)
        arrays = [
            _column(values, field.type) for values, field in zip(columns, schema, strict=True)
        ]
        self._writers[table].write(pa.Table.from_arrays(arrays, schema=schema))
        self.row_counts[table] += len(rows)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the files their names, or after an error take them away."""
        try:
            if kind is not None:
                for writer in self._writers.values():
                    writer.abandon()
                return
            for writer in self._writers.values():
                writer.close()
            for table in self._writers:
                self._publish(table)
        finally:
            self._clear()

    def _publish(self, table: str) -> None:
        whole, parts = self._directory / f"{table}.parquet", self._directory / table
        if self._rows_per_file is None:
            self._partial(table).replace(whole)
            _remove_parts(parts)
        else:
            _remove_parts(parts)
            self._partial(table).replace(parts)
            whole.unlink(missing_ok=True)

    def _clear(self) -> None:
        for table in self._schemas:
            partial = self._partial(table)
            if partial.is_dir():
                shutil.rmtree(partial)
            partial.unlink(missing_ok=True)

    def _partial(self, table: str) -> Path:
        return self._directory / f"{table}.parquet.partial"


def remove_table(directory: Path, table: str) -> None:
    """Remove what an earlier run wrote of a table, in one file or in parts."""
    (directory / f"{table}.parquet").unlink(missing_ok=True)
    _remove_parts(directory / table)


def _remove_parts(directory: Path) -> None:
    """Remove parts, and their directory where nothing else lies there."""
    for part in directory.glob("part_*.parquet"):
        part.unlink()
    if directory.is_dir() and not any(directory.iterdir()):
        directory.rmdir()
