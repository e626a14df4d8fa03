"""The key of the events of a semantic model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.references import SemanticModelReference
from metricflow_semantic_interfaces.type_enums import DimensionType, EntityType
from metricflow_semantics.specs.dimension_spec import DimensionSpec
from metricflow_semantics.specs.entity_spec import EntitySpec
from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
from metricflow_semantics.time.granularity import ExpandedTimeGranularity

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.protocols.dimension import Dimension
    from metricflow_semantic_interfaces.protocols.semantic_model import SemanticModel
    from metricflow_semantics.model.semantics.semantic_model_lookup import SemanticModelLookup
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.instance_spec import LinkableInstanceSpec


def model_of(events: SimpleMetricInput, lookup: SemanticModelLookup) -> SemanticModel:
    """Give the semantic model whose rows are the events."""
    reference = SemanticModelReference(events.model_id.model_name)
    return lookup.model_reference_to_model[reference]


def time_of(events: SimpleMetricInput, lookup: SemanticModelLookup) -> Dimension:
    """Give the time that the events go by."""
    model = model_of(events, lookup)
    return next(one for one in model.dimensions if one.name == events.agg_time_dimension_name)


def key_of(
    events: SimpleMetricInput, lookup: SemanticModelLookup
) -> tuple[LinkableInstanceSpec, ...]:
    """Give the key of the events; all that requests can tell them apart by where there is none."""
    model = model_of(events, lookup)
    for kind in (EntityType.PRIMARY, EntityType.UNIQUE):
        keys = sorted(entity.name for entity in model.entities if entity.type is kind)
        if keys:
            return (EntitySpec(element_name=keys[0], entity_links=()),)
    entities = sorted(entity.name for entity in model.entities)
    dimensions = sorted(model.dimensions, key=lambda dimension: dimension.name)
    return (
        *(EntitySpec(element_name=name, entity_links=()) for name in entities),
        *(_spec(dimension) for dimension in dimensions),
    )


def _spec(dimension: Dimension) -> LinkableInstanceSpec:
    if dimension.type is not DimensionType.TIME or dimension.type_params is None:
        return DimensionSpec(element_name=dimension.name, entity_links=())
    return TimeDimensionSpec(
        element_name=dimension.name,
        entity_links=(),
        time_granularity=ExpandedTimeGranularity.from_time_granularity(
            dimension.type_params.time_granularity
        ),
    )
