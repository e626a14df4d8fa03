"""The definitions that are visible to a caller, in lists."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from metrics_store.query.definitions.manifest_definitions import ManifestDefinitions
from metrics_store.query.definitions.metric_measures import (
    adds_up,
    measure_of,
    model_of,
    simple_components,
)
from metrics_store.query.definitions.saved_query_reader import is_visible
from metrics_store.query.definitions.visible_names import EVERYTHING
from metrics_store.query.metric_time import METRIC_TIME, known_grains
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.query.definitions.definition_entries import (
        DimensionDefinition,
        EntityDefinition,
        MeasureDefinition,
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.query.definitions.visible_names import Visible
    from metrics_store.query.planner import Planner

_READ: weakref.WeakKeyDictionary[Planner, ManifestDefinitions] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def definitions_of(planner: Planner, visible: Visible = EVERYTHING) -> Definitions:
    """Give a planner's definitions; those of one planner are read once, when first needed."""
    with _LOCK:
        read = _READ.get(planner)
        if read is None:
            read = _READ[planner] = ManifestDefinitions(
                planner.manifest,
                planner.semantic_manifest_lookup.metric_lookup,
                planner.dialect,
                planner.exclusions,
            )
    return Definitions(read, visible)


class Definitions:
    """The visible definitions: what is hidden is as if it were not defined.

    Every list is ordered by name. Any number of threads may read them.
    """

    def __init__(self, read: ManifestDefinitions, visible: Visible) -> None:
        self._read = read
        self._visible = visible

    @property
    def dialect(self) -> str:
        """The SQL that the warehouse speaks: `duckdb` or `postgres`."""
        return self._read.dialect

    @property
    def grains(self) -> frozenset[str]:
        """The grains that times can have: the standard ones and the project's own."""
        return known_grains(self._read.manifest)

    def metrics(self) -> list[MetricDefinition]:
        """Give all metrics."""
        return [self._read.metric(name) for name in self._names()]

    def metric(self, name: str) -> MetricDefinition:
        """Give one metric.

        Raises:
            MetricsStoreError: There is none of that name.
        """
        self._check([name])
        return self._read.metric(name)

    def dimensions(self, metrics: Sequence[str] = ()) -> list[DimensionDefinition]:
        """Give the dimensions that all of the metrics have; of no metrics, all there are.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check(metrics)
        found = self._read.dimensions(metrics or self._names(), every=not metrics)
        return [one for one in found if self._visible.dimension(one.qualified_name)]

    def entities(self, metrics: Sequence[str] = ()) -> list[EntityDefinition]:
        """Give the entities that all of the metrics have; of no metrics, all there are.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check(metrics)
        found = self._read.entities(metrics or self._names(), every=not metrics)
        return [one for one in found if self._visible.dimension(one.name)]

    def measures(self, metrics: Sequence[str] = ()) -> list[MeasureDefinition]:
        """Give the measures of the metrics' components; of no metrics, all there are.

        A measure of a hidden metric is left out.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check(metrics)
        found = {}
        known: set[str] = set()
        for name in metrics or self._names():
            for leaf in simple_components(self._read.declared, name, known):
                if leaf.type_params.is_private or self._visible.metric(leaf.name):
                    measure = measure_of(self._read.manifest, leaf, self._visible)
                    if measure is not None:
                        found[measure.name] = measure
        return [found[name] for name in sorted(found)]

    def subjects(self, metric: str) -> dict[str, str]:
        """Give the semantic models that a metric is made of, each with its description.

        What it takes from a hidden metric is left out.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check([metric])
        found = {}
        for leaf in simple_components(self._read.declared, metric):
            if leaf.type_params.is_private or self._visible.metric(leaf.name):
                model = model_of(self._read.manifest, leaf)
                if model is not None:
                    found[model.name] = model.description or ""
        return found

    def declared(self, metric: str) -> tuple[PydanticSemanticManifest, PydanticMetric] | None:
        """Give a metric as it is declared, and all that is; only to who may see all of it.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check([metric])
        if self._visible is not EVERYTHING:
            return None
        return self._read.manifest, self._read.declared[metric]

    def adds_up(self, metric: str) -> bool:
        """Whether a metric's values of some groups add up to that of the groups together.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check([metric])
        return adds_up(self._read.manifest, self._read.declared[metric])

    def time_grains(self, metric: str, path: str) -> tuple[str, ...]:
        """Give the grains that the rows of a metric tell of a time, the finest first.

        Those in which the metric has no meaning are among them: a filter may be finer.

        Raises:
            MetricsStoreError: There is no such metric.
        """
        self._check([metric])
        time = self._read.group_bys(metric).dimensions.get(path)
        return time.grains if time is not None and self._visible.dimension(path) else ()

    def saved_queries(self) -> list[SavedQueryDefinition]:
        """Give the saved queries all of whose names are visible."""
        return [one for one in self._read.saved_queries if is_visible(one, self._visible)]

    def metrics_for_dimensions(self, group_bys: Iterable[str]) -> list[MetricDefinition]:
        """Give the metrics that can be grouped by all of these: dimensions or entities by name.

        A time may have its grain, as in `metric_time__month`.
        """
        wanted = [name.lower() for name in group_bys]
        return [metric for metric in self.metrics() if self._answers(metric, wanted)]

    def _answers(self, metric: MetricDefinition, wanted: Iterable[str]) -> bool:
        group_bys = self._read.group_bys(metric.name)
        for name in wanted:
            if name in group_bys.dimensions or name in group_bys.entities:
                path = name
            else:
                path, _, grain = name.rpartition("__")
                time = group_bys.dimensions.get(path)
                if time is None or grain not in (
                    metric.grains if path == METRIC_TIME else time.grains
                ):
                    return False
            if not self._visible.dimension(path):
                return False
        return True

    def _names(self) -> list[str]:
        return [name for name in self._read.public if self._visible.metric(name)]

    def _check(self, metrics: Iterable[str]) -> None:
        for name in metrics:
            if name not in self._read.public or not self._visible.metric(name):
                raise unknown_name(
                    "there is no such metric",
                    name,
                    self._names(),
                    "`metrics list` shows the metrics",
                )
