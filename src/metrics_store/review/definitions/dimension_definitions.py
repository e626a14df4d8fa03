"""Reads the definitions of dimensions and entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import Definition, Kind, value_field
from metrics_store.review.definitions.descriptive_fields import descriptive_fields, meta_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics_store.review.definitions.definition import Field
    from metrics_store.review.definitions.semantic_scope import SemanticScope


def read_dimensions(scope: SemanticScope, files: Mapping[str, str]) -> Iterator[Definition]:
    """Define the dimensions of all semantic models.

    Args:
        scope: The semantic manifest.
        files: Semantic model -> the file that defines it.
    """
    for model in scope.semantic_models:
        for dimension in model.get("dimensions") or ():
            fields = [*_dimension_fields(scope, model, dimension), *descriptive_fields(dimension)]
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
    scope: SemanticScope, model: dict[str, Any], dimension: dict[str, Any]
) -> Iterator[Field]:
    relation = model["node_relation"]
    expression = str(dimension.get("expr") or dimension["name"])
    parameters = dimension.get("type_params") or {}
    yield value_field("type", dimension["type"])
    yield value_field(
        "expression",
        scope.expression(relation, expression),
        " ".join(expression.split()),
        own_value=["expression", scope.expression({"relation_name": ""}, expression)],
    )
    yield value_field(
        "rows", scope.rows_value(model), scope.model_of(relation), own_value=["rows", model["name"]]
    )
    yield value_field("time_granularity", parameters.get("time_granularity"))
    yield value_field("validity", parameters.get("validity_params"))
    yield value_field("is_partition", bool(dimension.get("is_partition")))


def read_entities(scope: SemanticScope, files: Mapping[str, str]) -> Iterator[Definition]:
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
                value_field("type", entity["type"]),
                value_field(
                    "expression",
                    scope.expression(relation, expression),
                    " ".join(expression.split()),
                    own_value=["expression", scope.expression({"relation_name": ""}, expression)],
                ),
                *descriptive_fields(entity),
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
