"""Endpoints that list metrics, dimensions, entities, measures and saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.definitions.listed_entries import (
    Listed,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
    described_metric,
)
from metrics_store.query.definitions.pages import search_items
from metrics_store.serve.rest.responses import Items, document, not_modified, sliced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response

    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.serve.rest.rest_request import RestRequest


def _listed(
    request: RestRequest, kind: type[Listed], find: Callable[[Definitions], Sequence[object]]
) -> Response:
    form = request.form
    what = form.model_dump_json()
    known = not_modified(request, what)
    if known is not None:
        return known
    found = find(request.service.engine.definitions(request.principal))
    wanted = search_items(found, [form.search])  # type: ignore[type-var]
    items, page = sliced(wanted, form.page, form.page_size)
    listed = [kind.model_validate(item) for item in items]
    return document(request, Items[kind](items=listed, page=page), what)  # type: ignore[valid-type]


def metrics(request: RestRequest) -> Response:
    """List the metrics."""
    return _listed(request, ListedMetric, lambda all_: all_.metrics())


def dimensions(request: RestRequest) -> Response:
    """List the dimensions that all of some metrics have."""
    return _listed(request, ListedDimension, lambda all_: all_.dimensions(request.form.metrics))


def entities(request: RestRequest) -> Response:
    """List the entities that all of some metrics have."""
    return _listed(request, ListedEntity, lambda all_: all_.entities(request.form.metrics))


def measures(request: RestRequest) -> Response:
    """List the measures that some metrics are computed from."""
    return _listed(request, ListedMeasure, lambda all_: all_.measures(request.form.metrics))


def saved_queries(request: RestRequest) -> Response:
    """List the saved queries."""
    return _listed(request, ListedSavedQuery, lambda all_: all_.saved_queries())


def metric(request: RestRequest) -> Response:
    """Describe one metric, with all that it can be asked by."""
    name = request.form.name
    known = not_modified(request, name)
    if known is not None:
        return known
    definitions = request.service.engine.definitions(request.principal)
    return document(request, described_metric(definitions, name), name)
