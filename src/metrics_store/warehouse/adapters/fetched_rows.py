"""The rows of a DB-API cursor as an Arrow table, whatever the driver is."""

from __future__ import annotations

import datetime as dt
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from metrics_store.warehouse.answer_types import exact_numbers, plain_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from metrics_store.warehouse.statement import Interruption

_CHUNK_ROWS = 1000
# What drivers call their types, for columns without a value; the first that is found counts.
_NAMED_TYPES = {
    r"bool": pa.bool_(),
    r"timestamp|datetime": pa.timestamp("us"),
    r"date": pa.date32(),
    r"decimal|numeric|number": pa.decimal128(38, 9),
    r"double|float|real": pa.float64(),
    r"int|long": pa.int64(),
    r"char|text|string|str|unicode": pa.string(),
}


def read_cursor(
    cursor: Any,  # noqa: ANN401 - of any driver
    interruption: Interruption,
    type_name: Callable[[Any], str],
) -> pa.Table:
    """Give the rows that a cursor has after its statement.

    Args:
        cursor: The cursor.
        interruption: Says when there are too many.
        type_name: Gives the driver's name of a type in the cursor's description.
    """
    rows: list[tuple[Any, ...]] = []
    size = 0
    for chunk in _chunks(cursor):
        # What a row weighs, from the first of a chunk.
        size += sum(map(sys.getsizeof, chunk[0])) * len(chunk)
        rows += map(tuple, chunk)
        interruption.check(len(rows), size)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(cursor.description)
    return pa.Table.from_arrays(
        [
            _array(values, column[1], type_name)
            for column, values in zip(cursor.description, columns, strict=True)
        ],
        # Some engines keep names without quotes in capitals; all of ours are small.
        names=[_name(str(column[0])) for column in cursor.description],
    )


def _chunks(cursor: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - as above
    if not hasattr(cursor, "fetchmany"):
        rows = cursor.fetchall()
        yield from (rows[at : at + _CHUNK_ROWS] for at in range(0, len(rows), _CHUNK_ROWS))
        return
    while chunk := cursor.fetchmany(_CHUNK_ROWS):
        yield chunk


def _name(name: str) -> str:
    return name.lower() if name.isupper() else name


def _array(values: Sequence[Any], code: object, type_name: Callable[[Any], str]) -> pa.Array:
    present = next((value for value in values if value is not None), None)
    if present is None:
        return pa.nulls(len(values), _named_type(code, type_name))
    if isinstance(present, Decimal):
        return exact_numbers(values)
    if isinstance(present, dt.datetime):
        return pa.array(map(_in_utc, values), pa.timestamp("us"))
    return pa.array([plain_value(value) for value in values])


def _in_utc(value: dt.datetime | None) -> dt.datetime | None:
    if value is None or value.tzinfo is None:
        return value
    return value.astimezone(dt.UTC).replace(tzinfo=None)


def _named_type(code: object, type_name: Callable[[Any], str]) -> pa.DataType:
    try:
        name = type_name(code)
    except Exception:  # noqa: BLE001 - whatever an adapter says of a type that it does not know
        name = str(code)
    for pattern, kind in _NAMED_TYPES.items():
        if re.search(pattern, name, re.IGNORECASE):
            return kind
    return pa.null()
