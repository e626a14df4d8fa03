"""Policies in words, without the names that are hidden here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.policies.name_patterns import ANY
from metrics_store.catalogue.site.content.site_client import request_answer
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.access.policies.policy_file import Policy, RowRule
    from metrics_store.catalogue.site.content.site_subject import Subject

_MOST_VALUES = 10_000


@dataclass(frozen=True)
class PolicyPage:
    """What a policy's page says.

    Attributes:
        name: What it is called.
        to: Whom it is for, a line each.
        metrics: The metrics that it shows, of those visible here.
        hidden_metrics: How many more it shows.
        dimensions: Names and patterns that it shows metrics by.
        except_dimensions: Names and patterns that it does not.
        rows: Which rows it shows, a line a condition; none for all.
    """

    name: str
    to: tuple[str, ...]
    metrics: tuple[str, ...]
    hidden_metrics: int
    dimensions: tuple[str, ...]
    except_dimensions: tuple[str, ...]
    rows: tuple[str, ...]


def policy_pages(subject: Subject) -> list[PolicyPage]:
    """Describe the policies, in the order of their file."""
    if subject.policies is None or not subject.shows_policies:
        return []
    metrics_by_policy = subject.policies.shown
    return [
        _page(subject, policy, metrics_by_policy[policy.name])
        for policy in subject.policies.content
    ]


def _page(subject: Subject, policy: Policy, metrics_by_policy: frozenset[str]) -> PolicyPage:
    visible = metrics_by_policy & subject.visible.metrics
    return PolicyPage(
        name=policy.name,
        to=_audience(policy),
        metrics=tuple(sorted(visible)),
        hidden_metrics=len(metrics_by_policy - visible),
        dimensions=_visible_names(policy.dimensions, subject.visible.dimension),
        except_dimensions=_visible_names(policy.except_dimensions, subject.visible.dimension),
        rows=tuple(_row(rule, subject) for rule in policy.rows or ()),
    )


def _audience(policy: Policy) -> tuple[str, ...]:
    if policy.to.everybody:
        return ("everybody",)
    groups = [f"members of {group}" for group in policy.to.groups]
    return (*groups, *policy.to.users)


def _visible_names(names: Sequence[str], visible: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(name for name in names if ANY in name or visible(name))


def _row(rule: RowRule, subject: Subject) -> str:
    if not subject.visible.dimension(rule.dimension):
        return "where a dimension that is not shown here has certain values"
    if rule.attribute is not None:
        return f"where {rule.dimension} is one of the caller's own {rule.attribute}"
    values = [str(value) for value in rule.given]
    known = _values(subject, rule.dimension)
    named = [value for value in values if value in known]
    hidden = len(values) - len(named)
    if hidden:
        named.append(f"{hidden} that {'is' if hidden == 1 else 'are'} not shown here")
    return f"where {rule.dimension} is {' or '.join(named)}"


def _values(subject: Subject, dimension: str) -> set[str]:
    """Give the values that are visible here: a policy may name others."""
    answer = request_answer(subject.client, MetricRequest(group_by=[dimension], limit=_MOST_VALUES))
    if answer.table is None:
        return set()
    return {str(value) for value in answer.table.column(0).to_pylist()}
