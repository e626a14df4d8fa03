"""Answers as JSON, CSV, Arrow or Parquet, streamed, and the choice between them by `Accept`."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from metrics_store.query.output.column_units import unit_of
from metrics_store.query.output.text_formats import in_whole_seconds, json_rows
from metrics_store.serve.http.problems import NotAcceptableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Rows a piece: small enough to go out at once, large enough for Parquet to press.
PIECE_ROWS = 16_384


class _Pieces(io.RawIOBase):
    """A file that gives what was written to it, and forgets it."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, content: object) -> int:
        piece = bytes(memoryview(content))  # type: ignore[arg-type]
        self._written.append(piece)
        self._position += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """Give what was written since the last time."""
        piece, self._written = b"".join(self._written), []
        return piece


def as_arrow(table: pa.Table, facts: Mapping[str, object]) -> Iterator[bytes]:
    """Write a table as an Arrow IPC stream."""
    del facts
    sink = _Pieces()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=PIECE_ROWS):
            writer.write_batch(batch)
            yield sink.take()
    yield sink.take()


def as_parquet(table: pa.Table, facts: Mapping[str, object]) -> Iterator[bytes]:
    """Write a table as a Parquet file."""
    del facts
    sink = _Pieces()
    with pa.parquet.ParquetWriter(sink, table.schema) as writer:
        for start in range(0, table.num_rows, PIECE_ROWS):
            writer.write_table(table.slice(start, PIECE_ROWS))
            yield sink.take()
    yield sink.take()


def as_csv(table: pa.Table, facts: Mapping[str, object]) -> Iterator[bytes]:
    """Write a table as CSV with a header."""
    del facts
    table = in_whole_seconds(table)
    sink = _Pieces()
    with pa.csv.CSVWriter(sink, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=PIECE_ROWS):
            writer.write_batch(batch)
            yield sink.take()
    yield sink.take()


def as_json(table: pa.Table, facts: Mapping[str, object]) -> Iterator[bytes]:
    """Write a table as a JSON object: facts about the answer, its columns, its rows."""
    columns = [
        {"name": field.name, "type": str(field.type), "unit": unit_of(field)}
        for field in table.schema
    ]
    head = json.dumps({**facts, "columns": columns})
    yield (head[:-1] + ', "rows": [').encode()
    between = ""
    for start in range(0, table.num_rows, PIECE_ROWS):
        rows = json_rows(table.slice(start, PIECE_ROWS))
        yield (between + ",\n".join(map(json.dumps, rows))).encode()
        between = ",\n"
    yield b"]}\n"


@dataclass(frozen=True)
class Format:
    """One way to write an answer.

    Attributes:
        name: What `?format=` calls it.
        media_type: What `Accept` calls it.
        write: Gives its bytes, a piece at a time.
        names: Other media types that are taken for it.
    """

    name: str
    media_type: str
    write: Callable[[pa.Table, Mapping[str, object]], Iterator[bytes]]
    names: tuple[str, ...] = ()


FORMATS = (
    Format("json", "application/json", as_json, ("text/json",)),
    Format("csv", "text/csv", as_csv),
    Format("arrow", "application/vnd.apache.arrow.stream", as_arrow),
    Format("parquet", "application/vnd.apache.parquet", as_parquet, ("application/parquet",)),
)


def wanted(accept: str | None, named: str | None) -> Format:
    """Give the format a caller wants: by its name, else the best of `Accept`, else JSON.

    Raises:
        NotAcceptableError: There is none like it.
    """
    known = ", ".join(one.name for one in FORMATS)
    if named is not None:
        for one in FORMATS:
            if named == one.name:
                return one
        raise NotAcceptableError("there is no such format", where=named[:80], expected=known)
    weights = [_weighed(part) for part in (accept or "*/*").split(",") if part.strip()]
    best, chosen = 0.0, None
    for one in FORMATS:
        weight = _weight(one, weights)
        if weight > best:
            best, chosen = weight, one
    if chosen is None:
        raise NotAcceptableError(
            "there is no such format",
            where=(accept or "")[:80],
            expected="one of " + ", ".join(one.media_type for one in FORMATS),
        )
    return chosen


def _weighed(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_type, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return media_type, 0.0
    return media_type, 1.0


def _weight(one: Format, weights: list[tuple[str, float]]) -> float:
    """Weigh a format by the most exact range that it falls into (RFC 9110)."""
    found = dict(reversed(weights))
    for name in (one.media_type, *one.names):
        if name in found:
            return found[name]
    return found.get(one.media_type.split("/")[0] + "/*", found.get("*/*", 0.0))
