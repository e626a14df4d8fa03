"""How often roll-ups answer, and how often they were asked for in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.rollups.audit_reader import AskedQuestion


@dataclass
class RollupUse:
    """The use of one roll-up.

    Attributes:
        hits: How many questions it answered.
        misses: How many questions it was looked at for, and did not answer.
    """

    hits: int = 0
    misses: int = 0


def count_uses(names: Iterable[str], questions: Iterable[AskedQuestion]) -> dict[str, RollupUse]:
    """Count the uses of roll-ups, by name."""
    uses = {name: RollupUse() for name in names}
    for question in questions:
        for name, use in uses.items():
            if name in question.rollups:
                use.hits += 1
            elif any(reason.startswith(f"{name} ") for reason in question.rollup_reasons):
                use.misses += 1
    return uses
