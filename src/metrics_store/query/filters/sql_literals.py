"""Writes literals as SQL that means the same to every engine, and that no template changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from metrics_store.query.dialects.known_dialects import USUAL
from metrics_store.query.filters.filter_tree import Marker, Value, check_value, marker_text

if TYPE_CHECKING:
    from metrics_store.query.dialects.dialect import Dialect


def render_value(  # noqa: PLR0911 - a return a kind of value
    value: Value, dialect: Dialect = USUAL
) -> str:
    """Write a value as SQL, and a marker as what stands for it.

    Args:
        value: The value.
        dialect: The SQL; DuckDB and PostgreSQL read the same.

    Raises:
        MetricsStoreError: No engine can hold the value.
    """
    check_value(value)
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return f"CAST('{value.isoformat(sep=' ')}' AS {dialect.timestamp_type})"
        case dt.date():
            return f"CAST('{value.isoformat()}' AS DATE)"
        case Marker(label):
            return marker_text(label)
        case str():
            return _text(value, dialect)


def _text(value: str, dialect: Dialect) -> str:
    """Quote a text; what is not plain is named by its code point, one by one.

    Templates change line ends, and MetricFlow indents lines; a code point is changed by neither.
    """
    pieces = []
    for plain, characters in groupby(value, dialect.is_plain):
        run = "".join(characters)
        if plain:
            pieces.append("'" + run.replace("'", "''") + "'")
        else:
            pieces += [dialect.written(character) for character in run]
    return _joined(pieces) if pieces else "''"


def _joined(pieces: list[str]) -> str:
    """Join pieces of a text by halves: engines reject a thousand operators in one another."""
    if len(pieces) == 1:
        return pieces[0]
    middle = len(pieces) // 2
    return f"({_joined(pieces[:middle])} || {_joined(pieces[middle:])})"
