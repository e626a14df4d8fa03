"""Random numbers that repeat: the same seed and names give the same on every run."""

from __future__ import annotations

from random import Random


def seeded_random(seed: int, *names: object) -> Random:
    """Give the generator of one part of the data, independent of every other part's."""
    return Random(":".join(map(str, (seed, *names))))  # noqa: S311 - demo data, no secret
