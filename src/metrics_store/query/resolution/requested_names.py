"""The metrics and group-bys of a request: its own, or those of its saved query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.calls.object_parser import saved_group_by

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.protocols import SavedQueryQueryParams

    from metrics_store.query.metric_request import MetricRequest


def find_saved_query(
    manifest: PydanticSemanticManifest, request: MetricRequest
) -> PydanticSavedQuery | None:
    """Give the saved query that a request names; none where it names none that exists."""
    return next(
        (saved for saved in manifest.saved_queries if saved.name == request.saved_query), None
    )


def requested_metrics(
    manifest: PydanticSemanticManifest, request: MetricRequest
) -> tuple[str, ...]:
    """Give the metrics of a request."""
    saved = find_saved_query(manifest, request)
    return tuple(request.metrics if saved is None else saved.query_params.metrics)


def requested_group_bys(
    manifest: PydanticSemanticManifest, request: MetricRequest
) -> tuple[str, ...]:
    """Give the group-bys of a request."""
    saved = find_saved_query(manifest, request)
    return tuple(request.group_by) if saved is None else saved_group_bys(saved.query_params)


def saved_group_bys(parameters: SavedQueryQueryParams) -> tuple[str, ...]:
    """Give the group-bys of a saved query as requests have them."""
    return tuple(saved_group_by(one) for one in parameters.group_by)
