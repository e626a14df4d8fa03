"""Describes a grant in words, for authors of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.access.authorisation.visible_definitions import visible_manifest
from metrics_store.access.join_paths import JoinPaths
from metrics_store.access.policies.name_patterns import dimension_names
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.policies.grant import Grant, Permit
    from metrics_store.query.planner import Planner


def read_attributes(given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Parse attributes such as `teams=EMEA`; a name given several times has several values.

    Raises:
        MetricsStoreError: There is no `=`.
    """
    attributes: dict[str, tuple[str, ...]] = {}
    for text in given:
        name, mark, value = text.partition("=")
        if not name or not mark:
            raise MetricsStoreError(
                "an attribute has a name and a value", where=text, expected="such as teams=EMEA"
            )
        attributes[name] = (*attributes.get(name, ()), value)
    return attributes


def describe_grant(grant: Grant, planner: Planner) -> Iterator[str]:
    """Give lines that say what a caller may see, policy by policy."""
    if not grant.permits:
        yield "no policy is for them: they see nothing"
        return
    for permit in grant.permits:
        yield from _permit(permit, planner.manifest)
    visible = visible_manifest(planner.manifest, grant)
    saved = sorted(one.name for one in visible.saved_queries)
    yield f"in all {len(visible.metrics)} metrics; saved queries: {', '.join(saved) or 'none'}"


def _permit(permit: Permit, manifest: PydanticSemanticManifest) -> Iterator[str]:
    yield f"{permit.policy}: {permit.rows}"
    yield f"  metrics: {', '.join(sorted(permit.metrics)) or 'none'}"
    known = sorted(name for name in dimension_names(manifest) if permit.allows(name))
    yield f"  by: {', '.join(known)}"
    join_paths = JoinPaths(manifest)
    for dimension in permit.filtered_by:
        yield f"  {dimension} is reached"
        for model in manifest.semantic_models:
            path = join_paths.find(model, dimension)
            text = "not at all" if path is None else " and ".join(path.entities) or "by itself"
            yield f"    from {model.name}: {text}"
    for reason in sorted(set(permit.barred.values())):
        yield f"  not {reason}"
    yield ""
