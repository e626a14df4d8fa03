"""A page of an answer as Arrow or JSON text, the two formats that clients read."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def as_arrow(table: pa.Table) -> str:
    """Give the rows as an Arrow IPC stream in base64."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return base64.b64encode(sink.getvalue()).decode()


def as_json(table: pa.Table, *, encoded: bool) -> str:
    """Give the rows as pandas writes them with `orient="table"`: a schema, and an object a row.

    Args:
        table: The rows.
        encoded: Whether it is put in base64, which the dbt Semantic Layer does unless told not to.
    """
    fields = [{"name": field.name, "type": _type(field.type)} for field in table.schema]
    content = {
        "schema": {
            "fields": [{"name": "index", "type": "integer"}, *fields],
            "primaryKey": ["index"],
            "pandas_version": "1.4.0",
        },
        "data": [{"index": index, **row} for index, row in enumerate(table.to_pylist())],
    }
    text = json.dumps(_finite(content), default=_value, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode() if encoded else text


_TYPES: list[tuple[Callable[[pa.DataType], bool], str]] = [
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_temporal, "datetime"),
]


def _type(kind: pa.DataType) -> str:
    return next((name for is_of, name in _TYPES if is_of(kind)), "string")


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """JSON has no word for what is not a number; pandas writes null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _value(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, dt.date):
        return f"{value.isoformat()}T00:00:00.000"
    if isinstance(value, decimal.Decimal):
        return float(value) if value.is_finite() else None
    return str(value)
