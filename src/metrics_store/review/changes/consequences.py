"""Which changes only follow from others, and from which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.changes.change import Action
from metrics_store.review.changes.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.review.changes.change import Change

# What a metric can be grouped by follows from the dimensions there are.
GROUP_BYS = "group_bys"


@dataclass(frozen=True)
class Consequences:
    """Changes that follow from the same causes.

    Attributes:
        causes: What changed by itself: identities of definitions, and models as `model NAME`.
        changes: The identities of what follows.
    """

    causes: tuple[str, ...]
    changes: tuple[str, ...]


def consequences(changes: Sequence[Change]) -> list[Consequences]:
    """Group the changes that follow from others by what they follow from.

    A definition whose own text changed what it gives stands for itself, also where something that
    it is made of changed as well; and so does one of which nobody knows why it differs.
    """
    by_identity = {name: change for change in changes for name in change.identities}
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for change in changes:
        causes = _causes(change, by_identity)
        if causes and causes != {change.identity}:
            found[tuple(sorted(causes))].append(change.identity)
    return [
        Consequences(causes, tuple(those))
        for causes, those in sorted(found.items(), key=lambda one: (len(one[0]), one[0]))
    ]


def _causes(change: Change, by_identity: dict[str, Change]) -> set[str]:
    """Give what a change follows from in the end; itself where its own text changed."""
    causes: set[str] = set()
    visited: set[str] = set()
    waiting = [change]
    while waiting:
        one = waiting.pop()
        if one.identity in visited:
            continue
        visited.add(one.identity)
        if not _follows(one):
            causes.add(one.identity)
            continue
        causes.update(f"model {name}" for name in one.changed_models)
        waiting += _inputs(one.changed_inputs, by_identity)
    return causes


def _inputs(names: Iterable[str], by_identity: dict[str, Change]) -> list[Change]:
    return [by_identity[name] for name in names if name in by_identity]


def _follows(change: Change) -> bool:
    """Whether only what a definition is made of changed what it gives."""
    return (
        change.action is Action.CHANGED
        and change.values_can_differ
        and any(field.is_inherited for field in change.fields)
        and not any(
            field.tier is Tier.MAJOR and not field.is_inherited and field.name != GROUP_BYS
            for field in change.fields
        )
    )
