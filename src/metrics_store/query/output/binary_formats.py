"""Answers as bytes: Arrow and Parquet, with the units of their columns, and sheets of Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO


def write_arrow(answer: pa.Table, sink: IO[bytes]) -> None:
    """Write an answer as an Arrow IPC stream."""
    with pyarrow.ipc.new_stream(sink, answer.schema) as writer:
        writer.write_table(answer)


def write_parquet(answer: pa.Table, sink: IO[bytes]) -> None:
    """Write an answer as a Parquet file."""
    pyarrow.parquet.write_table(answer, sink)


def _write_excel(answer: pa.Table, sink: IO[bytes]) -> None:
    from metrics_store.query.output.excel_file import write_excel  # noqa: PLC0415 - slow

    write_excel(answer, sink)


BINARY_FORMATS: dict[str, Callable[[pa.Table, IO[bytes]], None]] = {
    "arrow": write_arrow,
    "parquet": write_parquet,
    "xlsx": _write_excel,
}
