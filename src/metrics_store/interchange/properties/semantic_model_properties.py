"""The properties of semantic models and their elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.interchange.properties.property_values import chosen, config_of, written

if TYPE_CHECKING:
    from metrics_store.interchange.properties.property_values import Properties

_DESCRIBED = ("name", "label", "description")


def semantic_model_properties(model: Properties, reference: str) -> Properties:
    """Give the properties of a semantic model.

    Args:
        model: It as the semantic manifest has it.
        reference: The dbt model that it reads, such as `ref('orders')`.
    """
    return written(
        {
            **chosen(model, *_DESCRIBED),
            "model": reference,
            "defaults": chosen(model.get("defaults") or {}, "agg_time_dimension"),
            "primary_entity": model.get("primary_entity"),
            "entities": [entity_properties(one) for one in model.get("entities") or ()],
            "dimensions": [dimension_properties(one) for one in model.get("dimensions") or ()],
            "measures": [measure_properties(one) for one in model.get("measures") or ()],
            **config_of(model),
        }
    )


def entity_properties(entity: Properties) -> Properties:
    """Give the properties of an entity."""
    return {**chosen(entity, *_DESCRIBED, "type", "role", "expr"), **config_of(entity)}


def dimension_properties(dimension: Properties) -> Properties:
    """Give the properties of a dimension."""
    parameters = dimension.get("type_params") or {}
    validity = chosen(parameters.get("validity_params") or {}, "is_start", "is_end")
    return written(
        {
            **chosen(dimension, *_DESCRIBED, "type", "expr", "is_partition"),
            "type_params": written(
                {
                    "time_granularity": parameters.get("time_granularity"),
                    "validity_params": validity,
                }
            ),
            **config_of(dimension),
        }
    )


def measure_properties(measure: Properties) -> Properties:
    """Give the properties of a measure.

    A metric that dbt makes of it is among the metrics, so that dbt need not make it again.
    """
    semi_additive = measure.get("non_additive_dimension") or {}
    return written(
        {
            **chosen(measure, *_DESCRIBED, "agg", "expr", "agg_time_dimension"),
            "agg_params": written(dict(measure.get("agg_params") or {})),
            "non_additive_dimension": chosen(
                semi_additive, "name", "window_choice", "window_groupings"
            ),
            **config_of(measure),
        }
    )
