"""The names that definitions have, as the resolution of a request looks them up."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.query.filters.filter_tree import Kind
    from metrics_store.query.resolution.exclusions import Exclusions
    from metrics_store.query.resolution.time_grains import TimeGrains


class DefinitionLookup(abc.ABC):
    """Looks names up in a semantic manifest, or in the part of it that a caller may see."""

    manifest: PydanticSemanticManifest

    @property
    def public_metrics(self) -> list[PydanticMetric]:
        """The metrics but MetricFlow's own, made of measures that other metrics need."""
        return [metric for metric in self.manifest.metrics if not metric.type_params.is_private]

    @property
    @abc.abstractmethod
    def exclusions(self) -> Exclusions:
        """The names that each metric has no meaning by, and why."""

    @abc.abstractmethod
    def group_bys(self, metric: str) -> dict[str, str]:
        """Give the names a metric can be grouped by, each with its description."""

    @abc.abstractmethod
    def listed_group_bys(self, metric: str) -> list[str]:
        """Give the names of `group_bys` that people are shown."""

    @abc.abstractmethod
    def kinds(self, metric: str) -> dict[str, Kind]:
        """Give the kind of each name in `group_bys`."""

    @abc.abstractmethod
    def all_kinds(self) -> dict[str, Kind]:
        """Give the kind of each name that any metric can be grouped by."""

    @abc.abstractmethod
    def hidden(self, metric: str) -> Collection[str]:
        """Give the names that exist and may not be requested; of no metric, those of any."""

    @abc.abstractmethod
    def default_grain(self, metric: str) -> str:
        """Give the grain that `metric_time` stands for where none is given."""

    @abc.abstractmethod
    def finest_grain(self, metric: str) -> str:
        """Give the shortest grain that a metric's `metric_time` has."""

    @abc.abstractmethod
    def time_grains(self, metrics: Sequence[str], path: str) -> TimeGrains:
        """Give the grains of a time of some metrics, whose kinds were looked up before."""

    @abc.abstractmethod
    def grains_of_times(self, metric: str) -> Mapping[str, Sequence[str]]:
        """Give each time of a metric with its grains, the finest first; of no metric, of any."""
