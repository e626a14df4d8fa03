"""Streams rows into Parquet files that appear only when all of them are whole."""

from __future__ import annotations

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


def _column(values: Sequence[object], data_type: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(data_type):
        return pa.array(values, pa.timestamp("s")).cast(data_type)
    if pa.types.is_date(data_type):
        return pa.array(values, pa.int32()).cast(data_type)
    if pa.types.is_decimal(data_type):
        whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
        return pc.multiply(whole, _HUNDREDTH).cast(data_type)
    return pa.array(values, data_type)


class TableFiles:
    """One Parquet file a table, written under `<name>.parquet.partial` until the block ends well.

    Args:
        directory: Where the files go; made where it is missing.
        schemas: Table name -> its columns. Timestamps are given as seconds and dates as days
            since 1970, decimals as whole hundredths.
    """

    def __init__(self, directory: Path, schemas: Mapping[str, pa.Schema]) -> None:
        """Note where the files go; nothing is written yet."""
        self._directory = directory
        self._schemas = schemas
        self._writers: dict[str, pq.ParquetWriter] = {}
        self.row_counts = dict.fromkeys(schemas, 0)

    def __enter__(self) -> Self:
        """Open every file."""
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            for table, schema in self._schemas.items():
                self._writers[table] = pq.ParquetWriter(self._partial(table), schema)
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
        self._writers[table].write_table(pa.Table.from_arrays(arrays, schema=schema))
        self.row_counts[table] += len(rows)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the files their names, or after an error take them away."""
        try:
            for writer in self._writers.values():
                writer.close()
            if kind is None:
                for table in self._writers:
                    self._partial(table).replace(self._directory / f"{table}.parquet")
        finally:
            self._clear()

    def _clear(self) -> None:
        for table in self._schemas:
            self._partial(table).unlink(missing_ok=True)

    def _partial(self, table: str) -> Path:
        return self._directory / f"{table}.parquet.partial"
