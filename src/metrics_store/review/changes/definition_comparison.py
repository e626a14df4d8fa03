"""Compares the definitions of two revisions, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.changes.change import Action, Change, FieldChange
from metrics_store.review.changes.renamed_definitions import find_likely_names, find_renames
from metrics_store.review.changes.tier import Tier, tier_of_field
from metrics_store.review.definitions.definition import Rule

if TYPE_CHECKING:
    from metrics_store.review.definitions.definition import Definition, Field
    from metrics_store.review.projects.project_definitions import ProjectDefinitions

_INPUTS, _EXPRESSION = "inputs", "expression"


def compare(base: ProjectDefinitions, head: ProjectDefinitions) -> list[Change]:
    """Give every definition that differs, the most important first.

    Cost: the number of definitions; those that are gone are compared with those that are new.
    """
    removed = [one for name, one in base.definitions.items() if name not in head.definitions]
    added = [one for name, one in head.definitions.items() if name not in base.definitions]
    renamed = find_renames(removed, added)
    new_names = {new.identity for new in renamed.values()}
    unmatched = [one for one in removed if one.identity not in renamed]
    new = [one for one in added if one.identity not in new_names]
    likely = find_likely_names(unmatched, new)
    changes = [
        _change(_action(old, renamed[old.identity]), old, renamed[old.identity])
        for old in removed
        if old.identity in renamed
    ]
    changes += [
        Change(Action.REMOVED, one, None, likely_name=likely.get(one.identity, ""))
        for one in unmatched
    ]
    changes += [Change(Action.ADDED, None, one) for one in new]
    changes += [
        _change(Action.CHANGED, one, head.definitions[name])
        for name, one in base.definitions.items()
        if name in head.definitions
    ]
    differing = [one for one in changes if one.fields or one.action is not Action.CHANGED]
    return sorted(differing, key=lambda one: (-one.tier, one.kind.value, one.name))


def field_changes(old: Definition, new: Definition) -> tuple[FieldChange, ...]:
    """Give the fields that differ, the most important first."""
    names = dict.fromkeys([*old.fields, *new.fields])
    changes = (_field_change(old.fields.get(name), new.fields.get(name)) for name in names)
    found = [one for one in changes if one is not None]
    if any(one.name == _INPUTS for one in found):
        # An expression that only changed with its inputs says nothing more.
        found = [one for one in found if not (one.is_inherited and one.name == _EXPRESSION)]
    return tuple(sorted(found, key=lambda one: (-one.tier, one.is_inherited)))


def _change(action: Action, old: Definition, new: Definition) -> Change:
    return Change(action, old, new, field_changes(old, new))


def _field_change(old: Field | None, new: Field | None) -> FieldChange | None:
    field = new or old
    tier = tier_of_field(old, new)
    if field is None or (tier is Tier.NONE and field.rule is not Rule.VERSION):
        return None
    if old and new and old.value == new.value:
        return None
    before, after = set(old.items if old else ()), set(new.items if new else ())
    return FieldChange(
        name=field.name,
        old=old.display if old else "",
        new=new.display if new else "",
        tier=tier,
        is_inherited=bool(old and new and old.own_value == new.own_value),
        removed=tuple(sorted(before - after)),
        added=tuple(sorted(after - before)),
    )


def _action(old: Definition, new: Definition) -> Action:
    """Give the action of a renamed definition; a renamed semantic model alone does not count."""
    return Action.CHANGED if old.short_name == new.short_name else Action.RENAMED
