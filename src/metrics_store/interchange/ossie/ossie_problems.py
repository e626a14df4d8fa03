"""What is wrong with an Ossie document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Step = str | int


@dataclass(frozen=True, order=True)
class OssieProblem:
    """Something wrong with a document.

    Attributes:
        path: Where in it, such as `semantic_model[0].metrics[2].name`.
        found: What is wrong.
        expected: What was expected there.
    """

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Write it on one line."""
        return f"{self.path}: {self.found}; expected {self.expected}"


def path_of(steps: Iterable[Step]) -> str:
    """Write a path as people read it; the whole document is `document`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".") or "document"
