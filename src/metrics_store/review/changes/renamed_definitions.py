"""Definitions that were given another name."""

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
    """Give what is there under another name with the same meaning, by its old identity.

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
    """Put first what is still asked by one name, then what is most alike."""
    return old.short_name != new.short_name, -similarity, old.name, new.name


def find_likely_names(removed: Sequence[Definition], added: Sequence[Definition]) -> dict[str, str]:
    """Give for what is gone the name of what is new and much like it, where there is such."""
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
    """Give the share of fields that are equal; what a metric is grouped by tells little."""
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
