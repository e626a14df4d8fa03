"""Dimensions and entities: what metrics are grouped and joined by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import Definition, Kind, valued
from metrics_store.review.definitions.descriptive_fields import meta_of, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics_store.review.definitions.definition import Field
    from metrics_store.review.definitions.semantic_scope import Scope


def read_dimensions(scope: Scope, files: Mapping[str, str]) -> Iterator[Definition]:
    """Define the dimensions of all semantic models.

    Args:
        scope: The semantic manifest.
        files: Semantic model -> the file that defines it.
    """
    for model in scope.semantic_models:
        for dimension in model.get("dimensions") or ():
            fields = [*_dimension_fields(scope, model, dimension), *wording(dimension)]
            name = dimension["name"]
            yield Definition(
                Kind.DIMENSION,
                scope.dimension_name(model, name),
                {field.name: field for field in fields},
                models=(scope.model_of(model["node_relation"]),),
                file=files.get(model["name"], ""),
                meta={**meta_of(model), **meta_of(dimension)},
                label=dimension.get("label") or name,
            )


def _dimension_fields(
    scope: Scope, model: dict[str, Any], dimension: dict[str, Any]
) -> Iterator[Field]:
    relation = model["node_relation"]
    expression = str(dimension.get("expr") or dimension["name"])
    parameters = dimension.get("type_params") or {}
    yield valued("type", dimension["type"])
    yield valued(
        "expression",
        scope.expression(relation, expression),
        " ".join(expression.split()),
        own=["expression", scope.expression({"relation_name": ""}, expression)],
    )
    yield valued(
        "rows", scope.rows_value(model), scope.model_of(relation), own=["rows", model["name"]]
    )
    yield valued("time_granularity", parameters.get("time_granularity"))
    yield valued("validity", parameters.get("validity_params"))
    yield valued("is_partition", bool(dimension.get("is_partition")))


def read_entities(scope: Scope, files: Mapping[str, str]) -> Iterator[Definition]:
    """Define the entities of all semantic models.

    Args:
        scope: The semantic manifest.
        files: Semantic model -> the file that defines it.
    """
    for model in scope.semantic_models:
        relation = model["node_relation"]
        for entity in model["entities"]:
            expression = str(entity.get("expr") or entity["name"])
            fields = [
                valued("type", entity["type"]),
                valued(
                    "expression",
                    scope.expression(relation, expression),
                    " ".join(expression.split()),
                    own=["expression", scope.expression({"relation_name": ""}, expression)],
                ),
                *wording(entity),
            ]
            yield Definition(
                Kind.ENTITY,
                f"{entity['name']} of {model['name']}",
                {field.name: field for field in fields},
                models=(scope.model_of(relation),),
                file=files.get(model["name"], ""),
                meta={**meta_of(model), **meta_of(entity)},
                label=entity.get("label") or entity["name"],
            )
