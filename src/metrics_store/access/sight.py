"""The definitions as somebody may see them: for lists, for names to propose, for checks."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metrics_store.access.asked import saved_query_names
from metrics_store.access.names import dimension_names
from metrics_store.access.paths import keys
from metrics_store.errors import NotAllowedError
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

    from metrics_store.access.grant import Grant
    from metrics_store.query.filters.tree import Kind


class SeenDefinitions(Planner):
    """A planner's definitions, without what a caller may not see; it plans nothing itself.

    `manifest` has the metrics, saved queries, dimensions and measures that are seen. It is for
    reading: metrics may be made of others that are not in it.
    """

    def __init__(self, planner: Planner, grant: Grant) -> None:
        self._planner = planner
        self._grant = grant
        self._seen_kinds: dict[str, dict[str, Kind]] = {}
        self.manifest = seen_manifest(planner.manifest, grant)

    def group_bys(self, metric: str) -> dict[str, str]:
        """Give the names a metric can be grouped by for the caller, with their descriptions."""
        named = self._planner.group_bys(metric)
        return {name: text for name, text in named.items() if self._grant.shows(metric, name)}

    def kinds(self, metric: str) -> dict[str, Kind]:
        """Say of each name in `group_bys` what it is."""
        if metric not in self._seen_kinds:
            self._seen_kinds[metric] = {
                name: kind
                for name, kind in self._planner.kinds(metric).items()
                if self._grant.shows(metric, name)
            }
        return self._seen_kinds[metric]

    def default_grain(self, metric: str) -> str:
        """Give the grain that `metric_time` stands for where none is said."""
        return self._planner.default_grain(metric)

    @functools.cached_property
    def dimension_names(self) -> frozenset[str]:
        """The dimensions and entities whose values the caller may ask for, by shortest names."""
        known = dimension_names(self._planner.manifest)
        return frozenset(name for name in known if self._grant.dimension(name))

    def plan(self, question: object) -> str:
        """Refuse: what is seen is not what is needed to plan, and rows would not be hidden.

        Raises:
            NotAllowedError: Always.
        """
        del question
        raise NotAllowedError("questions are planned by the engine")


def seen_manifest(manifest: PydanticSemanticManifest, grant: Grant) -> PydanticSemanticManifest:
    """Give the part of the definitions that a caller may see."""
    metrics = [metric for metric in manifest.metrics if grant.metric(metric.name)]
    measures = {one.name for metric in metrics for one in metric.type_params.input_measures}
    return manifest.copy(
        update={
            "metrics": metrics,
            "saved_queries": [
                one for one in manifest.saved_queries if _is_seen(one, manifest, grant)
            ],
            "semantic_models": [
                _seen_model(model, measures, grant) for model in manifest.semantic_models
            ],
        }
    )


def _is_seen(saved: PydanticSavedQuery, manifest: PydanticSemanticManifest, grant: Grant) -> bool:
    metrics, paths = saved_query_names(saved, manifest)
    return all(grant.shows_together(metric, paths) for metric in metrics)


def _seen_model(
    model: PydanticSemanticModel, measures: set[str], grant: Grant
) -> PydanticSemanticModel:
    named_by = keys(model)
    dimensions = [
        one
        for one in model.dimensions
        if any(grant.dimension(f"{key}__{one.name}") for key in named_by)
    ]
    return model.copy(
        update={
            "dimensions": dimensions,
            # Dimensions that are seen are named by entities that may not be asked themselves.
            "entities": [
                one
                for one in model.entities
                if grant.dimension(one.name) or (dimensions and one.name in named_by)
            ],
            "measures": [one for one in model.measures if one.name in measures],
        }
    )
