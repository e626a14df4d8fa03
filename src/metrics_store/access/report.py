"""What somebody may see, in words, for those who write policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.access.names import dimension_names
from metrics_store.access.paths import Ways
from metrics_store.access.sight import seen_manifest
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.grant import Grant, Permit
    from metrics_store.query.planner import Planner


def read_attributes(given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Understand `teams=EMEA`; what is given several times has several values.

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


def described(grant: Grant, planner: Planner) -> Iterator[str]:
    """Give lines that say what a caller may see, policy by policy."""
    if not grant.permits:
        yield "no policy is for them: they see nothing"
        return
    for permit in grant.permits:
        yield from _permit(permit, planner.manifest)
    seen = seen_manifest(planner.manifest, grant)
    saved = sorted(one.name for one in seen.saved_queries)
    yield f"in all {len(seen.metrics)} metrics; saved queries: {', '.join(saved) or 'none'}"


def _permit(permit: Permit, manifest: PydanticSemanticManifest) -> Iterator[str]:
    yield f"{permit.policy}: {permit.rows}"
    yield f"  metrics: {', '.join(sorted(permit.metrics)) or 'none'}"
    known = sorted(name for name in dimension_names(manifest) if permit.shows(name))
    yield f"  by: {', '.join(known)}"
    ways = Ways(manifest)
    for dimension in permit.told_by:
        yield f"  {dimension} is reached"
        for model in manifest.semantic_models:
            way = ways.find(model, dimension)
            said = "not at all" if way is None else " and ".join(way.entities) or "by itself"
            yield f"    from {model.name}: {said}"
    for reason in sorted(set(permit.barred.values())):
        yield f"  not {reason}"
    yield ""
