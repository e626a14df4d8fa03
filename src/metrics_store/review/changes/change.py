"""One change of a definition."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.changes.tier import Tier

if TYPE_CHECKING:
    from metrics_store.review.definitions.definition import Definition, Kind


class Action(enum.Enum):
    """What happened to a definition."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldChange:
    """A field that differs.

    Attributes:
        name: Its path.
        old: What it was, for people; empty where it was not there.
        new: What it is.
        tier: What that means.
        is_inherited: Whether only what the field is made of changed, not the field itself.
        removed: Of a set, what is no longer in it.
        added: Of a set, what is new in it.
    """

    name: str
    old: str
    new: str
    tier: Tier
    is_inherited: bool = False
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A definition that differs between two revisions.

    Attributes:
        action: What happened.
        old: As it was; none where it is new.
        new: As it is; none where it is gone.
        fields: What differs, the most important first.
        changed_models: Names of the models upstream whose own SQL changed.
        changed_inputs: Names of the definitions that it is made of and that changed.
        likely_name: The name under which a removed definition may have come back, changed.
    """

    action: Action
    old: Definition | None
    new: Definition | None
    fields: tuple[FieldChange, ...] = ()
    changed_models: tuple[str, ...] = ()
    changed_inputs: tuple[str, ...] = ()
    likely_name: str = ""

    @property
    def definition(self) -> Definition:
        """The definition as it is, or as it was where it is gone."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a change has a side
        return found

    @property
    def kind(self) -> Kind:
        """What is defined."""
        return self.definition.kind

    @property
    def name(self) -> str:
        """Its name, the new one where it was renamed."""
        return self.definition.name

    @property
    def identity(self) -> str:
        """Its name among all definitions."""
        return self.definition.identity

    @property
    def identities(self) -> tuple[str, ...]:
        """Its names among all definitions, old and new."""
        return tuple(dict.fromkeys(one.identity for one in (self.old, self.new) if one))

    @property
    def tier(self) -> Tier:
        """What the change means."""
        if self.action in (Action.REMOVED, Action.RENAMED):
            return Tier.MAJOR
        if self.action is Action.ADDED:
            return Tier.MINOR
        return max((field.tier for field in self.fields), default=Tier.NONE)

    @property
    def values_can_differ(self) -> bool:
        """Whether what it answered before can be answered otherwise now."""
        return bool(self.old and self.new and self.old.fingerprint != self.new.fingerprint)
