"""What keeps a change of definitions from being accepted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that must be mended before a change is accepted.

    Attributes:
        what: What is wrong.
        where: The metric, file or line.
        remedy: What to do.
        remedy_of_several: The same in words that fit several such problems; empty where the remedy
            does.
    """

    what: str
    where: str
    remedy: str
    remedy_of_several: str = ""

    def __str__(self) -> str:
        """Give it as one line."""
        return f"{self.where}: {self.what}; {self.remedy}"
