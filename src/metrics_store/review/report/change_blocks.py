"""The changes of a report put together: each cause with what follows from it, repeats as one."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.review.changes.consequences import GROUP_BYS
from metrics_store.review.changes.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIERS = tuple(str(tier) for tier in sorted(Tier, reverse=True))
# The facts of a definition that may differ while the same is done to several.
_OWN = ("name", "label", "owner", "certified", "version", "file", "fingerprint", "old_name")


@dataclass
class Block:
    """What happened to one definition, or the same to several, or the SQL of a model that changed.

    Attributes:
        changes: The changes of definitions, as the document has them; empty for a model.
        model: The model.
        follows: The changes that follow from these and from nothing else.
    """

    changes: list[dict[str, Any]] = field(default_factory=list)
    model: dict[str, Any] | None = None
    follows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tier(self) -> str:
        """The tier; a model from whose SQL something follows changes values."""
        return str(self.changes[0]["tier"] if self.changes else Tier.MAJOR)

    @property
    def names(self) -> tuple[str, ...]:
        """What changed, by the names that causes go by."""
        if self.model is not None:
            return (f"model {self.model['name']}",)
        return tuple(map(name_of, self.changes))


@dataclass(frozen=True)
class Joint:
    """Changes that follow from several blocks at once.

    Attributes:
        causes: The names of what they follow from.
        follows: The changes.
    """

    causes: tuple[str, ...]
    follows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Blocks:
    """All changes of a report, each told once.

    Attributes:
        causes: What changed by itself, the greatest first, with what follows.
        joint: What follows from several of these.
        others: Models whose SQL changed and from which nothing follows.
    """

    causes: tuple[Block, ...]
    joint: tuple[Joint, ...]
    others: tuple[dict[str, Any], ...]


def change_blocks(document: dict[str, Any]) -> Blocks:
    """Put the changes of a document together."""
    changes = {name_of(one): one for one in document["changes"]}
    following = {name for group in document["consequences"] for name in group["changes"]}
    told = [one for name, one in changes.items() if name not in following and _is_told(one)]
    blocks = list(_folded(told))
    blocks += [Block(model=model) for model in document["models"]]
    of_name = {name: block for block in blocks for name in block.names}
    joint: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for group in document["consequences"]:
        follows = [changes[name] for name in group["changes"]]
        causes = {id(of_name[one]): of_name[one] for one in group["causes"] if one in of_name}
        if len(causes) == 1:
            next(iter(causes.values())).follows += follows
        else:
            joint[tuple(group["causes"])] += follows
    causing = {name for causes in joint for name in causes}
    kept = [one for one in blocks if one.changes or one.follows or causing.intersection(one.names)]
    return Blocks(
        tuple(sorted(kept, key=_rank)),
        tuple(Joint(causes, tuple(follows)) for causes, follows in joint.items()),
        tuple(one.model for one in blocks if one.model is not None and one not in kept),
    )


def name_of(change: dict[str, Any]) -> str:
    """Give the name of a change among all definitions."""
    return f"{change['kind']} {change['name']}"


def own_fields(change: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the fields of a change that are told with it; group-bys are told for all at once."""
    if change["action"] not in ("changed", "renamed"):
        return list(change["fields"])
    return [one for one in change["fields"] if one["name"] != GROUP_BYS]


def _is_told(change: dict[str, Any]) -> bool:
    return change["action"] != "changed" or bool(own_fields(change))


def _folded(changes: Iterable[dict[str, Any]]) -> Iterator[Block]:
    found: dict[str, Block] = {}
    for change in changes:
        found.setdefault(_signature(change), Block()).changes.append(change)
    return iter(found.values())


def _signature(change: dict[str, Any]) -> str:
    """Give the same for changes that are told in the same words but for their names."""
    if change["action"] in ("added", "removed") and not _is_told_alone(change):
        return f"{change['kind']} {change['action']}"
    if change["action"] != "changed":
        return name_of(change)
    same = {name: value for name, value in change.items() if name not in _OWN}
    version = change["version"]["old"] != change["version"]["new"]
    return json.dumps([{**same, "fields": own_fields(change)}, version], sort_keys=True)


def _is_told_alone(change: dict[str, Any]) -> bool:
    """Whether one that comes or goes is more than a name: what a metric means is to be read."""
    return change["kind"] == "metric" or bool(change["likely_name"])


def _rank(block: Block) -> tuple[int, bool]:
    """Sort the greatest tier first and definitions before models; else the document's order."""
    return TIERS.index(block.tier), block.model is not None
