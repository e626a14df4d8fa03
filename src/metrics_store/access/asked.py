"""What a request names: metrics, dimensions and entities, in every part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from metrics_store.query.calls.objects import saved_group_by
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.tree import (
    All,
    Any,
    Comparison,
    Constant,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Range,
    Truth,
    name_of,
)
from metrics_store.query.names import known_grains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


def filter_names(tree: Filter) -> Iterator[Name]:
    """Give what a filter names; a node that is not known is an error, never passed over."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from filter_names(part)
        case Not(part):
            yield from filter_names(part)
        case Comparison() | Membership() | Range() | Pattern() | Missing() | Truth():
            yield name_of(tree.term)
        case Constant():
            return
        case _:
            assert_never(tree)


def filter_asks(tree: Filter | None) -> tuple[frozenset[str], frozenset[str]]:
    """Give the metrics that a filter compares with, and its dimensions and entities."""
    names = [] if tree is None else list(filter_names(tree))
    metrics = {name.path for name in names if name.kind is Kind.METRIC}
    paths = {name.path for name in names if name.kind is not Kind.METRIC}
    return frozenset(metrics), frozenset(paths.union(*(name.group_by for name in names)))


def saved_query_names(
    saved: PydanticSavedQuery, manifest: PydanticSemanticManifest
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the metrics that a saved query asks or filters by, and its dimensions and entities."""
    parameters = saved.query_params
    metrics = set(parameters.metrics)
    paths = set()
    for given in parameters.group_by:
        # It may have its grain at its end.
        paths.add(split_date_part(saved_group_by(given).lower())[0])
    grains = tuple(known_grains(manifest))
    for one in parameters.where.where_filters if parameters.where else ():
        calls = one.call_parameter_sets(grains)
        for call in calls.dimension_call_parameter_sets:
            paths.add(_path(call.entity_path, call.dimension_reference))
        for call in calls.time_dimension_call_parameter_sets:
            paths.add(_path(call.entity_path, call.time_dimension_reference))
        for call in calls.entity_call_parameter_sets:
            paths.add(_path(call.entity_path, call.entity_reference))
        for call in calls.metric_call_parameter_sets:
            metrics.add(call.metric_reference.element_name)
            paths.update(one.element_name for one in call.group_by)
    return frozenset(metrics), frozenset(_without_grain(path, grains) for path in paths)


def _path(links: tuple[object, ...], last: object) -> str:
    return "__".join(str(getattr(one, "element_name", "")) for one in (*links, last)).lower()


def _without_grain(path: str, grains: tuple[str, ...]) -> str:
    bare, _, grain = path.rpartition("__")
    return bare if bare and grain in grains else path
