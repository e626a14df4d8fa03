"""How much a change means to those who read the numbers."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from metrics_store.review.definitions.definition import Rule

if TYPE_CHECKING:
    from metrics_store.review.definitions.definition import Field


class Tier(enum.IntEnum):
    """The tiers of a change, the least first, as semantic versions have them."""

    NONE = 0
    PATCH = 1  # words
    MINOR = 2  # something is added
    MAJOR = 3  # a value can differ, a name goes, a grain or a unit changes

    def __str__(self) -> str:
        """Give it as it is written."""
        return self.name.lower()


def tier_of_field(old: Field | None, new: Field | None) -> Tier:
    """Give the tier of a field that was one thing and is another; at least one is there."""
    field = new or old
    if field is None or (old and new and old.value == new.value):
        return Tier.NONE
    if field.rule is Rule.OFFERS:
        return _of_offers(old, new)
    if field.rule is Rule.MEANING:
        # What says its unit for the first time is the number that it was.
        return Tier.MAJOR if old and old.display else Tier.MINOR
    return {
        Rule.VALUE: Tier.MAJOR,
        Rule.NOTICE: Tier.MINOR,
        Rule.WORDING: Tier.PATCH,
        Rule.VERSION: Tier.NONE,
    }[field.rule]


def _of_offers(old: Field | None, new: Field | None) -> Tier:
    if old is None:
        return Tier.MAJOR  # what was not limited is limited now
    if new is None:
        return Tier.MINOR
    return Tier.MAJOR if set(old.items) - set(new.items) else Tier.MINOR
