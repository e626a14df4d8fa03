"""A change of a text as a unified diff, which `patch` and `git apply` read."""

from __future__ import annotations

from difflib import unified_diff

_NOTHING = "/dev/null"


def write_patch(name: str, before: bytes | None, after: bytes | None) -> str:
    """Give the lines that differ, with three around them.

    Args:
        name: The file's path in the project.
        before: Its text; none where there was no such file.
        after: Its text; none where there is no such file any more.
    """
    lines = unified_diff(
        _lines(before),
        _lines(after),
        f"a/{name}" if before is not None else _NOTHING,
        f"b/{name}" if after is not None else _NOTHING,
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds alone: all other signs belong to the text."""
    text = (content or b"").decode(errors="surrogateescape")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [
        line for line in text.split("\n")[-1:] if line
    ]
