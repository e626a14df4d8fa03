"""Answers as text: an aligned table, CSV or JSON."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import json
import math
import sys
import unicodedata
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.output.column_units import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable

# Amounts are read to the cent, rates and other small numbers to six figures.
_CENTS_FROM = 1000
_FEW = 5_000


def shown(value: object) -> str:
    """Give a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value) if value.as_tuple().exponent == 0 else f"{value:.2f}"
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) >= _CENTS_FROM else f"{value:.6g}"
    return str(value)


def is_number(field: pa.Field) -> bool:
    """Whether a column holds numbers."""
    kind = field.type
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def as_table(answer: pa.Table) -> str:
    """Show an answer as an aligned table: units below the names, midnight as its day."""
    columns = []
    for field, column in zip(answer.schema, answer.columns, strict=True):
        cells = [field.name, unit_of(field), *(printable(shown(one)) for one in column.to_pylist())]
        widths = list(map(cell_width, cells))
        widest = max(widths)
        gaps = [" " * (widest - width) for width in widths]
        right = is_number(field)
        columns.append(
            [gap + cell if right else cell + gap for cell, gap in zip(cells, gaps, strict=True)]
        )
    lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
    if not any(map(unit_of, answer.schema)):
        del lines[1]
    return "\n".join(lines)


def printable(text: str) -> str:
    """Give a text without what would move a terminal's cursor."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def cell_width(text: str) -> int:
    """How many columns of a terminal a text takes: two for wide characters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )


def in_whole_seconds(answer: pa.Table) -> pa.Table:
    """Drop the six zeros of a fraction that periods never have; keep what cannot lose it."""
    for position, field in enumerate(answer.schema):
        if pa.types.is_timestamp(field.type):
            shorter = _in_whole_seconds(answer.column(position))
            if shorter is not None:
                answer = answer.set_column(position, field.name, shorter)
    return answer


def _in_whole_seconds(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Give times without fractions; none where that would lose something."""
    if len(column) <= _FEW and column.type.unit == "us" and "pyarrow.compute" not in sys.modules:
        # What casts takes longer to import than few values to be read.
        values = column.to_pylist()
        if any(value and value.microsecond for value in values):
            return None
        return pa.chunked_array([pa.array(values, pa.timestamp("s"))])
    try:
        return column.cast(pa.timestamp("s"))
    except pa.ArrowInvalid:
        return None


def as_csv(answer: pa.Table) -> str:
    """Give an answer as CSV with a header."""
    import pyarrow.csv  # noqa: PLC0415 - tables need not wait for it

    sink = io.BytesIO()
    pyarrow.csv.write_csv(in_whole_seconds(answer), sink)
    return sink.getvalue().decode().rstrip("\n")


def _json_value(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float | decimal.Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def json_rows(answer: pa.Table) -> list[dict[str, object]]:
    """Give an answer as plain JSON values, an object a row; what is no number is null."""
    return [{name: _json_value(value) for name, value in row.items()} for row in answer.to_pylist()]


def as_json(answer: pa.Table) -> str:
    """Give an answer as a JSON list of objects, one a row."""
    return json.dumps(json_rows(answer), indent=2)


TEXT_FORMATS: dict[str, Callable[[pa.Table], str]] = {
    "plain": as_table,
    "csv": as_csv,
    "json": as_json,
}
