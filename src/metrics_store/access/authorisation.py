"""May this be asked, and of which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import EntityType

from metrics_store.access.asked import filter_metrics, filter_names, saved_query_names
from metrics_store.access.names import dimension_names, is_dimension
from metrics_store.access.paths import keys
from metrics_store.access.rows import EVERY_ROW, Scope
from metrics_store.access.sight import SeenDefinitions
from metrics_store.query.filters.tree import Name
from metrics_store.query.names import METRIC_TIME, Offer, known_grains, unknown
from metrics_store.query.questions import checked

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.grant import Grant
    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest

_KEYS = (EntityType.PRIMARY, EntityType.UNIQUE)


def authorise(request: MetricRequest, grant: Grant | None, planner: Planner) -> Scope:
    """Give the rows that the answer to a request may be made of.

    Args:
        request: What is asked.
        grant: What the caller may see; none where there are no policies.
        planner: Knows the definitions, all of them.

    Raises:
        NotAllowedError: The caller may see the parts but not together, or a metric whose rows
            cannot be told apart.
        MetricsStoreError: A name does not exist, or is hidden from the caller: the two look alike,
            to the names that are proposed instead.
    """
    if grant is None:
        return Scope(EVERY_ROW)
    seen = SeenDefinitions(planner, grant)
    if request.saved_query is None and not request.metrics:
        paths = _value_paths(request, grant, planner.manifest)
        models = _models(paths, planner.manifest)
        return Scope(grant.rows_of_values(paths, models), has_metrics=False)
    for metric in request.metrics:
        if not grant.metric(metric) and any(metric in one.barred for one in grant.permits):
            grant.row_filters(metric)
    request = checked(seen, request)
    metrics = set(request.metrics)
    paths = set()
    if request.saved_query is not None:
        [saved] = [one for one in seen.manifest.saved_queries if one.name == request.saved_query]
        saved_metrics, saved_paths = saved_query_names(saved, planner.manifest)
        metrics |= saved_metrics
        paths |= saved_paths
    offer = Offer(
        {metric: seen.kinds(metric) for metric in metrics}, known_grains(planner.manifest)
    )
    paths |= {offer.resolve(Name(one.lower())).path for one in request.group_by}
    if request.where is not None:
        paths |= {name.path for name in filter_names(request.where)}
        metrics |= set(filter_metrics(request.where))
    return Scope(grant.rows_of_all(sorted(metrics), paths))


def _value_paths(
    request: MetricRequest, grant: Grant, manifest: PydanticSemanticManifest
) -> set[str]:
    known = dimension_names(manifest)
    given = [Name(one.lower()) for one in request.group_by]
    if request.where is not None:
        given += filter_names(request.where)
    paths = set()
    for name in given:
        # The last part may be a grain.
        for path in (name.path, name.path.rpartition("__")[0]):
            if is_dimension(path, known) and grant.dimension(path):
                paths.add(path)
                break
        else:
            visible = {one for one in known if grant.dimension(one)}
            raise unknown("there is no such dimension", str(name), visible, "")
    return paths


def _models(paths: set[str], manifest: PydanticSemanticManifest) -> set[str]:
    """Give the models that the values of dimensions may come from."""
    found: set[str] = set()
    for path in paths - {METRIC_TIME}:
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
