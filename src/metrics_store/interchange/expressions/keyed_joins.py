"""Joins that a key on one side makes, for formats that have no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.expressions.sql_parser import is_readable
from metrics_store.interchange.layer.semantic_model import PRIMARY, UNIQUE

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import Join, SemanticLayer

# So many joins MetricFlow makes on the way to a dimension.
_LONGEST = 2
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Way = tuple["Join", ...]


@dataclass(frozen=True)
class JoinedModel:
    """A semantic model that is joined to another.

    Attributes:
        way: The joins that lead to it.
        names: What it is called, and those on the way to it, each unlike all others.
    """

    way: Way
    names: tuple[str, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities on the way to it, as names of dimensions begin."""
        return tuple(join.entity for join in self.way)

    @property
    def model(self) -> str:
        """The model's name."""
        return self.way[-1].to_model


def is_column(expr: str) -> bool:
    """Whether an expression is one plain column."""
    return _COLUMN.fullmatch(expr) is not None


def obstacle(layer: SemanticLayer, join: Join) -> str:
    """Say why a join is more than that of two keys; empty where it is not."""
    start, end = layer.models[join.from_model], layer.models[join.to_model]
    found = end.entity(join.entity)
    if found is None or found.type not in {PRIMARY, UNIQUE}:
        return "it depends on the time"
    keys = [one.expr for one in (start.entity(join.entity), found) if one is not None]
    if not all(is_readable(key, layer.dialect) for key in keys):
        return "its key cannot be read"
    own = {one.name for one in start.dimensions if one.is_partition}
    common = sorted(one.name for one in end.dimensions if one.is_partition and one.name in own)
    return f"rows meet only where {', '.join(common)} is the same" if common else ""


def lost_joins(layer: SemanticLayer) -> list[str]:
    """Name the joins of the definitions that are more than those of two keys."""
    return [
        f"the join from {join.from_model} to {join.to_model} by {join.entity}: {reason}"
        for join in layer.joins
        if (reason := obstacle(layer, join))
    ]


def keyed_joins(layer: SemanticLayer) -> list[Join]:
    """Give each pair of models that an entity joins once: to one, from many or from one of two."""
    return [
        join
        for join in layer.joins
        if not obstacle(layer, join)
        and (join.from_model < join.to_model or obstacle(layer, _turned(join)))
    ]


def joined_models(layer: SemanticLayer, root: str) -> list[JoinedModel]:
    """Give the models that rows of a model find one row of, over two joins at most."""
    found: list[JoinedModel] = []
    level = [JoinedModel((), ())]
    for _ in range(_LONGEST):
        level = [one for each in level for one in _following(layer, root, each)]
        found += level
    return found


def _following(layer: SemanticLayer, root: str, before: JoinedModel) -> list[JoinedModel]:
    start = before.model if before.way else root
    passed = {root, *(join.to_model for join in before.way)}
    joins = [
        join
        for join in layer.joins
        if join.from_model == start and join.to_model not in passed and not obstacle(layer, join)
    ]
    entities = [join.entity for join in joins]
    return [
        JoinedModel(
            (*before.way, join),
            (*before.names, _called(before, join, is_alone=entities.count(join.entity) == 1)),
        )
        for join in joins
    ]


def _called(before: JoinedModel, join: Join, *, is_alone: bool) -> str:
    """Call a joined model by the entities on the way, where they tell which it is."""
    own = join.entity if is_alone else f"{join.entity}_{join.to_model}"
    return "_".join((*before.names[-1:], own))


def _turned(join: Join) -> Join:
    return type(join)(join.to_model, join.from_model, join.entity)
