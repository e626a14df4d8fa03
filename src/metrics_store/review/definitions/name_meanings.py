"""Resolves names in filters and saved queries to dimensions, entities, metrics and grains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metricflow_semantic_interfaces.parsing.text_input.ti_description import QueryItemType

from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.review.definitions.definition import Kind, fingerprint, identity
from metrics_store.review.definitions.time_spines import grain_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metricflow_semantic_interfaces.parsing.text_input.ti_description import (
        ObjectBuilderItemDescription,
    )

    from metrics_store.review.definitions.semantic_scope import SemanticScope

_SEPARATOR = "__"
_STANDARD_GRAINS = {"day", "week", "month", "quarter", "year"}


@dataclass
class _Path:
    """The join path to a dimension or an entity.

    Attributes:
        keys: Semantic models with the entities by which rows find one another.
        joined: The semantic models that are joined.
        dimensions: Semantic models with the dimensions at the end.
    """

    keys: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    joined: list[dict[str, Any]] = field(default_factory=list)
    dimensions: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


class NameMeanings:
    """Gives names that resolve to the same values the same fingerprint.

    Args:
        scope: The semantic manifest.
        metric: Gives the fingerprint of a metric.
    """

    def __init__(self, scope: SemanticScope, metric: Callable[[str], str]) -> None:
        self._scope = scope
        self._metric = metric
        self._grains = grain_values(scope)
        self._models = {model["name"]: model for model in scope.semantic_models}

    def value(self, description: ObjectBuilderItemDescription, models: Sequence[str]) -> str:
        """Give the fingerprint of what a name stands for: equal ones always have equal values.

        Args:
            description: The name.
            models: The semantic models whose rows are asked for it.
        """
        if description.item_type is QueryItemType.METRIC:
            both = self._with_models_of(description.item_name, models)
            by = [
                self._value_at(name.lower().split(_SEPARATOR), both)
                for name in description.group_by_for_metric_item
            ]
            return fingerprint("metric", self._metric(description.item_name), by)
        parts, grain = self._parts(description)
        return fingerprint(
            self._value_at(parts, models),
            self._grains.get(grain or "", grain),
            description.date_part_name,
        )

    def local_value(self, model: dict[str, Any], properties: dict[str, Any]) -> list[str]:
        """Give the fingerprints of two properties that a conversion holds constant."""
        found = []
        for name in properties.values():
            last = str(name).rpartition(_SEPARATOR)[2]
            found.append(self._scope.entity_value(model, last))
            found += [
                self._scope.dimension_value(model, one)
                for one in model.get("dimensions") or ()
                if one["name"] == last
            ]
        return found

    def used(self, description: ObjectBuilderItemDescription, models: Sequence[str]) -> list[str]:
        """Give the identities of the definitions that a name stands for, and is reached by."""
        if description.item_type is QueryItemType.METRIC:
            both = self._with_models_of(description.item_name, models)
            used = [identity(Kind.METRIC, description.item_name)]
            for name in description.group_by_for_metric_item:
                used += self._used_at(name.lower().split(_SEPARATOR), both)
            return used
        parts, grain = self._parts(description)
        used = self._used_at(parts, models)
        return [*used, identity(Kind.GRAIN, grain)] if grain in self._all_grains() else used

    def _with_models_of(self, metric: str, models: Sequence[str]) -> list[str]:
        return list(dict.fromkeys([*models, *self._scope.component_models(metric)]))

    def _parts(self, description: ObjectBuilderItemDescription) -> tuple[list[str], str | None]:
        """Give the entities and the name at their end, and the grain."""
        parts = (
            _SEPARATOR.join([*description.entity_path, description.item_name])
            .lower()
            .split(_SEPARATOR)
        )
        grain = description.time_granularity_name and description.time_granularity_name.lower()
        if grain is None and len(parts) > 1 and parts[-1] in self._all_grains():
            grain = parts.pop()
        return parts, grain

    def _all_grains(self) -> set[str]:
        spines = {spine["primary_column"]["time_granularity"] for spine in self._scope.spines}
        return {*self._grains, *spines, *_STANDARD_GRAINS}

    def _value_at(self, parts: list[str], models: Sequence[str]) -> str:
        if parts[-1] == METRIC_TIME:
            return METRIC_TIME
        scope = self._scope
        path = self._path(parts, models)
        keys = [scope.entity_value(model, entity) for model, entity in path.keys]
        joined = [scope.rows_value(model) for model in path.joined]
        values = [scope.dimension_value(model, one) for model, one in path.dimensions]
        found = [sorted(key for key in keys if key), sorted(joined), sorted(values)]
        return fingerprint(found if keys or values else parts)

    def _used_at(self, parts: list[str], models: Sequence[str]) -> list[str]:
        path = self._path(parts, models)
        used = [
            identity(Kind.DIMENSION, self._scope.dimension_name(model, one["name"]))
            for model, one in path.dimensions
        ]
        used += [
            identity(Kind.ENTITY, f"{entity} of {model['name']}")
            for model, entity in path.keys
            if self._scope.entity_value(model, entity)
        ]
        return list(dict.fromkeys(used))

    def _path(self, parts: list[str], models: Sequence[str]) -> _Path:
        """Walk from rows of semantic models over entities to a dimension or an entity."""
        *entities, last = parts
        here = [self._models[name] for name in models if name in self._models]
        path = _Path()
        if (
            len(entities) == 1
            and here
            and all(self._has_dimension(one, entities[0], last) for one in here)
        ):
            entities = []  # a dimension of these rows themselves
        for entity in entities:
            there = self._scope.keyed_by(entity)
            path.keys += [(model, entity) for model in [*here, *there]]
            path.joined += [model for model in there if model not in here]
            here = there
        path.dimensions += [
            (model, one)
            for model in here
            for one in model.get("dimensions") or ()
            if one["name"] == last
        ]
        if not path.dimensions:
            path.keys += [(model, last) for model in [*here, *self._scope.keyed_by(last)]]
        return path

    def _has_dimension(self, model: dict[str, Any], entity: str, dimension: str) -> bool:
        names = (one["name"] for one in model.get("dimensions") or ())
        return self._scope.primary_entity(model) == entity and dimension in names
