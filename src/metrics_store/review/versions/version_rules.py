"""The rules that a change of metrics must keep."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.review.changes.change import Action
from metrics_store.review.changes.tier import Tier
from metrics_store.review.versions.metric_owners import OWNERS_FILE, same_person
from metrics_store.review.versions.rule_problem import Problem
from metrics_store.review.versions.semantic_version import read_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.review.changes.change import Change
    from metrics_store.review.changes.project_review import Review
    from metrics_store.review.versions.metric_owners import Owners

_VERSION = "config.meta.version"
CERTIFIED = "certified"


@dataclass(frozen=True)
class RuleContext:
    """What the rules look at besides the definitions.

    Attributes:
        changelog: The lines that were added to the changelog.
        changelog_name: The file's name.
        owners: Who must agree, as the base has it; none where there is no such file.
        approvers: Who agreed.
    """

    changelog: tuple[str, ...] = ()
    changelog_name: str = "CHANGELOG.md"
    owners: Owners | None = None
    approvers: tuple[str, ...] = field(default=())


def find_problems(review: Review, rule_context: RuleContext) -> list[Problem]:
    """Give what of a review breaks a rule.

    - A metric with a version raises it with every change that can change its numbers.
    - Such a change, or a metric that goes, is told in the changelog.
    - Of a certified metric, an owner agrees to it.
    - A certified metric has a version and an owner.
    """
    found: list[Problem] = []
    for change in review.metrics:
        if change.tier is Tier.MAJOR:
            found += _of_version(change)
            found += _of_changelog(change, rule_context)
            found += _of_approval(change, rule_context)
    for name, metric in review.head.metrics.items():
        if metric.meta.get("tier") == CERTIFIED:
            for key in ("version", "owner"):
                if not metric.meta.get(key):
                    where = f"metric {name}"
                    remedy = f"give it config.meta.{key}"
                    found.append(Problem(f"it is certified and has no {key}", where, remedy))
    return found


def _of_version(change: Change) -> Iterator[Problem]:
    if change.old is None or change.new is None:
        return
    said, now = change.old.meta.get("version"), change.new.meta.get("version")
    where = f"metric {change.name}"
    if now is None:
        if said is not None:
            yield Problem("it has lost its version", where, f"give it {_VERSION}")
        return
    version, before = read_version(now), read_version(said)
    if version is None:
        form = f"write {_VERSION} as three numbers, such as 1.2.0"
        yield Problem(f"its version {now} cannot be understood", where, form)
    elif before is not None and version < (least := before.raised(change.tier)):
        reason = _reason(change)
        what = f"a {change.tier} change ({reason or change.action.value}) left its version at {now}"
        yield Problem(what, where, f"raise {_VERSION} to {least}")


def _reason(change: Change) -> str:
    """Name the fields that make a change what it is, as far as they are its own."""
    fields = [one for one in change.fields if one.tier is change.tier]
    own = [one.name for one in fields if not one.is_inherited]
    return ", ".join(own) or ("of what it is made of" if fields else "")


def _of_changelog(change: Change, rule_context: RuleContext) -> Iterator[Problem]:
    name = change.old.name if change.old else change.name
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    if not any(word.search(line) for line in rule_context.changelog):
        yield Problem(
            f"{_action(change)}, and the changelog does not tell it",
            f"metric {name}",
            f"add a line that names `{name}` to {rule_context.changelog_name}",
            f"add lines that name each of them to {rule_context.changelog_name}",
        )


def _of_approval(change: Change, rule_context: RuleContext) -> Iterator[Problem]:
    before = change.old or change.definition
    if before.meta.get("tier") != CERTIFIED or rule_context.owners is None:
        return
    owners = rule_context.owners.of(before.name)
    where = f"metric {before.name}"
    if not owners:
        remedy = f"add a line for it to {OWNERS_FILE}"
        yield Problem("it is certified and nobody owns it", where, remedy)
    elif not any(
        same_person(owner, approver) for owner in owners for approver in rule_context.approvers
    ):
        what = f"{_action(change)}, it is certified, and none of its owners agreed"
        yield Problem(what, where, f"ask {' or '.join(owners)} to approve the change")


def _action(change: Change) -> str:
    if change.action is Action.CHANGED:
        return "its numbers can differ" if change.values_can_differ else "a major change was made"
    return f"it was {change.action.value}"
