"""A review as a document of plain values, which all formats of the report render."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from metrics_store.review.changes.change import Action, Change
from metrics_store.review.changes.tier import Tier
from metrics_store.review.report.value_document import values_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.review.changes.change import FieldChange
    from metrics_store.review.changes.model_changes import ModelChange
    from metrics_store.review.changes.project_review import Review
    from metrics_store.review.revisions.revision import Revision
    from metrics_store.review.values.value_review import ValueReview
    from metrics_store.review.versions.rule_problem import Problem

# Of the document's form: it rises when a reader of the JSON must be changed.
FORMAT = 1
_GROUP_BYS = "group_bys"


def document(
    review: Review,
    base: Revision,
    head: Revision,
    values: ValueReview | None = None,
    problems: Sequence[Problem] = (),
) -> dict[str, Any]:
    """Give a review as plain values: texts, numbers, lists and mappings of them.

    Changes of metrics that only gained names to group by are put together by what they gained.

    Args:
        review: What changed.
        base: The revision before.
        head: The revision after.
        values: What both sides answer; none where they were not asked.
        problems: What must be mended.
    """
    gained = [change for change in review.changes if _only_gained(change)]
    listed = [change for change in review.changes if not _only_gained(change)]
    concerned = [one for one in review.impacts if one.kind != "metric" or _beyond(one, listed)]
    return {
        "format": FORMAT,
        "base": _revision(base, is_empty=review.base.is_empty),
        "head": _revision(head, is_empty=review.head.is_empty),
        "tier": str(review.tier),
        "counts": _counts(listed),
        "changes": [change_document(change) for change in listed],
        "gained": _gained(gained),
        "models": [_model(one) for one in review.models],
        "impacts": [
            {
                "kind": one.kind,
                "name": one.name,
                "owner": one.owner,
                "tier": str(one.tier),
                "because": list(one.causes),
            }
            for one in concerned
        ],
        "untouched": list(review.unchanged_metrics),
        "values": None if values is None else values_document(values),
        "problems": [str(one) for one in problems],
    }


def _revision(revision: Revision, *, is_empty: bool) -> dict[str, Any]:
    date = revision.date.isoformat() if revision.date else None
    return {
        "name": revision.name,
        "commit": revision.commit,
        "date": date,
        "is_empty": is_empty,
    }


def _counts(changes: Iterable[Change]) -> dict[str, int]:
    """Count the changes by tier, the greatest first."""
    found = Counter(change.tier for change in changes)
    return {str(tier): found[tier] for tier in sorted(Tier, reverse=True) if found[tier]}


def _only_gained(change: Change) -> bool:
    return change.action is Action.CHANGED and all(
        field.name == _GROUP_BYS and not field.removed for field in change.fields
    )


def _gained(changes: Iterable[Change]) -> list[dict[str, Any]]:
    by_names: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for change in changes:
        by_names[change.fields[0].added].append(change.name)
    return [{"group_bys": list(added), "metrics": names} for added, names in by_names.items()]


def _beyond(impact: Any, listed: Iterable[Change]) -> bool:  # noqa: ANN401
    """Whether what is concerned does not stand among the changes themselves."""
    return all(impact.identity not in change.identities for change in listed)


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


def _model(model: ModelChange) -> dict[str, Any]:
    difference = difflib.unified_diff(
        model.old_sql.splitlines(), model.new_sql.splitlines(), "before", "after", lineterm=""
    )
    return {
        "name": model.name,
        "file": model.file,
        "action": model.action,
        "rows": model.rows,
        "changed": list(model.changed),
        "gone": list(model.removed),
        "come": list(model.added),
        "can_change_values": model.can_change_values,
        "diff": list(difference),
    }
