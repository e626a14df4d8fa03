"""One change of the market, and what a review must say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.changes.tier import Tier

if TYPE_CHECKING:
    from review.corpus.edits import Edit

NONE, PATCH, MINOR, MAJOR = Tier.NONE, Tier.PATCH, Tier.MINOR, Tier.MAJOR


@dataclass(frozen=True)
class Change:
    """A change and what it must be taken for.

    Attributes:
        name: What is done.
        edits: How.
        major: Identities of the definitions that must be reported as major.
        minor: As minor.
        patch: As patch.
        noted: As of no tier: only the version is another.
        impacts: What must be among those concerned; none of these where it is empty.
        moved: The metrics whose values can differ; all that are major where it is left out.
        tier: The whole, where more than definitions is concerned.
        moves: Whether the values of one of these metrics do differ on the market's data.
        builds: Whether the market still builds and answers after it.
    """

    name: str
    edits: tuple[Edit, ...]
    major: frozenset[str] = frozenset()
    minor: frozenset[str] = frozenset()
    patch: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()
    impacts: frozenset[str] = frozenset()
    moved: frozenset[str] | None = None
    whole: Tier | None = None
    moves: bool = True
    builds: bool = True

    @property
    def tiers(self) -> dict[str, Tier]:
        """What must be reported, all of it."""
        return {
            **dict.fromkeys(self.noted, NONE),
            **dict.fromkeys(self.patch, PATCH),
            **dict.fromkeys(self.minor, MINOR),
            **dict.fromkeys(self.major, MAJOR),
        }

    @property
    def tier(self) -> Tier:
        """The tier of the whole."""
        return self.whole or max(self.tiers.values(), default=NONE)

    @property
    def touched(self) -> frozenset[str]:
        """The names of the metrics whose values can differ."""
        if self.moved is not None:
            return self.moved
        metric = "metric "
        return frozenset(one.removeprefix(metric) for one in self.major if one.startswith(metric))


def metrics(names: str) -> frozenset[str]:
    """Give the identities of metrics by their names."""
    return frozenset(f"metric {name}" for name in names.split())


def dimensions(names: str) -> frozenset[str]:
    """Give the identities of dimensions by their names."""
    return frozenset(f"dimension {name}" for name in names.split())


def these(*identities: str) -> frozenset[str]:
    """Give identities as a set."""
    return frozenset(identities)
