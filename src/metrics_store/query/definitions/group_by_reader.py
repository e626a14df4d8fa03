"""Reads the dimensions and entities that a metric can be grouped by, out of MetricFlow's specs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import EntityType
from metricflow_semantics.model.semantics.linkable_element import LinkableElementType

from metrics_store.query.definitions.definition_entries import DimensionDefinition, EntityDefinition
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.resolution.exclusions import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from metricflow_semantic_interfaces.implementations.elements.dimension import (
        PydanticDimension,
    )
    from metricflow_semantic_interfaces.implementations.elements.entity import PydanticEntity
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.semantic_graph.attribute_resolution.annotated_spec import (
        AnnotatedSpec,
    )

_METRIC_TIME = DimensionDefinition(
    METRIC_TIME, METRIC_TIME, "The time that the metric itself counts by.", "time"
)


@dataclass(frozen=True)
class GroupBys:
    """What a metric can be grouped by.

    Attributes:
        dimensions: Qualified name -> dimension, by name.
        entities: Name -> entity, by name.
    """

    dimensions: Mapping[str, DimensionDefinition]
    entities: Mapping[str, EntityDefinition]

    def without(self, is_left_out: Callable[[str], bool]) -> GroupBys:
        """Give it without some names."""
        return GroupBys(
            {path: one for path, one in self.dimensions.items() if not is_left_out(path)},
            {name: one for name, one in self.entities.items() if not is_left_out(name)},
        )


class GroupByReader:
    """Knows the elements of the semantic models, and describes what MetricFlow names."""

    def __init__(self, manifest: PydanticSemanticManifest) -> None:
        self._dimensions: dict[tuple[str, str], PydanticDimension] = {}
        self._entities: dict[tuple[str, str], PydanticEntity] = {}
        self._descriptions: dict[str, str] = {}
        for model in sorted(manifest.semantic_models, key=lambda model: model.name):
            for dimension in model.dimensions:
                self._dimensions[model.name, dimension.name] = dimension
            for entity in model.entities:
                self._entities[model.name, entity.name] = entity
                # Several models describe one entity; the one that it is primary in knows best.
                if entity.description and entity.type is EntityType.PRIMARY:
                    self._descriptions.setdefault(entity.name, entity.description)
        spines = manifest.project_configuration.time_spines
        own = [grain.name for spine in spines for grain in spine.custom_granularities]
        self._own_grains = {name: position for position, name in enumerate(own)}

    def read(self, specs: Iterable[AnnotatedSpec]) -> GroupBys:
        """Describe what is named, each thing once with all its grains."""
        dimensions: dict[str, DimensionDefinition] = {}
        entities: dict[str, EntityDefinition] = {}
        grains: dict[str, set[tuple[int, int, str]]] = {}
        # The nearest comes first, where an entity is reached in several ways.
        for spec in sorted(specs, key=_nearest_first):
            path = "__".join([*spec.entity_link_names, spec.element_name])
            models = sorted(
                reference.semantic_model_name for reference in spec.origin_semantic_model_references
            )
            if spec.element_type is LinkableElementType.ENTITY:
                self._add_entity(entities, path, spec.element_name, models)
                continue
            if spec.element_type is LinkableElementType.METRIC or spec.date_part is not None:
                continue
            if spec.time_grain is not None:
                grain = spec.time_grain
                own = self._own_grains.get(grain.name, -1)
                order = (own, grain.base_granularity.to_int(), grain.name)
                grains.setdefault(path, set()).add(order)
            if path not in dimensions:
                declared = self._declared(spec.element_name, models)
                if path == METRIC_TIME:
                    dimensions[path] = _METRIC_TIME
                elif declared is not None and not is_hidden(declared.config):
                    dimensions[path] = _dimension(path, declared)
        return GroupBys(
            {
                path: _with_grains(dimension, [name for *_, name in sorted(grains.get(path, ()))])
                for path, dimension in sorted(dimensions.items())
            },
            dict(sorted(entities.items())),
        )

    def _declared(self, name: str, models: list[str]) -> PydanticDimension | None:
        """Give a dimension as one of some models declares it.

        What is called as a metric is has another model among its own, which is none of the project.
        """
        found = (self._dimensions.get((model, name)) for model in models)
        return next((one for one in found if one is not None), None)

    def _add_entity(
        self, entities: dict[str, EntityDefinition], path: str, name: str, models: list[str]
    ) -> None:
        declared = (self._entities.get((model, name)) for model in models)
        found = next((one for one in declared if one is not None), None)
        # `opportunity__account` is the same as `account` where that can be requested.
        if found is None or name in entities or path in entities:
            return
        entities[path] = EntityDefinition(
            name=path,
            description=self._descriptions.get(name, found.description or ""),
            type=found.type.value,
            role=found.role,
            expr=found.expr or name,
        )


def _dimension(path: str, declared: PydanticDimension) -> DimensionDefinition:
    return DimensionDefinition(
        qualified_name=path,
        name=declared.name,
        description=declared.description or "",
        type=declared.type.value,
        label=declared.label,
        is_partition=declared.is_partition,
        expr=declared.expr,
        meta=declared.config.meta if declared.config else {},
    )


def _nearest_first(spec: AnnotatedSpec) -> tuple[int, str, list[str]]:
    links = list(spec.entity_link_names)
    return len(links), spec.element_name, links


def _with_grains(dimension: DimensionDefinition, grains: list[str]) -> DimensionDefinition:
    return DimensionDefinition(**{**vars(dimension), "grains": tuple(grains)})
