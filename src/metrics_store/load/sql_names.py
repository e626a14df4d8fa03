"""Names in files and in SQL: compared, quoted and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def fold(name: str) -> str:
    """Give the form in which spellings of one name are equal: lower case, no underscores."""
    return name.strip().lower().replace("_", "")


def quote(identifier: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for DuckDB."""
    return "'" + text.replace("'", "''") + "'"


def sentence_list(names: Iterable[str], *, most: int = 20) -> str:
    """Join names with commas; of a long list, the first ones and how many follow."""
    listed = list(names)
    shown = ", ".join(listed[:most])
    return shown if len(listed) <= most else f"{shown} and {len(listed) - most} more"
