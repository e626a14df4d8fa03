"""Where a relation does not hold, each with its reason: `exceptions.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Exempt:
    """Some metrics of which a relation does not hold.

    Attributes:
        relation: The relation's name.
        metrics: A metric, or a pattern.
        reason: Why.
    """

    relation: str
    metrics: str
    reason: str

    def holds_for(self, relation: str, metric: str) -> bool:
        """Say whether it is about a metric and a relation."""
        return relation == self.relation and fnmatchcase(metric, self.metrics)


EXCEPTIONS = [
    Exempt(**one)
    for one in yaml.safe_load(
        (Path(__file__).parent / "exceptions.yml").read_text(encoding="utf-8")
    )
    or []
]
