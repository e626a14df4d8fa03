"""The Arrow types of answers, the same for every warehouse."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_MICROSECONDS = pa.timestamp("us")
_DIGITS = 38
# Averages of exact numbers come with so many places that they are better read as floats.
_PLACES = 12


def in_store_types(table: pa.Table) -> pa.Table:
    """Give whole numbers as integers and times in UTC without zone, to the microsecond."""
    for position, field in enumerate(table.schema):
        column = _in_store_type(table.column(position))
        if column.type != field.type:
            table = table.set_column(position, field.name, column)
    return table


def with_timestamps(table: pa.Table, columns: Collection[str]) -> pa.Table:
    """Give an answer with the days of these columns as their first moments."""
    for position, field in enumerate(table.schema):
        if field.name in columns and pa.types.is_date(field.type):
            times = table.column(position).cast(_MICROSECONDS)
            table = table.set_column(position, field.name, times)
    return table


def _in_store_type(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        # Without its zone a time is what it is in UTC.
        return column if kind == _MICROSECONDS else column.cast(_MICROSECONDS, safe=False)
    if pa.types.is_decimal(kind) and kind.scale == 0:
        # Sums of integers; what does not fit stays as it is.
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column
    if pa.types.is_dictionary(kind):
        return column.cast(kind.value_type)
    return column


def exact_numbers(values: Sequence[Decimal | None]) -> pa.Array:
    """Give decimals the type of the one with the most places, or floats where that is too much."""
    finite = [value for value in values if value is not None and value.is_finite()]
    present = [value for value in values if value is not None]
    places = max((-int(value.as_tuple().exponent) for value in finite), default=0)
    whole = max((value.adjusted() + 1 for value in finite), default=0)
    places = max(places, 0)
    if len(finite) < len(present) or places > _PLACES or places + whole > _DIGITS:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array(values, pa.decimal128(_DIGITS, places))


def plain_value(value: Any) -> Any:  # noqa: ANN401 - any value that a driver gives
    """Give a value that Arrow has no column type of as its text."""
    if value is None or isinstance(value, str | bytes | bool | int | float | Decimal):
        return value
    if isinstance(value, dt.date | dt.time | list):
        return value
    return json.dumps(value, default=str) if isinstance(value, dict) else str(value)
