"""Finds definitions that were renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.definitions.definition import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.review.definitions.definition import Definition

# What is gone and what is new have so much in common to be taken for one thing, changed.
_SIMILAR = 0.6


def find_renames(
    removed: Sequence[Definition], added: Sequence[Definition]
) -> dict[str, Definition]:
    """Find definitions with a new name and the same meaning, by their old identity.

    Of several that mean the same, those whose words are most alike belong together.
    """
    found: dict[str, Definition] = {}
    taken: set[str] = set()
    pairs = [
        (_similarity(old, new), old, new)
        for old in removed
        for new in added
        if old.kind is new.kind and old.fingerprint == new.fingerprint
    ]
    for _, old, new in sorted(pairs, key=lambda one: _preference(*one)):
        if old.identity not in found and new.identity not in taken:
            found[old.identity] = new
            taken.add(new.identity)
    return found


def _preference(
    similarity: float, old: Definition, new: Definition
) -> tuple[bool, float, str, str]:
    """Sort pairs with the same short name first, then the most similar."""
    return old.short_name != new.short_name, -similarity, old.name, new.name


def find_likely_names(removed: Sequence[Definition], added: Sequence[Definition]) -> dict[str, str]:
    """Find for each removed definition the name of the most similar added one, if any is."""
    found = {}
    for old in removed:
        similar = [
            (_similarity(old, new), new.name)
            for new in added
            if new.kind is old.kind and _similarity(old, new) >= _SIMILAR
        ]
        if similar:
            found[old.identity] = max(similar)[1]
    return found


def _similarity(old: Definition, new: Definition) -> float:
    """Give the share of equal fields; group-bys are left out, since many metrics share them."""
    names = {
        name
        for one in (old, new)
        for name, field in one.fields.items()
        if field.rule is not Rule.OFFERS and field.display
    }
    if not names:
        return 0.0
    equal = sum(
        1
        for name in names
        if name in old.fields
        and name in new.fields
        and old.fields[name].value == new.fields[name].value
    )
    return equal / len(names)
