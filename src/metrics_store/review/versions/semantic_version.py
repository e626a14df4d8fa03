"""Semantic versions, https://semver.org, as `config.meta.version` has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metrics_store.review.changes.tier import Tier

_FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?", re.ASCII)


@dataclass(frozen=True, order=True)
class SemanticVersion:
    """A version of three numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Give it as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, tier: Tier) -> SemanticVersion:
        """Give the least version that follows a change of a tier.

        Before 1.0.0 nothing is promised yet: what takes something away raises the second number.
        """
        if tier is Tier.MAJOR and self.major:
            return SemanticVersion(self.major + 1, 0, 0)
        if tier >= Tier.MINOR:
            return SemanticVersion(self.major, self.minor + 1, 0)
        if tier is Tier.PATCH:
            return SemanticVersion(self.major, self.minor, self.patch + 1)
        return self


def read_version(text: object) -> SemanticVersion | None:
    """Understand a version such as `1.2.0`; none where it is of another form."""
    found = _FORM.fullmatch(str(text))
    if found is None:
        return None
    return SemanticVersion(*(int(number or 0) for number in found.groups()))
