"""The fields of a metric's measure: aggregation, expression, rows and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import Field, fingerprint, value_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.review.definitions.semantic_scope import SemanticScope

# A measure that the manifest does not have: a metric that cannot be asked.
_UNKNOWN = "unknown"


def measure_fields(scope: SemanticScope, name: str, prefix: str) -> Iterator[Field]:
    """Give what a measure depends on, field by field.

    Args:
        scope: The semantic manifest.
        name: The measure.
        prefix: The path of its fields, such as `measure`.
    """
    if name not in scope.measures:
        yield value_field(prefix, [_UNKNOWN, name], name)
        return
    model, measure = scope.measures[name]
    relation = model["node_relation"]
    expression = str(measure.get("expr") or measure["name"])
    parameters = measure.get("agg_params") or {}
    settings = {
        key: value for key, value in sorted(parameters.items()) if value not in (None, False)
    }
    yield value_field(
        f"{prefix}.aggregation", [measure["agg"], settings], _aggregation(measure, settings)
    )
    yield value_field(
        f"{prefix}.expression",
        scope.expression(relation, expression),
        " ".join(expression.split()),
        own_value=_expression_alone(expression, scope),
    )
    yield value_field(
        f"{prefix}.rows",
        scope.relation(relation).rows,
        f"{model['name']}: {_table(scope, model)}",
        own_value=["rows", model["name"]],
    )
    yield from _time_fields(scope, model, measure, prefix)


def _expression_alone(expression: str, scope: SemanticScope) -> str:
    return scope.expression({"relation_name": ""}, expression)


def _table(scope: SemanticScope, model: dict[str, Any]) -> str:
    return scope.model_of(model["node_relation"]).rpartition(".")[2]


def _aggregation(measure: dict[str, Any], settings: dict[str, Any]) -> str:
    parts = [str(measure["agg"]), *(f"{key}={value}" for key, value in settings.items())]
    return " ".join(parts)


def _time_fields(
    scope: SemanticScope, model: dict[str, Any], measure: dict[str, Any], prefix: str
) -> Iterator[Field]:
    """Give the time that a measure stands at, and how it is taken over time."""
    default = (model.get("defaults") or {}).get("agg_time_dimension")
    time = str(measure.get("agg_time_dimension") or default or "")
    yield value_field(
        f"{prefix}.time", _dimension(scope, model, time), time, own_value=["time", time]
    )
    semi_additive = measure.get("non_additive_dimension")
    if semi_additive:
        by = str(semi_additive["name"])
        groupings = semi_additive.get("window_groupings") or []
        aggregated = [semi_additive.get("window_choice"), _dimension(scope, model, by)]
        aggregated += sorted(scope.entity_value(model, one) or one for one in groupings)
        own = [semi_additive.get("window_choice"), by, *groupings]
        yield value_field(
            f"{prefix}.semi_additive",
            aggregated,
            f"{own[0]} of {', '.join(own[1:])}",
            own_value=own,
        )
    else:
        yield value_field(f"{prefix}.semi_additive", "")


def _dimension(scope: SemanticScope, model: dict[str, Any], name: str) -> str:
    for dimension in model.get("dimensions") or ():
        if dimension["name"] == name:
            return fingerprint(
                scope.expression(model["node_relation"], dimension.get("expr") or name),
                (dimension.get("type_params") or {}).get("time_granularity"),
            )
    return name
