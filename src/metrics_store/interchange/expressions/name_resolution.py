"""Finds what a name in a condition stands for: which element, and by which joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.expressions.keyed_joins import obstacle
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.condition import METRIC

if TYPE_CHECKING:
    from metrics_store.interchange.layer.condition import Name
    from metrics_store.interchange.layer.metric import Aggregate
    from metrics_store.interchange.layer.semantic_layer import Join, SemanticLayer
    from metrics_store.interchange.layer.semantic_model import Dimension, Entity, SemanticModel

_METRIC_TIME = "metric_time"


@dataclass(frozen=True)
class Attribute:
    """A dimension or an entity, as rows of a model see it.

    Attributes:
        joins: The joins that lead to it; none where it is the model's own.
        model: The model that has it.
        element: The dimension or entity.
    """

    joins: tuple[Join, ...]
    model: SemanticModel
    element: Dimension | Entity


def resolve_name(name: Name, aggregate: Aggregate, layer: SemanticLayer) -> Attribute:
    """Find what a name stands for in the rows of an aggregate.

    Raises:
        UnsayableError: It is not one plain value of a row.
    """
    if name.kind == METRIC:
        raise UnsayableError(f"its rows depend on another metric: {name}")
    root = layer.models[aggregate.model]
    links, element = list(name.path), name.element
    if not links and element == _METRIC_TIME:
        element = aggregate.time
    elif links and links[0] == root.primary_entity:
        links = links[1:]
    found = _found(layer, root, links, element)
    if len(found) != 1:
        many = "several elements" if found else "nothing"
        raise UnsayableError(f"the name {name} stands for {many} in its rows")
    attribute = found[0]
    for join in attribute.joins:
        reason = obstacle(layer, join)
        if reason:
            raise UnsayableError(f"its rows are joined by {join.entity}, and {reason}")
    return attribute


def _found(
    layer: SemanticLayer, root: SemanticModel, links: list[str], element: str
) -> list[Attribute]:
    ways: list[tuple[Join, ...]] = [()]
    for link in links:
        ways = [
            (*way, join)
            for way in ways
            for join in layer.joins
            if join.from_model == (way[-1].to_model if way else root.name) and join.entity == link
        ]
    models = [(way, layer.models[way[-1].to_model] if way else root) for way in ways]
    return [
        Attribute(way, model, found)
        for way, model in models
        if (found := model.dimension(element) or model.entity(element)) is not None
    ]
