"""The qualified names of dimensions, and which of them is the name of the page."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.join_paths import keys
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.query.definitions.definition_entries import DimensionDefinition


@dataclass(frozen=True)
class EntityDimensions:
    """The dimensions that a metric reaches over one entity path.

    Attributes:
        path: The entities that lead to them, as in `order__customer`; empty for none.
        dimensions: The dimensions, by name.
        is_far: Whether it leads over more than one entity.
    """

    path: str
    dimensions: tuple[DimensionDefinition, ...]
    is_far: bool


def group_by_entity(dimensions: Iterable[DimensionDefinition]) -> list[EntityDimensions]:
    """Group dimensions by their entity path, the short paths first."""
    found: dict[str, list[DimensionDefinition]] = {}
    for one in dimensions:
        if one.qualified_name != METRIC_TIME:
            found.setdefault(one.qualified_name.rpartition("__")[0], []).append(one)
    ways = sorted(found, key=lambda path: (path.count("__"), path))
    return [EntityDimensions(path, tuple(found[path]), "__" in path) for path in ways]


@dataclass(frozen=True)
class DimensionPaths:
    """Which of the names of a dimension is its page's.

    Attributes:
        dimensions: All dimensions that may be seen, by their qualified name.
        manifest: The definitions.
    """

    dimensions: dict[str, DimensionDefinition]
    manifest: PydanticSemanticManifest

    def shortest(self, path: str) -> str:
        """Give a dimension's shortest name: `customer__region` of `order__customer__region`."""
        parts = path.split("__")
        for length in range(1, len(parts)):
            short = "__".join(parts[-length:])
            found = self.dimensions.get(short)
            if found is not None and found.name == self.dimensions[path].name:
                return short
        return path

    @functools.cached_property
    def pages(self) -> dict[str, list[str]]:
        """The shortest name of each dimension -> all that it can be asked by."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.dimensions):
            found.setdefault(self.shortest(path), []).append(path)
        return dict(sorted(found.items()))

    @functools.cached_property
    def _models(self) -> dict[str, str]:
        return {
            f"{key}__{dimension.name}": model.name
            for model in sorted(self.manifest.semantic_models, key=lambda one: one.name)
            for key in keys(model)
            for dimension in model.dimensions
        }

    def semantic_model(self, path: str) -> str:
        """Give the semantic model of a dimension; empty for `metric_time`, which each has."""
        parts = path.split("__")
        return self._models.get("__".join(parts[-2:]), "")

    def of_model(self, model: str) -> list[str]:
        """Give the pages of a semantic model's dimensions."""
        return [path for path in self.pages if self.semantic_model(path) == model]
