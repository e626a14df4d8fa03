"""The names of a question against those that the definitions have: unknown ones get the nearest."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.tree import Kind, Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

METRIC_TIME = "metric_time"
_NEAREST = 3
_WORDS = {
    Kind.DIMENSION: "a dimension",
    Kind.TIME_DIMENSION: "a time dimension",
    Kind.ENTITY: "an entity",
    Kind.METRIC: "a metric",
}


def unknown(what: str, name: str, known: Iterable[str], remedy: str) -> MetricsStoreError:
    """Give the error for a name that does not exist, with the nearest ones."""
    near = difflib.get_close_matches(name, sorted(known), n=_NEAREST, cutoff=0.5)
    expected = "perhaps " + " or ".join(near) if near else ""
    return MetricsStoreError(what, where=name or "an empty name", expected=expected, remedy=remedy)


def known_grains(manifest: PydanticSemanticManifest) -> frozenset[str]:
    """Give the grains that times can have: the standard ones and those of the time spines."""
    own = {
        granularity.name
        for spine in manifest.project_configuration.time_spines
        for granularity in spine.custom_granularities
    }
    return frozenset({granularity.value for granularity in TimeGranularity} | own)


@dataclass(frozen=True)
class Offer:
    """What the metrics of a question can be grouped and filtered by.

    Attributes:
        kinds: Metric -> name -> what it is.
        grains: The grains that times can have.
        metrics: The metrics that a filter can ask for.
    """

    kinds: Mapping[str, Mapping[str, Kind]]
    grains: frozenset[str]
    metrics: frozenset[str] = frozenset()

    def resolve(self, name: Name) -> Name:
        """Say of a name what it is, and part its grain from it.

        Raises:
            MetricsStoreError: A metric does not have it, or it is something else than is said.
        """
        if name.kind is Kind.METRIC:
            return self._metric(name)
        found = self._find(name)
        if found.kind is Kind.ENTITY and found.grain is not None:
            raise MetricsStoreError("an entity has no grain", where=str(name))
        # A time dimension may be called a dimension.
        said = {Kind.UNSAID: found.kind, Kind.DIMENSION: Kind.TIME_DIMENSION}.get(name.kind)
        if found.kind not in (name.kind, said):
            raise MetricsStoreError(
                f"{found.path} is {_WORDS[found.kind]}, not {_WORDS[name.kind]}", where=str(name)
            )
        return found

    def _metric(self, name: Name) -> Name:
        if name.path not in self.metrics:
            raise unknown(
                "there is no such metric", name.path, self.metrics, "`metrics list` shows them"
            )
        for entity in name.group_by:
            if self._find(Name(entity)).kind is not Kind.ENTITY:
                raise MetricsStoreError(
                    "a filter can ask for a metric by entities only",
                    where=str(name),
                    expected=", ".join(self._entities()) or "",
                )
        return name

    def _entities(self) -> list[str]:
        first, *_ = self.kinds.values()
        return sorted(path for path, kind in first.items() if kind is Kind.ENTITY)

    def _find(self, name: Name) -> Name:
        first, *_ = self.kinds.values()
        if name.path in first or self._is_linked_entity(name.path):
            path, grain = name.path, name.grain
        else:
            path, _, grain = name.path.rpartition("__")
            if name.grain is not None or first.get(path) is not Kind.TIME_DIMENSION:
                path, grain = name.path, name.grain
        for metric, kinds in self.kinds.items():
            if path not in kinds and not self._is_linked_entity(path):
                raise unknown(
                    f"{metric or 'no metric'} has nothing by this name to group or filter by",
                    str(name),
                    kinds,
                    f"`metrics list {metric or 'METRIC'}` shows what it can be grouped by",
                )
        kind = first.get(path, Kind.ENTITY)
        if grain is not None and kind is Kind.DIMENSION:
            raise MetricsStoreError(f"{path} is no time and has no grain", where=str(name))
        if grain is not None and grain not in self.grains:
            raise unknown(
                "there is no such grain", grain, self.grains, "ask by " + path + "__month"
            )
        return Name(path, kind, grain)

    def _is_linked_entity(self, path: str) -> bool:
        """Whether it is an entity reached over others, which are not listed one by one."""
        return all(
            kinds.get(part) is Kind.ENTITY
            for kinds in self.kinds.values()
            for part in path.split("__")
        )
