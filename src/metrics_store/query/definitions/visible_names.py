"""Who may see which names: the definitions ask, a policy answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Visible(Protocol):
    """Says which names somebody may see; what they may not see is as if it were not defined."""

    def metric(self, name: str) -> bool:
        """Whether a metric may be seen."""

    def dimension(self, qualified_name: str) -> bool:
        """Whether a dimension or an entity may be seen by the name that it is asked by."""


@dataclass(frozen=True)
class _Everything:
    def metric(self, name: str) -> bool:
        del name
        return True

    def dimension(self, qualified_name: str) -> bool:
        del qualified_name
        return True


EVERYTHING: Visible = _Everything()
