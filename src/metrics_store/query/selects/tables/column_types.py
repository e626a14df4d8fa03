"""The types of columns in PostgreSQL, for those of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "text"
TIMESTAMP = "timestamp without time zone"
_TYPES: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_decimal, "numeric"),
    (pa.types.is_floating, "double precision"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, TIMESTAMP),
)


def postgres_type(kind: pa.DataType) -> str:
    """Give the type of PostgreSQL that holds the values of an Arrow type."""
    return next((name for is_kind, name in _TYPES if is_kind(kind)), TEXT)
