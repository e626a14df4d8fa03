"""All definitions of a semantic manifest, read once, the same for every caller."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from metricflow_semantic_interfaces.references import MetricReference

from metrics_store.query.definitions.conversion_rule import with_conversion_rule
from metrics_store.query.definitions.definition_entries import (
    DimensionDefinition,
    EntityDefinition,
    MetricDefinition,
    SavedQueryDefinition,
)
from metrics_store.query.definitions.group_by_reader import GroupByReader, GroupBys
from metrics_store.query.definitions.saved_query_reader import read_saved_query
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.metricflow.time_requirement import needs_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

    from metrics_store.query.resolution.exclusions import Exclusions


class ManifestDefinitions:
    """All definitions of a semantic manifest, hidden and visible ones."""

    def __init__(
        self,
        manifest: PydanticSemanticManifest,
        lookup: MetricLookup,
        dialect: str,
        exclusions: Exclusions,
    ) -> None:
        self.manifest = manifest
        self.dialect = dialect
        self.declared = {metric.name: metric for metric in manifest.metrics}
        # A dictionary, because it keeps the order and finds names quickly.
        self.public = dict.fromkeys(
            sorted(one.name for one in manifest.metrics if not one.type_params.is_private)
        )
        self._lookup = lookup
        self._exclusions = exclusions
        self._reader = GroupByReader(manifest)
        self._metrics: dict[str, MetricDefinition] = {}
        # Two threads may read the same at once, and get equal answers.
        self._group_bys: dict[str, GroupBys] = {}
        self._of_specs: dict[frozenset[object], GroupBys] = {}

    @functools.cached_property
    def saved_queries(self) -> list[SavedQueryDefinition]:
        """All saved queries by name."""
        return sorted(map(read_saved_query, self.manifest.saved_queries), key=lambda one: one.name)

    def metric(self, name: str) -> MetricDefinition:
        """Describe a metric, private ones too."""
        if name not in self._metrics:
            metric = self.declared[name]
            self._metrics[name] = MetricDefinition(
                name=name,
                label=metric.label or "",
                description=with_conversion_rule(metric),
                type=metric.type.value,
                grains=self._grains(metric),
                requires_metric_time=needs_time(metric, self.declared)
                or self._exclusions.requires_period(name),
                not_by=self._exclusions.of(name),
                meta=_meta(metric),
            )
        return self._metrics[name]

    def group_bys(self, metric: str) -> GroupBys:
        """Give what a metric can be grouped by; metrics with the same group-bys share them.

        What the metric has no meaning by is left out, and dimensions declared as hidden.
        """
        if metric not in self._group_bys:
            found = self._lookup.get_common_group_by_items([MetricReference(metric)])
            specs = frozenset(found.annotated_specs)
            if specs not in self._of_specs:
                self._of_specs[specs] = self._reader.read(found.annotated_specs)
            every = self._of_specs[specs]
            self._group_bys[metric] = (
                every.without(lambda path: self._exclusions.reason(metric, path) is not None)
                if self._exclusions.of(metric)
                else every
            )
        return self._group_bys[metric]

    def dimensions(self, metrics: Sequence[str], *, every: bool) -> list[DimensionDefinition]:
        """Give the dimensions that all metrics have, with the grains that all of them have.

        Args:
            metrics: Names of metrics that exist.
            every: Give what any of them has, and what can be requested without a metric.
        """
        group_bys = {id(one): one for one in map(self.group_bys, metrics)}
        if every:
            group_bys[0] = self._without_metrics
        found: dict[str, DimensionDefinition] = {}
        for number, one in enumerate(group_bys.values()):
            if every:
                found = {**one.dimensions, **found}
            elif number == 0:
                found = dict(one.dimensions)
            else:
                found = {
                    path: _with_common_grains(dimension, one.dimensions[path].grains)
                    for path, dimension in found.items()
                    if path in one.dimensions
                }
        if METRIC_TIME in found and not every:
            for metric in metrics:
                found[METRIC_TIME] = _with_common_grains(
                    found[METRIC_TIME], self.metric(metric).grains
                )
        return [found[path] for path in sorted(found)]

    def entities(self, metrics: Sequence[str], *, every: bool) -> list[EntityDefinition]:
        """Give the entities that all metrics have; arguments as for `dimensions`."""
        group_bys = [self.group_bys(name).entities for name in metrics]
        if every:
            group_bys.append(self._without_metrics.entities)
        found: dict[str, EntityDefinition] = {}
        for number, one in enumerate(group_bys):
            if every or number == 0:
                found = {**one, **found}
            else:
                found = {name: entity for name, entity in found.items() if name in one}
        names = shortest(found) if every else found
        return [found[name] for name in sorted(names)]

    @functools.cached_property
    def _without_metrics(self) -> GroupBys:
        found = self._lookup.get_group_by_items_for_distinct_values_query()
        return self._reader.read(found.annotated_specs)

    def _grains(self, metric: PydanticMetric) -> tuple[str, ...]:
        time = self.group_bys(metric.name).dimensions.get(METRIC_TIME)
        meant = _meta(metric).get("grains")
        if time is None:
            return ()
        return tuple(
            grain
            for grain in time.grains
            if (not meant or grain in meant)
            and self._exclusions.reason_of_grain(metric.name, grain) is None
        )


def shortest(names: Iterable[str]) -> list[str]:
    """Leave out a name over others where the bare one is there too.

    `opportunity__account` is the same as `account` where some metric has that.
    """
    every = set(names)
    return [name for name in every if name.rpartition("__")[2] not in every - {name}]


def _meta(metric: PydanticMetric) -> dict[str, Any]:
    return metric.config.meta if metric.config else {}


def _with_common_grains(
    dimension: DimensionDefinition, grains: Sequence[str]
) -> DimensionDefinition:
    common = tuple(grain for grain in dimension.grains if grain in grains)
    if common == dimension.grains:
        return dimension
    return DimensionDefinition(**{**vars(dimension), "grains": common})
