"""Validates JSON text strictly."""

from __future__ import annotations

import json


def _reject(constant: str) -> None:
    raise ValueError(constant)


def is_standard_json(text: str) -> bool:
    """Tell whether a text is JSON by the standard: PostgreSQL takes nothing else.

    DuckDB also accepts trailing commas, `NaN` and `Infinity`.
    """
    try:
        json.loads(text, parse_constant=_reject)
    except (ValueError, RecursionError):
        return False
    return True
