"""Writes literals as SQL that DuckDB and PostgreSQL read the same, and no template changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import groupby

from metrics_store.query.filters.filter_tree import Marker, Value, check_value, marker_text

# PostgreSQL may read a backslash as an escape; a template reads braces, and # and % beside them.
_SPECIAL = frozenset("\\{}#%")


def render_value(  # noqa: PLR0911 - a return a kind of value
    value: Value,
) -> str:
    """Write a value as SQL, and a marker as what stands for it.

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
            return f"CAST('{value.isoformat(sep=' ')}' AS TIMESTAMP)"
        case dt.date():
            return f"CAST('{value.isoformat()}' AS DATE)"
        case Marker(label):
            return marker_text(label)
        case str():
            return _text(value)


def _is_plain(character: str) -> bool:
    return character.isprintable() and character not in _SPECIAL


def _text(value: str) -> str:
    """Quote a text; what is not plain is named by its code point, one by one.

    Templates change line ends, and MetricFlow indents lines; a code point is changed by neither.
    """
    pieces = []
    for plain, characters in groupby(value, _is_plain):
        run = "".join(characters)
        if plain:
            pieces.append("'" + run.replace("'", "''") + "'")
        else:
            pieces += [f"CHR({ord(character)})" for character in run]
    return _joined(pieces) if pieces else "''"


def _joined(pieces: list[str]) -> str:
    """Join pieces of a text by halves: engines reject a thousand operators in one another."""
    if len(pieces) == 1:
        return pieces[0]
    middle = len(pieces) // 2
    return f"({_joined(pieces[:middle])} || {_joined(pieces[middle:])})"
