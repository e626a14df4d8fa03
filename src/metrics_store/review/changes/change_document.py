"""A change of a definition as plain values, for reports and for what is kept of a history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.changes.change import Action
from metrics_store.review.definitions.definition import Rule

if TYPE_CHECKING:
    from metrics_store.review.changes.change import Change, FieldChange
    from metrics_store.review.definitions.definition import Definition


def change_document(change: Change) -> dict[str, Any]:
    """Give one change as plain values."""
    definition = change.definition
    return {
        "kind": change.kind.value,
        "name": change.name,
        "action": change.action.value,
        "old_name": change.old.name if change.action is Action.RENAMED and change.old else None,
        "tier": str(change.tier),
        "label": definition.label,
        "owner": definition.owner,
        "certified": definition.meta.get("tier"),
        "version": {
            "old": _version(change.old.meta if change.old else None),
            "new": _version(change.new.meta if change.new else None),
        },
        "file": definition.file,
        "values_can_differ": change.values_can_differ,
        "fields": [_field(field) for field in change.fields],
        "models": list(change.changed_models),
        "through": list(change.changed_inputs),
        "likely_name": change.likely_name or None,
        "fingerprint": {
            "old": change.old.fingerprint if change.old else None,
            "new": change.new.fingerprint if change.new else None,
        },
    }


def meaning_of(definition: Definition) -> dict[str, str]:
    """Give the fields of a definition that say what it means, for people."""
    return {
        name: field.display
        for name, field in definition.fields.items()
        if field.display and field.rule is not Rule.OFFERS
    }


def _version(meta: dict[str, object] | None) -> str | None:
    found = (meta or {}).get("version")
    return None if found is None else str(found)


def _field(field: FieldChange) -> dict[str, Any]:
    return {
        "name": field.name,
        "tier": str(field.tier),
        "old": field.old,
        "new": field.new,
        "through": field.is_inherited,
        "gone": list(field.removed),
        "come": list(field.added),
    }
