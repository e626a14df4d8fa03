"""The versions of a metric, for its page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_NAME = re.compile(r"\w+")
_HIDDEN = "something changed that may not be seen here"


@dataclass(frozen=True)
class HistoryEntry:
    """One version of a metric.

    Attributes:
        version: The version that began, such as `1.2.0`; empty where none was said.
        date: The day it began, as `2024-12-31`.
        revision: The revision of the project that brought it.
        tier: What the change meant, such as `minor`; empty for the first.
        changes: What changed, a line each.
    """

    version: str
    date: str
    revision: str
    tier: str
    changes: tuple[str, ...] = ()

    def without(self, hidden: Collection[str]) -> HistoryEntry:
        """Give it with no line that names a metric or a dimension which may not be seen."""
        lines = (_HIDDEN if _names_any(line, hidden) else line for line in self.changes)
        return replace(self, changes=tuple(dict.fromkeys(lines)))


def _names_any(line: str, hidden: Collection[str]) -> bool:
    # A dimension may be reached over several entities.
    return any(
        name == one or name.endswith(f"__{one}") for name in _NAME.findall(line) for one in hidden
    )
