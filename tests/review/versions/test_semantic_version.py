"""How far a version must rise."""

from __future__ import annotations

import pytest

from metrics_store.review.changes.tier import Tier
from metrics_store.review.versions.semantic_version import SemanticVersion, read_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.2.3", SemanticVersion(1, 2, 3)),
        ("1.2", SemanticVersion(1, 2, 0)),
        (1.2, SemanticVersion(1, 2, 0)),
        ("0.10.0", SemanticVersion(0, 10, 0)),
        ("v1.2.3", None),
        ("1.2.3-beta", None),
        ("01.2.3", None),
        ("1", None),
        (None, None),
    ],
)
def test_a_version_is_read(text: object, version: SemanticVersion | None) -> None:
    assert read_version(text) == version


@pytest.mark.parametrize(
    ("before", "tier", "least"),
    [
        ("1.2.3", Tier.NONE, "1.2.3"),
        ("1.2.3", Tier.PATCH, "1.2.4"),
        ("1.2.3", Tier.MINOR, "1.3.0"),
        ("1.2.3", Tier.MAJOR, "2.0.0"),
        ("0.2.3", Tier.MAJOR, "0.3.0"),
        ("0.2.3", Tier.PATCH, "0.2.4"),
    ],
)
def test_a_version_rises_as_the_tier_asks(before: str, tier: Tier, least: str) -> None:
    version = read_version(before)
    assert version is not None
    assert str(version.raised(tier)) == least


def test_versions_are_ordered_as_numbers() -> None:
    assert SemanticVersion(1, 10, 0) > SemanticVersion(1, 9, 9)
