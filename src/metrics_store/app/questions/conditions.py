"""Filters as text, as every interface takes them; values are quoted, and parsed again there."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_one_of(name: str, values: Iterable[object]) -> str:
    """Write that a dimension has one of these values, of which None is one too.

    Args:
        name: The dimension.
        values: The values.

    Raises:
        ValueError: There are no values.
    """
    chosen = list(values)
    literals = [_literal(one) for one in chosen if one is not None]
    parts = [f"{name} in ({', '.join(literals)})"] if literals else []
    if None in chosen:
        parts.append(f"{name} is null")
    if not parts:
        raise ValueError(name)
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def is_true(name: str) -> str:
    """Write that a dimension of truth values is true."""
    return f"{name} = true"


def is_known(name: str) -> str:
    """Write that a dimension has a value."""
    return f"{name} is not null"


def _literal(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | decimal.Decimal():
            return str(value)
        case dt.datetime():
            return f"timestamp '{value.isoformat(' ')}'"
        case dt.date():
            return f"date '{value.isoformat()}'"
        case _:
            return "'" + str(value).replace("'", "''") + "'"
