"""The definitions that are visible to a caller: for lists, proposals and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.resolution.definition_lookup import DefinitionLookup
from metrics_store.query.resolution.saved_query_names import saved_query_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.policies.grant import Grant
    from metrics_store.query.filters.filter_tree import Kind
    from metrics_store.query.resolution.exclusions import Exclusions
    from metrics_store.query.resolution.time_grains import TimeGrains


class VisibleDefinitions(DefinitionLookup):
    """Looks names up among those that are visible to a caller.

    The inputs of a visible metric may be missing from its `manifest`.
    """

    def __init__(self, every: DefinitionLookup, grant: Grant) -> None:
        self._every = every
        self._grant = grant
        self._visible_kinds: dict[str, dict[str, Kind]] = {}
        self.manifest = visible_manifest(every.manifest, grant)

    def group_bys(self, metric: str) -> dict[str, str]:
        """Give the names a metric can be grouped by for the caller, with their descriptions."""
        named = self._every.group_bys(metric)
        return {name: text for name, text in named.items() if self._grant.allows(metric, name)}

    def listed_group_bys(self, metric: str) -> list[str]:
        """Give the names of `group_bys` that are visible to the caller."""
        return [
            one for one in self._every.listed_group_bys(metric) if self._grant.allows(metric, one)
        ]

    def kinds(self, metric: str) -> dict[str, Kind]:
        """Say of each name in `group_bys` what it is."""
        if metric not in self._visible_kinds:
            self._visible_kinds[metric] = {
                name: kind
                for name, kind in self._every.kinds(metric).items()
                if self._grant.allows(metric, name)
            }
        return self._visible_kinds[metric]

    def hidden(self, metric: str) -> Collection[str]:
        """Give the names that are hidden from the caller; of no metric, those of all."""
        if not metric:
            return self._every.all_kinds().keys() - self.all_kinds().keys()
        return self._every.kinds(metric).keys() - self.kinds(metric).keys()

    @property
    def exclusions(self) -> Exclusions:
        """The exclusions of all metrics, as visible metrics may have hidden inputs."""
        return self._every.exclusions

    def default_grain(self, metric: str) -> str:
        """Give the grain that `metric_time` stands for where none is given."""
        return self._every.default_grain(metric)

    def finest_grain(self, metric: str) -> str:
        """Give the shortest grain that a metric's `metric_time` has."""
        return self._every.finest_grain(metric)

    def time_grains(self, metrics: Sequence[str], path: str) -> TimeGrains:
        """Give the grains of a time of some metrics, whose kinds were read before."""
        return self._every.time_grains(metrics, path)

    def grains_of_times(self, metric: str) -> Mapping[str, Sequence[str]]:
        """Give each time of a metric with its grains, hidden ones too, requested by name."""
        return self._every.grains_of_times(metric)

    def all_kinds(self) -> dict[str, Kind]:
        """Say of each name that any metric can be grouped by what it is."""
        known = self._every.all_kinds()
        return {name: kind for name, kind in known.items() if self._grant.dimension(name)}


def visible_manifest(manifest: PydanticSemanticManifest, grant: Grant) -> PydanticSemanticManifest:
    """Give the definitions without the metrics and saved queries hidden from a caller."""
    return manifest.copy(
        update={
            "metrics": [one for one in manifest.metrics if grant.metric(one.name)],
            "saved_queries": [
                one
                for one in manifest.saved_queries
                if saved_query_is_visible(one, manifest, grant)
            ],
        }
    )


def saved_query_is_visible(
    saved: PydanticSavedQuery, manifest: PydanticSemanticManifest, grant: Grant
) -> bool:
    """Whether a caller may request all that a saved query names, together."""
    metrics, paths = saved_query_names(saved, manifest)
    return all(grant.allows_together(metric, paths) for metric in metrics)
