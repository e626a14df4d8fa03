"""The interface by which definitions learn which names are visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Visible(Protocol):
    """Says which names are visible; what is hidden is as if it were not defined."""

    def metric(self, name: str) -> bool:
        """Whether a metric is visible."""

    def dimension(self, qualified_name: str) -> bool:
        """Whether a dimension or an entity is visible by its qualified name."""


@dataclass(frozen=True)
class _Everything:
    def metric(self, name: str) -> bool:
        del name
        return True

    def dimension(self, qualified_name: str) -> bool:
        del qualified_name
        return True


EVERYTHING: Visible = _Everything()
