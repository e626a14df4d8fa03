"""What can be asked: metrics, dimensions, entities, measures, saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.definitions.listed_entries import (
    Listed,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
)
from metrics_store.query.definitions.metric_description import described_metric
from metrics_store.query.definitions.pages import matching
from metrics_store.serve.rest.responses import Items, document, not_modified, sliced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response

    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.serve.rest.asked import Asked


def _listed(
    asked: Asked, kind: type[Listed], find: Callable[[Definitions], Sequence[object]]
) -> Response:
    form = asked.form
    what = form.model_dump_json()
    known = not_modified(asked, what)
    if known is not None:
        return known
    found = find(asked.service.engine.definitions(asked.principal))
    wanted = matching(found, [form.search])  # type: ignore[type-var]
    items, page = sliced(wanted, form.page, form.page_size)
    listed = [kind.model_validate(item) for item in items]
    return document(asked, Items[kind](items=listed, page=page), what)  # type: ignore[valid-type]


def metrics(asked: Asked) -> Response:
    """List the metrics."""
    return _listed(asked, ListedMetric, lambda all_: all_.metrics())


def dimensions(asked: Asked) -> Response:
    """List the dimensions that all of some metrics have."""
    return _listed(asked, ListedDimension, lambda all_: all_.dimensions(asked.form.metrics))


def entities(asked: Asked) -> Response:
    """List the entities that all of some metrics have."""
    return _listed(asked, ListedEntity, lambda all_: all_.entities(asked.form.metrics))


def measures(asked: Asked) -> Response:
    """List the measures that some metrics are made of."""
    return _listed(asked, ListedMeasure, lambda all_: all_.measures(asked.form.metrics))


def saved_queries(asked: Asked) -> Response:
    """List the saved queries."""
    return _listed(asked, ListedSavedQuery, lambda all_: all_.saved_queries())


def metric(asked: Asked) -> Response:
    """Describe one metric, with all that it can be asked by."""
    name = asked.form.name
    known = not_modified(asked, name)
    if known is not None:
        return known
    definitions = asked.service.engine.definitions(asked.principal)
    return document(asked, described_metric(definitions, name), name)
