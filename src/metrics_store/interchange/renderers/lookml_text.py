"""Writes LookML: blocks of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_INDENT = "  "


def block(kind: str, name: str, parameters: Mapping[str, str], within: Iterable[str] = ()) -> str:
    """Write a block.

    Args:
        kind: What it is, such as `dimension`.
        name: What it is called.
        parameters: Its parameters, as `quoted`, `sql` or plain text; empty ones are left out.
        within: The blocks in it.
    """
    lines = [f"{key}: {value}" for key, value in parameters.items() if value]
    lines += [line for each in within for line in each.splitlines()]
    body = "\n".join(f"{_INDENT}{line}" if line else "" for line in lines)
    return f"{kind}: {name} {{\n{body}\n}}"


def quoted(text: str) -> str:
    """Write a text; empty where there is none."""
    flat = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{flat}"' if flat else ""


def sql(text: str) -> str:
    """Write SQL."""
    return f"{text} ;;"
