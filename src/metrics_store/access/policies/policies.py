"""The policies of a project: read, bound to the definitions, granted to a principal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.join_paths import JoinPaths
from metrics_store.access.metric_sources import MetricSources
from metrics_store.access.policies.grant import Grant, Permit
from metrics_store.access.policies.local_principal import principal_of
from metrics_store.access.policies.name_patterns import (
    ANY,
    NamePatterns,
    dimension_names,
    is_dimension,
    matches,
)
from metrics_store.access.policies.policy_file import POLICY_FILE, read_policy_file
from metrics_store.access.policies.row_rules import check_row_rule, row_values
from metrics_store.access.principal import LOCAL
from metrics_store.access.row_filters import NO_ROW, RowFilter, Rows, union
from metrics_store.errors import MetricsStoreError
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.policies.policy_file import Policy, PolicyFile
    from metrics_store.access.principal import Principal


@dataclass(frozen=True)
class _Bound:
    """A policy bound to the definitions; the same for all principals."""

    policy: Policy
    metrics: frozenset[str]
    barred: dict[str, str]
    models: frozenset[str]


class Policies:
    """The policies of one project over one manifest.

    Raises:
        MetricsStoreError: They name what the definitions do not have, or filter by what cannot be
            filtered by.
    """

    def __init__(self, content: PolicyFile, manifest: PydanticSemanticManifest, text: str) -> None:
        self._local = content.local
        self._version = hashlib.sha256(text.encode()).hexdigest()
        self._bound = tuple(
            _bind(policy, manifest, f"{POLICY_FILE}: policies[{position}] ({policy.name})")
            for position, policy in enumerate(content.policies)
        )

    @classmethod
    def load(cls, project_directory: Path, manifest: PydanticSemanticManifest) -> Policies | None:
        """Read the policies of a project; none where it has no file, and everybody sees all.

        Raises:
            MetricsStoreError: The file is wrong.
        """
        found = read_policy_file(project_directory)
        return None if found is None else cls(found[0], manifest, found[1])

    @property
    def names(self) -> list[str]:
        """What the policies are called."""
        return [bound.policy.name for bound in self._bound]

    @property
    def shown(self) -> dict[str, frozenset[str]]:
        """The metrics that each policy shows, by the policy's name."""
        return {bound.policy.name: bound.metrics for bound in self._bound}

    @property
    def content(self) -> tuple[Policy, ...]:
        """The policies as they are written."""
        return tuple(bound.policy for bound in self._bound)

    def grant_for(self, principal: Principal) -> Grant:
        """Give the grant of a principal; an empty one where no policy holds for it.

        Raises:
            NotAllowedError: It is the local principal, and the policies do not define it.
        """
        if principal is LOCAL:
            principal = principal_of(self._local)
        permits = []
        key = []
        for position, bound in enumerate(self._bound):
            to = bound.policy.to
            if not (
                to.everybody
                or principal.name in to.users
                or principal.groups.intersection(to.groups)
            ):
                continue
            rows = _rows(bound.policy, principal)
            key.append((position, rows))
            permits.append(
                Permit(
                    policy=bound.policy.name,
                    metrics=bound.metrics,
                    barred=bound.barred,
                    dimensions=NamePatterns(
                        tuple(bound.policy.dimensions), tuple(bound.policy.except_dimensions)
                    ),
                    rows=rows,
                    models=bound.models,
                    filtered_by=tuple(rule.dimension for rule in bound.policy.rows or ()),
                )
            )
        return Grant((self._version, tuple(key)), tuple(permits))


def _rows(policy: Policy, principal: Principal) -> Rows:
    """Give the rows of a policy; none where the caller lacks an attribute that it compares with."""
    filters = []
    for rule in policy.rows or ():
        values = row_values(rule, principal)
        if not values:
            return NO_ROW
        filters.append(RowFilter(rule.dimension, values))
    return union([Rows((tuple(filters),))])


def _bind(policy: Policy, manifest: PydanticSemanticManifest, place: str) -> _Bound:
    public = [metric.name for metric in manifest.metrics if not metric.type_params.is_private]
    dimensions = dimension_names(manifest)
    for what, patterns, known, fits in (
        ("metric", policy.metrics, public, None),
        ("metric", policy.except_metrics, public, None),
        ("dimension", policy.dimensions, dimensions, dimensions),
        ("dimension", policy.except_dimensions, dimensions, dimensions),
    ):
        _check_names(what, patterns, known, place, _fits(known, reached=fits))
    join_paths = JoinPaths(manifest)
    for rule in policy.rows or ():
        check_row_rule(rule.dimension, manifest, join_paths, f"{place} rows")
    reachable = frozenset(
        model.name
        for model in manifest.semantic_models
        if all(join_paths.find(model, rule.dimension) for rule in policy.rows or ())
    )
    granted = NamePatterns(tuple(policy.metrics), tuple(policy.except_metrics))
    metrics = {name for name in public if name in granted}
    barred = {}
    if policy.rows:
        sources = MetricSources(manifest)
        filtered_by = ", ".join(rule.dimension for rule in policy.rows)
        for name in metrics:
            missed = sources.models(name) - reachable
            if missed:
                barred[name] = (
                    f"{name} is made of {', '.join(sorted(missed))}, whose rows cannot be told by "
                    f"{filtered_by}, by which you see rows"
                )
    return _Bound(policy, frozenset(metrics - barred.keys()), barred, reachable)


def _fits(known: Collection[str], reached: frozenset[str] | None) -> Callable[[str], bool]:
    def fits(name: str) -> bool:
        if ANY in name:
            return any(matches(name, one) for one in known)
        return name in known or (reached is not None and is_dimension(name, reached))

    return fits


def _check_names(
    what: str,
    patterns: Iterable[str],
    known: Collection[str],
    place: str,
    fits: Callable[[str], bool],
) -> None:
    for pattern in patterns:
        if fits(pattern):
            continue
        words = f"no {what} is named {pattern}"
        if ANY in pattern:
            words = f"no {what} has a name such as {pattern}"
        error = unknown_name(words, pattern, known, "")
        raise MetricsStoreError(
            error.what,
            where=place,
            expected=error.expected,
            remedy="take it out of the policy, or give the name that the definitions have",
        )
