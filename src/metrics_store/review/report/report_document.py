"""A review as a document of plain values, which all formats of the report render."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from metrics_store.review.changes.change import Action, Change
from metrics_store.review.changes.change_document import change_document, meaning_of
from metrics_store.review.changes.consequences import GROUP_BYS, consequences
from metrics_store.review.changes.tier import Tier
from metrics_store.review.definitions.definition import Kind
from metrics_store.review.report.value_document import values_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.review.changes.impact import Impact
    from metrics_store.review.changes.model_changes import ModelChange
    from metrics_store.review.changes.project_review import Review
    from metrics_store.review.revisions.revision import Revision
    from metrics_store.review.values.value_review import ValueReview
    from metrics_store.review.versions.rule_problem import Problem

# Of the document's form: it rises when a reader of the JSON must be changed.
FORMAT = 1


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
        "changes": [_change(change) for change in listed],
        "consequences": [
            {"causes": list(one.causes), "changes": list(one.changes)}
            for one in consequences(listed)
        ],
        "gained": _gained(gained),
        "group_bys": _group_bys(review.changes),
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
        "concerned": _concerned(listed, concerned),
        "problems": [str(one) for one in problems],
        "problem_groups": _problem_groups(problems),
    }


def _revision(revision: Revision, *, is_empty: bool) -> dict[str, Any]:
    date = revision.date.isoformat() if revision.date else None
    return {
        "name": revision.name,
        "commit": revision.commit,
        "date": date,
        "is_empty": is_empty,
    }


def _change(change: Change) -> dict[str, Any]:
    found = change_document(change)
    return found if change.old else {**found, "meaning": meaning_of(change.definition)}


def _counts(changes: Iterable[Change]) -> dict[str, int]:
    """Count the changes by tier, the greatest first."""
    found = Counter(change.tier for change in changes)
    return {str(tier): found[tier] for tier in sorted(Tier, reverse=True) if found[tier]}


def _only_gained(change: Change) -> bool:
    return change.action is Action.CHANGED and all(
        field.name == GROUP_BYS and not field.removed for field in change.fields
    )


def _gained(changes: Iterable[Change]) -> list[dict[str, Any]]:
    by_names: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for change in changes:
        by_names[change.fields[0].added].append(change.name)
    return [{"group_bys": list(added), "metrics": names} for added, names in by_names.items()]


def _group_bys(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Give what metrics can be grouped by no longer, or now as well, and which those are."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for change in changes:
        if change.action in (Action.CHANGED, Action.RENAMED):
            for field in change.fields:
                if field.name == GROUP_BYS:
                    found[field.removed, field.added].append(change.name)
    return [
        {"gone": list(gone), "come": list(come), "metrics": names}
        for (gone, come), names in sorted(found.items(), key=lambda one: -len(one[1]))
    ]


def _beyond(impact: Impact, listed: Iterable[Change]) -> bool:
    """Whether what is concerned does not stand among the changes themselves."""
    return all(impact.identity not in change.identities for change in listed)


def _concerned(changes: Iterable[Change], impacts: Iterable[Impact]) -> list[dict[str, Any]]:
    """Give by owner what of theirs can differ, or reads what can; what nobody owns comes last.

    Owners who are spelled alike but for case and spaces are one, by the spelling that comes first.
    """
    spelled: dict[str, str] = {}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(owner: str, kind: str, name: str) -> None:
        same = "_".join(owner.lower().split())
        found[spelled.setdefault(same, owner)][kind].append(name)

    for change in changes:
        if change.kind is Kind.METRIC and change.tier is Tier.MAJOR:
            add(change.definition.owner, change.kind.value, change.name)
    for one in impacts:
        add(one.owner, one.kind, one.name)
    return [
        {"owner": owner, "what": {kind: sorted(set(names)) for kind, names in of_owner.items()}}
        for owner, of_owner in sorted(found.items(), key=lambda one: (not one[0], one[0]))
    ]


def _problem_groups(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Give the problems with those that are the same but for their place put together."""
    found: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for one in problems:
        found[one.what, one.remedy_of_several or one.remedy].append(one)
    return [
        {
            "what": what,
            "where": [one.where for one in those],
            "remedy": remedy if len(those) > 1 else those[0].remedy,
        }
        for (what, remedy), those in found.items()
    ]


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
