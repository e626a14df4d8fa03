"""The column types a contract may name, as DuckDB and PostgreSQL both know them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metrics_store.errors import MetricsStoreError

# A bare `numeric` gets one size, so that both warehouses hold the same values.
DEFAULT_PRECISION = 38
DEFAULT_SCALE = 9

_SPELLINGS = {
    "text": "text",
    "varchar": "text",
    "character varying": "text",
    "string": "text",
    "bigint": "bigint",
    "int8": "bigint",
    "integer": "integer",
    "int": "integer",
    "int4": "integer",
    "numeric": "numeric",
    "decimal": "numeric",
    "double precision": "double precision",
    "double": "double precision",
    "float8": "double precision",
    "boolean": "boolean",
    "bool": "boolean",
    "timestamp": "timestamp",
    "timestamp without time zone": "timestamp",
    "date": "date",
    "json": "json",
}

_EXPECTED = {
    "text": "text",
    "bigint": "a whole number between -9223372036854775808 and 9223372036854775807",
    "integer": "a whole number between -2147483648 and 2147483647",
    "double precision": "a finite number such as 1234.5",
    "boolean": "true or false (also 1 or 0, yes or no)",
    "timestamp": "a timestamp such as 2024-07-24 06:47:10, in the years 1900 to 2200",
    "date": "a date such as 2024-07-24, in the years 1900 to 2200",
    "json": "valid JSON",
}


@dataclass(frozen=True)
class DataType:
    """One column type.

    Attributes:
        kind: The type's name without its size, one of the values of the spellings above.
        precision: Digits in all, of a numeric.
        scale: Digits after the point, of a numeric.
    """

    kind: str
    precision: int = DEFAULT_PRECISION
    scale: int = DEFAULT_SCALE

    @property
    def duckdb(self) -> str:
        """The type in DuckDB's words."""
        if self.kind == "numeric":
            return f"decimal({self.precision},{self.scale})"
        return {"text": "varchar", "double precision": "double"}.get(self.kind, self.kind)

    @property
    def postgres(self) -> str:
        """The type in PostgreSQL's words, as its `format_type` gives them."""
        if self.kind == "numeric":
            return f"numeric({self.precision},{self.scale})"
        return "timestamp without time zone" if self.kind == "timestamp" else self.kind

    @property
    def expected(self) -> str:
        """What a value of this type looks like, for a message."""
        if self.kind == "numeric":
            digits = self.precision - self.scale
            return f"a number such as 1234.5 with at most {digits} digits before the point"
        return _EXPECTED[self.kind]


TEXT = DataType("text")


def parse_data_type(text: str) -> DataType:
    """Read a type as a contract writes it, such as `bigint` or `numeric(18, 2)`.

    Raises:
        MetricsStoreError: It is none of the types that both warehouses know.
    """
    match = re.fullmatch(
        r"\s*([a-z0-9 ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*", text.lower()
    )
    kind = _SPELLINGS.get(match[1]) if match else None
    if match is None or kind is None or (match[2] and kind != "numeric"):
        raise MetricsStoreError(
            f"the data type {text!r} cannot be loaded",
            expected="one of " + ", ".join(sorted({*_SPELLINGS.values()})),
        )
    if kind != "numeric" or not match[2]:
        return DataType(kind)
    precision, scale = int(match[2]), int(match[3] or 0)
    if not 0 <= scale <= precision <= DEFAULT_PRECISION or precision == 0:
        raise MetricsStoreError(
            f"the data type {text!r} cannot be loaded",
            expected=f"numeric(precision, scale) with at most {DEFAULT_PRECISION} digits",
        )
    return DataType(kind, precision, scale)
