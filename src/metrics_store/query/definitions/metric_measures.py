"""The measures that metrics aggregate, and whether they add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

from metrics_store.query.definitions.definition_entries import MeasureDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import (
        PydanticSemanticModel,
    )

    from metrics_store.query.definitions.visible_names import Visible

_SUMS = {"sum", "count", "sum_boolean"}


def simple_components(
    metrics: Mapping[str, PydanticMetric], name: str, known: set[str] | None = None
) -> Iterator[PydanticMetric]:
    """Give the simple metrics among a metric's components, each once."""
    known = set() if known is None else known
    if name in known or name not in metrics:
        return
    known.add(name)
    metric = metrics[name]
    inputs = MetricLookup.metric_inputs(metric, include_conversion_metric_input=True)
    if not inputs:
        yield metric
    for one in inputs:
        yield from simple_components(metrics, one.name, known)


def measure_of(
    manifest: PydanticSemanticManifest, metric: PydanticMetric, visible: Visible
) -> MeasureDefinition | None:
    """Give what a simple metric aggregates; none where the manifest does not have it."""
    parameters = metric.type_params
    models = {model.name: model for model in manifest.semantic_models}
    if parameters.measure is not None:
        for model in models.values():
            for measure in model.measures:
                if measure.name == parameters.measure.name:
                    return MeasureDefinition(
                        name=measure.name,
                        agg=measure.agg.value,
                        agg_time_dimension=_time(model, measure.agg_time_dimension, visible),
                        expr=measure.expr or measure.name,
                    )
    aggregation = parameters.metric_aggregation_params
    if aggregation is None:
        return None
    model = models[aggregation.semantic_model]
    return MeasureDefinition(
        name=metric.name,
        agg=aggregation.agg.value,
        agg_time_dimension=_time(model, aggregation.agg_time_dimension, visible),
        expr=parameters.expr or metric.name,
    )


def _time(model: PydanticSemanticModel, declared: str | None, visible: Visible) -> str | None:
    name = declared or (model.defaults.agg_time_dimension if model.defaults else None)
    primary = model.primary_entity or next(
        (entity.name for entity in model.entities if entity.type.value == "primary"), None
    )
    return name if name and visible.dimension(f"{primary}__{name}" if primary else name) else None


def model_of(
    manifest: PydanticSemanticManifest, metric: PydanticMetric
) -> PydanticSemanticModel | None:
    """Give the semantic model of what a simple metric aggregates."""
    parameters = metric.type_params
    for model in manifest.semantic_models:
        if parameters.measure is not None:
            if any(one.name == parameters.measure.name for one in model.measures):
                return model
        elif parameters.metric_aggregation_params is not None and (
            model.name == parameters.metric_aggregation_params.semantic_model
        ):
            return model
    return None


def adds_up(manifest: PydanticSemanticManifest, metric: PydanticMetric) -> bool:
    """Whether a metric's values of some groups add up to the value of the groups together.

    So they do where it is a sum of rows, each of which is in one group.
    """
    if metric.type.value != "simple":
        return False
    parameters = metric.type_params
    if parameters.measure is not None:
        for model in manifest.semantic_models:
            for measure in model.measures:
                if measure.name == parameters.measure.name:
                    return measure.agg.value in _SUMS and measure.non_additive_dimension is None
    aggregation = parameters.metric_aggregation_params
    return (
        aggregation is not None
        and aggregation.agg.value in _SUMS
        and aggregation.non_additive_dimension is None
    )
