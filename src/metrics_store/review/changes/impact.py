"""The impact of changes: everything downstream of them, with its owners."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.changes.model_changes import differing_models
from metrics_store.review.changes.tier import Tier
from metrics_store.review.definitions.definition import Kind, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.review.changes.change import Change
    from metrics_store.review.changes.model_changes import ModelChange
    from metrics_store.review.projects.project_definitions import ProjectDefinitions


@dataclass(frozen=True)
class Impact:
    """A metric, saved query or consumer downstream of a change.

    Attributes:
        kind: `metric`, `saved query`, `export`, `report`, `exposure` or `policy`.
        name: Its name.
        owner: Who answers for it; empty where nobody is named.
        causes: What changed that it reads, directly or not.
        tier: The greatest tier among these.
    """

    kind: str
    name: str
    owner: str
    causes: tuple[str, ...]
    tier: Tier

    @property
    def identity(self) -> str:
        """Its name among all that can be concerned."""
        return f"{self.kind} {self.name}"


def impacts(
    base: ProjectDefinitions,
    head: ProjectDefinitions,
    changes: Sequence[Change],
    models: Sequence[ModelChange],
) -> list[Impact]:
    """Find everything downstream of changes that are more than wording.

    Cost: one walk downstream for each change, and for each model that differs.
    """
    readers = _readers(base, head)
    owners = _owners(base, head)
    starts = {
        name: change.tier
        for change in changes
        if change.tier > Tier.PATCH and change.action.value != "added"
        for name in change.identities
    }
    found: dict[str, set[str]] = defaultdict(set)
    for start in starts:
        for reader in _walk(start, readers):
            found[reader].add(start)
    changed_ids = {one.identity for one in models if one.can_change_values}
    for differing in differing_models(base, head):
        model = head.models.by_identity[differing]
        # What changed itself, beneath or here, is what people know.
        upstream = {one.identity for one in head.models.upstream([differing])} & changed_ids or {
            differing
        }
        starts |= dict.fromkeys(upstream, Tier.MAJOR)
        # An export and a report are models themselves.
        named = {f"export {model.name}", f"report {model.name}"} & owners.keys()
        for reader in named.union(*(_walk(one, readers) for one in (differing, *named))):
            found[reader] |= upstream
    return [
        Impact(
            kind=owners[reader][0],
            name=owners[reader][1],
            owner=owners[reader][2],
            causes=tuple(sorted(causes)),
            tier=max(starts[one] for one in causes),
        )
        for reader, causes in sorted(found.items())
        if reader in owners
    ]


def _walk(start: str, readers: dict[str, set[str]]) -> set[str]:
    visited: set[str] = set()
    waiting = [start]
    while waiting:
        for reader in readers[waiting.pop()] - visited:
            visited.add(reader)
            waiting.append(reader)
    return visited - {start}


def _readers(*projects: ProjectDefinitions) -> dict[str, set[str]]:
    """Give the direct readers of each definition and model, of both revisions."""
    readers: dict[str, set[str]] = defaultdict(set)
    for project in projects:
        for one in project.definitions.values():
            for used in one.uses:
                readers[used].add(one.identity)
        for consumer in project.consumers:
            for read in consumer.reads:
                readers[read].add(consumer.identity)
    return readers


def _owners(*projects: ProjectDefinitions) -> dict[str, tuple[str, str, str]]:
    """Give kind, name and owner of all that a change can have an impact on."""
    owners: dict[str, tuple[str, str, str]] = {}
    for project in projects:
        for one in project.definitions.values():
            if one.kind in (Kind.METRIC, Kind.SAVED_QUERY):
                owners[one.identity] = (one.kind.value, one.name, one.owner)
        for consumer in project.consumers:
            owner = consumer.owner or _saved_query_owner(project, consumer.reads)
            owners[consumer.identity] = (consumer.kind, consumer.name, owner)
    return owners


def _saved_query_owner(project: ProjectDefinitions, reads: Iterable[str]) -> str:
    """Give the owner of the saved query that an export is made of."""
    saved = (identity(Kind.SAVED_QUERY, name) for name in project.saved_queries)
    found = [project.definitions[one].owner for one in saved if one in set(reads)]
    return next((owner for owner in found if owner), "")
