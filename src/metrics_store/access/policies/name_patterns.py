"""Patterns of names with `*`, and the names of the definitions that they match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.join_paths import keys
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

ANY = "*"


def matches(pattern: str, name: str) -> bool:
    """Whether a name is the pattern's, in which `*` is any text and nothing else is special."""
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split(ANY))), name, re.DOTALL))


@dataclass(frozen=True)
class NamePatterns:
    """A set of names, by patterns and exceptions.

    Attributes:
        granted: Patterns of names.
        excepted: Patterns of those that are not. A dimension reached over more entities, such as
            `deal__account__name`, is the same one as `account__name` and is excepted with it.
    """

    granted: tuple[str, ...]
    excepted: tuple[str, ...] = ()

    def __contains__(self, name: object) -> bool:
        """Whether a name is granted."""
        if not isinstance(name, str) or not any(matches(one, name) for one in self.granted):
            return False
        return not any(
            matches(pattern, ending) for pattern in self.excepted for ending in _endings(name)
        )


def _endings(name: str) -> Iterator[str]:
    parts = name.split("__")
    for start in range(len(parts)):
        yield "__".join(parts[start:])


def dimension_names(manifest: PydanticSemanticManifest) -> frozenset[str]:
    """Give the dimensions and entities by their shortest names, and `metric_time`."""
    names = {METRIC_TIME}
    for model in manifest.semantic_models:
        names.update(entity.name for entity in model.entities)
        names.update(
            f"{key}__{dimension.name}" for key in keys(model) for dimension in model.dimensions
        )
    return frozenset(names)


def is_dimension(name: str, known: frozenset[str]) -> bool:
    """Whether a name is a dimension, be it reached over more entities than need be."""
    parts = name.split("__")
    return any(
        "__".join(parts[start:]) in known and known.issuperset(parts[:start])
        for start in range(len(parts))
    )
