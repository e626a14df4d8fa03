"""SQL that converts a staged value to a column's type, or to NULL where it does not fit.

It is stricter than a plain cast: DuckDB would round `1.5` to 2, read `epoch` as a timestamp, drop
the offset of `10:00:00+02` and take `infinity` for a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.sql_names import literal

if TYPE_CHECKING:
    from metrics_store.load.contracts.data_types import DataType

_WHOLE = r"[+-]?\d+(\.0*)?"
_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"
# The years 1900 to 2200.
_DAY = r"(19\d{2}|2[01]\d{2}|2200)-\d{2}-\d{2}"
# Digits after the microseconds must be zeros: nothing is cut off.
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6}0*)?"
_OFFSET = r" ?([zZ]|[+-](0\d|1[0-5])(:?[0-5]\d)?)"
_LOCAL = rf"{_DAY}([ T]{_TIME})?"
_ZONED = rf"{_DAY}[ T]{_TIME}{_OFFSET}"
_MIDNIGHT = rf"{_DAY}([ T]00:00(:00(\.0*)?)?([zZ]|[+-]00(:?00)?)?)?"

_TRUE = "('true', 't', 'yes', 'y', '1', '1.0')"
_FALSE = "('false', 'f', 'no', 'n', '0', '0.0')"

# DuckDB types whose every value is one of the kind, or is checked by a plain cast.
_NATIVE = {
    "bigint": {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"},
    "integer": {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"},
    "boolean": {"BOOLEAN"},
    "double precision": {"DOUBLE"},
    "timestamp": {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"},
    "date": {"DATE"},
}


def is_native(stored_as: str, data_type: DataType) -> bool:
    """Tell whether a staged type needs no detour over text.

    Args:
        stored_as: The DuckDB type of the staged column.
        data_type: The type it is meant for.
    """
    if data_type.kind == "numeric":
        return stored_as.startswith("DECIMAL")
    return stored_as in _NATIVE.get(data_type.kind, ())


def text_of(staged: str, stored_as: str, data_type: DataType) -> str:
    """Give a staged value as text; NULL where it is empty.

    White space around a value counts only in text.

    Args:
        staged: The SQL expression of the value.
        stored_as: Its DuckDB type.
        data_type: The type it is meant for.
    """
    if stored_as == "VARCHAR":
        text = staged
    elif stored_as.endswith("]") or stored_as.startswith(("STRUCT", "MAP", "UNION")):
        text = f"cast(to_json({staged}) as varchar)"
    else:
        text = f"cast({staged} as varchar)"
    if data_type.kind == "text":
        return f"nullif({text}, '')"
    return f"nullif(trim({text}, ' ' || chr(9) || chr(10) || chr(13)), '')"


def from_native(staged: str, data_type: DataType) -> str:
    """Turn a value of a native type into the column's type.

    Args:
        staged: The SQL expression of the value; `is_native` holds for its type.
        data_type: The column's type.
    """
    if data_type.kind in ("timestamp", "date"):
        first, last = "timestamp '1900-01-01'", "timestamp '2201-01-01'"
        value = f"cast({staged} as {data_type.duckdb})"
        return f"case when {staged} >= {first} and {staged} < {last} then {value} end"
    if data_type.kind == "double precision":
        return f"case when isfinite({staged}) then {staged} end"
    return f"try_cast({staged} as {data_type.duckdb})"


def _matched(text: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({text}, {literal(pattern)}) then {value} end"


def _timestamp(text: str) -> str:
    is_local = f"regexp_full_match({text}, {literal(_LOCAL)})"
    is_zoned = f"regexp_full_match({text}, {literal(_ZONED)})"
    # DuckDB takes no space before the offset.
    joined = f"regexp_replace({text}, ' ([zZ+-])', '\\1')"
    return (
        f"case when {is_local} then try_cast({text} as timestamp) "
        f"when {is_zoned} then timezone('UTC', try_cast({joined} as timestamptz)) end"
    )


def _boolean(text: str) -> str:
    return (
        f"case when lower({text}) in {_TRUE} then true when lower({text}) in {_FALSE} "
        "then false end"
    )


def from_text(text: str, data_type: DataType) -> str:
    """Turn a text into the column's type.

    Args:
        text: The SQL expression of the text, as `text_of` gives it.
        data_type: The column's type.

    Returns:
        An expression that is NULL where the text is, and where it does not fit.
    """
    cast = f"try_cast({text} as {data_type.duckdb})"
    is_json = f"json_valid({text}) and is_standard_json({text})"
    expressions = {
        "text": text,
        "bigint": _matched(text, _WHOLE, cast),
        "integer": _matched(text, _WHOLE, cast),
        "numeric": _matched(text, _DECIMAL, cast),
        "double precision": _matched(text, _DECIMAL, f"nullif(nullif({cast}, 'inf'), '-inf')"),
        "boolean": _boolean(text),
        "timestamp": _timestamp(text),
        "date": _matched(text, _MIDNIGHT, f"try_cast(left({text}, 10) as date)"),
        "json": f"case when {is_json} then cast({text} as json) end",
    }
    return expressions[data_type.kind]
