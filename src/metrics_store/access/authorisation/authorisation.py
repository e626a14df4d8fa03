"""Authorises a request: checks it against a grant and gives its scope of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import EntityType

from metrics_store.access.authorisation.filter_references import filter_references
from metrics_store.access.authorisation.visible_definitions import VisibleDefinitions
from metrics_store.access.join_paths import keys
from metrics_store.access.row_filters import EVERY_ROW, Scope
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.filter_tree import Name
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.resolution.definition_resolver import DefinitionResolver
from metrics_store.query.resolution.request_resolver import resolve_request
from metrics_store.query.resolution.saved_query_names import saved_query_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.policies.grant import Grant
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner

_KEYS = (EntityType.PRIMARY, EntityType.UNIQUE)


def authorise(request: MetricRequest, grant: Grant | None, planner: Planner) -> Scope:
    """Give the scope of a request: the rows that its answer may be computed from.

    Args:
        request: The request.
        grant: What the caller may see; none where there are no policies.
        planner: Knows the definitions, all of them.

    Raises:
        NotAllowedError: The caller may see the parts but not together, or a metric whose rows
            the filters do not reach.
        MetricsStoreError: A name does not exist, or is hidden from the caller: the errors are the
            same, to the names that are proposed instead.
    """
    if grant is None:
        return Scope(EVERY_ROW)
    for metric in request.metrics:
        if not grant.metric(metric) and any(metric in one.barred for one in grant.permits):
            grant.row_filters(metric)
    visible = VisibleDefinitions(planner, grant)
    request = resolve_request(visible, request)
    metrics, paths = filter_references(request.where)
    metrics |= set(request.metrics)
    paths |= _group_bys(request, visible)
    if request.saved_query is not None:
        saved = next(
            one for one in visible.manifest.saved_queries if one.name == request.saved_query
        )
        saved_metrics, names = saved_query_names(saved, planner.manifest)
        # They may be short there, and the policies have the full ones.
        resolver = DefinitionResolver.of(planner, saved.query_params.metrics)
        saved_paths = {resolver.resolve(Name(name)).path for name in names}
        return Scope(grant.rows_of_all(metrics | saved_metrics, paths | saved_paths))
    if request.metrics:
        return Scope(grant.rows_of_all(metrics, paths))
    models = _models(paths, planner.manifest)
    return Scope(grant.rows_of_values(paths, models, metrics), has_metrics=False)


def _group_bys(request: MetricRequest, visible: VisibleDefinitions) -> set[str]:
    names = DefinitionResolver.of(visible, request.metrics)
    return {names.resolve(Name(split_date_part(one)[0])).path for one in request.group_by}


def _models(paths: Collection[str], manifest: PydanticSemanticManifest) -> set[str]:
    """Give the models that the values of dimensions may come from."""
    found: set[str] = set()
    for path in set(paths) - {METRIC_TIME}:
        *links, last = path.split("__")
        own = {
            model.name
            for model in manifest.semantic_models
            if links and links[-1] in keys(model)
            for dimension in model.dimensions
            if dimension.name == last
        }
        having = {
            model.name: any(one.name == last and one.type in _KEYS for one in model.entities)
            for model in manifest.semantic_models
            if any(one.name == last for one in model.entities)
        }
        described = {name for name, is_key in having.items() if is_key}
        found |= own or described or having.keys()
    return found
