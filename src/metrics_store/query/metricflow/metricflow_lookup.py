"""The names of the definitions, as MetricFlow knows them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.references import MetricReference
from metricflow_semantic_interfaces.type_enums import DimensionType, EntityType, MetricType
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from metricflow_semantics.model.semantics.linkable_element import LinkableElementType

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.distinct_inputs import with_distinct_sides
from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.metricflow.metricflow_engine import planning_engine, run_isolated
from metrics_store.query.periods import longest
from metrics_store.query.resolution.definition_lookup import DefinitionLookup
from metrics_store.query.resolution.exclusions import Exclusions, is_hidden
from metrics_store.query.resolution.time_grains import time_grains

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.engine.models import Dimension
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.semantic_graph.attribute_resolution.annotated_spec import (
        AnnotatedSpec,
    )

    from metrics_store.query.dialects.dialect import Dialect
    from metrics_store.query.optimisation.whole_sums import IsInteger
    from metrics_store.query.resolution.time_grains import TimeGrains


def _path(item: AnnotatedSpec) -> str:
    """Give the name of what can be grouped by, the entities that lead to it in front."""
    return "__".join([*item.entity_link_names, item.element_name])


class MetricFlowLookup(DefinitionLookup):
    """Looks names up in a semantic manifest, by MetricFlow's engine for one SQL dialect.

    Args:
        manifest: The definitions.
        dialect: The SQL that MetricFlow plans in.
        optimise: Whether plans are rewritten so that they are answered sooner.
        is_integer: Says of an expression of a semantic model whether it is an integer.
    """

    def __init__(
        self,
        manifest: PydanticSemanticManifest,
        dialect: str,
        *,
        optimise: bool = True,
        is_integer: IsInteger | None = None,
    ) -> None:
        if dialect not in DIALECTS:
            raise MetricsStoreError(
                f"metrics cannot be planned for {dialect}",
                expected="a target of type " + ", ".join(DIALECTS),
            )
        self.manifest = manifest
        self._dialect = dialect
        self._optimise = optimise
        self._is_integer = is_integer
        self._kinds: dict[str, dict[str, Kind]] = {}
        self._grains: dict[str, str] = {}
        self._grains_of_times: dict[str, dict[str, list[str]]] = {}

    @functools.cached_property
    def _lookup(self) -> SemanticManifestLookup:
        return SemanticManifestLookup(with_distinct_sides(self.manifest))

    @property
    def dialect(self) -> str:
        """The SQL that it plans in, by the name of dbt's adapter."""
        return self._dialect

    @property
    def sql_dialect(self) -> Dialect:
        """What is that SQL's own."""
        return DIALECTS[self._dialect]

    @property
    def semantic_manifest_lookup(self) -> SemanticManifestLookup:
        """What MetricFlow knows of the definitions."""
        return self._lookup

    @functools.cached_property
    def exclusions(self) -> Exclusions:
        """The names that each metric has no meaning by, and why."""
        return Exclusions(self.manifest)

    @functools.cached_property
    def _engine(self) -> MetricFlowEngine:
        return planning_engine(
            self._lookup, self._dialect, optimise=self._optimise, is_integer=self._is_integer
        )

    @functools.cached_property
    def _entity_descriptions(self) -> dict[str, str]:
        """Each entity in the words of the semantic model it is primary in.

        Several models describe the same entity, and MetricFlow gives any one of them.
        """
        entities = [
            (entity.type is not EntityType.PRIMARY, model.name, entity.name, entity.description)
            for model in self.manifest.semantic_models
            for entity in model.entities
        ]
        described: dict[str, str] = {}
        for _, _, name, description in sorted(entities, key=lambda entity: entity[:2]):
            described.setdefault(name, description or "")
        return described

    def group_bys(self, metric: str) -> dict[str, str]:
        """Give the names a metric can be grouped by, each with its description.

        `metric_time` and other times take a grain: `metric_time__month`. What the metric has no
        meaning by is left out.
        """
        entities = run_isolated(self._engine.entities_for_metrics, [metric])
        named = {METRIC_TIME: "The time that the metric itself counts by."}
        for path, item in self._dimensions(metric):
            named.setdefault(path, item.description or "")
        named.update({entity.name: self._entity_descriptions[entity.name] for entity in entities})
        return {
            name: text
            for name, text in sorted(named.items())
            if self.exclusions.reason(metric, name) is None
        }

    def listed_group_bys(self, metric: str) -> list[str]:
        """Give the names of `group_bys` that people are shown: none that is there for definitions.

        Those can be requested all the same: they are of no interest, and right.
        """
        hidden = {path for path, item in self._dimensions(metric) if is_hidden(item.config)}
        return [name for name in self.group_bys(metric) if name not in hidden]

    def _dimensions(self, metric: str) -> Iterator[tuple[str, Dimension]]:
        """Give each dimension of a metric with its name, the entities that lead to it in front."""
        for item in run_isolated(self._engine.simple_dimensions_for_metrics, [metric]):
            # Not its dunder_name, to which MetricFlow may add a grain.
            links = [link.element_name for link in item.entity_links]
            yield "__".join([*links, item.name]), item

    def _group_by_items(self, metric: str) -> tuple[AnnotatedSpec, ...]:
        lookup = self._lookup.metric_lookup
        found = run_isolated(lookup.get_common_group_by_items, [MetricReference(metric)])
        items: tuple[AnnotatedSpec, ...] = tuple(found.annotated_specs)
        return items

    def _entities(self, metric: str) -> list[str]:
        """Give each entity of a metric with those that lead to it in front."""
        return sorted(
            _path(one)
            for one in self._group_by_items(metric)
            if one.element_type is LinkableElementType.ENTITY
        )

    def grains_of_times(self, metric: str) -> Mapping[str, Sequence[str]]:
        """Give each time of a metric with its grains, the finest first; of no metric, of any."""
        if metric not in self._grains_of_times:
            found: dict[str, set[tuple[int, str]]] = {}
            for one in [metric] if metric else self._metric_of_each_model:
                for item in self._group_by_items(one):
                    if item.time_grain is not None:
                        order = item.time_grain.base_granularity.to_int(), item.time_grain.name
                        found.setdefault(_path(item), set()).add(order)
            self._grains_of_times[metric] = {
                path: [name for _, name in sorted(grains)] for path, grains in found.items()
            }
        return self._grains_of_times[metric]

    def all_kinds(self) -> dict[str, Kind]:
        """Give the kind of each name that any metric can be grouped by."""
        found: dict[str, Kind] = {}
        for metric in self._metric_of_each_model:
            for path, kind in self.kinds(metric).items():
                found.setdefault(path, kind)
        return found

    @functools.cached_property
    def _metric_of_each_model(self) -> list[str]:
        """Give a simple metric of each semantic model: all of a model's have the same group-bys."""
        models = {
            measure.name: model.name
            for model in self.manifest.semantic_models
            for measure in model.measures
        }
        found: dict[str, str] = {}
        for metric in self.manifest.metrics:
            measure = metric.type_params.measure
            if metric.type is MetricType.SIMPLE and measure and measure.name in models:
                found.setdefault(models[measure.name], metric.name)
        return list(found.values())

    def kinds(self, metric: str) -> dict[str, Kind]:
        """Give the kind of each name in `group_bys`."""
        if metric not in self._kinds:
            kinds = {METRIC_TIME: Kind.TIME_DIMENSION}
            for path, item in self._dimensions(metric):
                is_time = item.type is DimensionType.TIME
                kinds[path] = Kind.TIME_DIMENSION if is_time else Kind.DIMENSION
                if is_time and item.type_params is not None:
                    self._grains[path] = item.type_params.time_granularity.value
            kinds.update(dict.fromkeys(self._entities(metric), Kind.ENTITY))
            self._kinds[metric] = kinds
        return self._kinds[metric]

    def hidden(self, metric: str) -> Collection[str]:
        """Give the names that exist and may not be requested: none."""
        del metric
        return ()

    def default_grain(self, metric: str) -> str:
        """Give the grain that `metric_time` stands for where none is given."""
        declared = self._lookup.metric_lookup.get_metric(MetricReference(metric)).time_granularity
        return declared or longest({"day", self.finest_grain(metric)})

    def finest_grain(self, metric: str) -> str:
        """Give the shortest grain that a metric's `metric_time` has."""
        grain: str = self._lookup.metric_lookup.get_min_queryable_time_granularity(
            MetricReference(metric)
        ).value
        return grain

    def time_grains(self, metrics: Sequence[str], path: str) -> TimeGrains:
        """Give the grains of a time of some metrics, whose kinds were looked up before."""
        if path == METRIC_TIME:
            return time_grains(
                {self.default_grain(metric) for metric in metrics},
                {self.finest_grain(metric) for metric in metrics},
            )
        grain = self._grains.get(path, "day")
        return time_grains({grain}, {grain})
