"""What a saved query names: metrics, dimensions and entities, in every part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.calls.object_parser import saved_group_by
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.metric_time import known_grains

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


def saved_query_names(
    saved: PydanticSavedQuery, manifest: PydanticSemanticManifest
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the metrics that a saved query has or filters by, and its dimensions and entities."""
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
