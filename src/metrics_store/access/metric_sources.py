"""The semantic models that a metric is computed from, directly or through its inputs."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.metric_time import known_grains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow_semantic_interfaces.implementations.filters.where_filter import (
        PydanticWhereFilterIntersection,
    )
    from metricflow_semantic_interfaces.implementations.metric import (
        PydanticMetric,
        PydanticMetricInput,
        PydanticMetricInputMeasure,
    )
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


@dataclass(frozen=True, eq=False)
class MetricSources:
    """Finds the inputs and semantic models of metrics in one manifest.

    Attributes:
        manifest: The definitions.
    """

    manifest: PydanticSemanticManifest

    @functools.cached_property
    def _metrics(self) -> dict[str, PydanticMetric]:
        return {metric.name: metric for metric in self.manifest.metrics}

    @functools.cached_property
    def _models(self) -> dict[str, str]:
        """Measure -> the model it is of."""
        return {
            measure.name: model.name
            for model in self.manifest.semantic_models
            for measure in model.measures
        }

    @functools.cached_property
    def _grains(self) -> tuple[str, ...]:
        return tuple(known_grains(self.manifest))

    def inputs(self, name: str) -> frozenset[str]:
        """Give a metric with all its inputs, of all levels, metrics in filters included."""
        reached = {name}
        waiting = [name]
        while waiting:
            for needed in self._direct(self._metrics[waiting.pop()]):
                if needed in self._metrics and needed not in reached:
                    reached.add(needed)
                    waiting.append(needed)
        return frozenset(reached)

    def models(self, name: str) -> frozenset[str]:
        """Give the models of all measures that a metric is computed from."""
        found: set[str] = set()
        for one in self.inputs(name):
            parameters = self._metrics[one].type_params
            if parameters.metric_aggregation_params is not None:
                found.add(parameters.metric_aggregation_params.semantic_model)
            found.update(self._models[measure.name] for measure in _measures(self._metrics[one]))
        return frozenset(found)

    def metric(self, name: str) -> PydanticMetric:
        """Give the definition of a metric, private ones too."""
        return self._metrics[name]

    def direct(self, name: str) -> tuple[str, ...]:
        """Give the direct inputs of a metric, metrics in its filters included, by name."""
        metric = self._metrics[name]
        named = [given.name for given in _metric_inputs(metric)]
        for filters in all_filters(metric):
            named += self.metrics_in_filters(filters)
        return tuple(sorted({one for one in named if one in self._metrics} - {name}))

    def own_models(self, name: str) -> tuple[str, ...]:
        """Give the models that a metric aggregates by itself, not through other metrics."""
        metric = self._metrics[name]
        if _metric_inputs(metric):
            return ()
        aggregation = metric.type_params.metric_aggregation_params
        found = {aggregation.semantic_model} if aggregation is not None else set()
        found |= {self._models[one.name] for one in _measures(metric) if one.name in self._models}
        return tuple(sorted(found))

    def _direct(self, metric: PydanticMetric) -> Iterator[str]:
        yield from self.metrics_in_filters(metric.filter)
        for given in (*_metric_inputs(metric), *_measures(metric)):
            yield given.name
            yield from self.metrics_in_filters(given.filter)

    def metrics_in_filters(self, filters: PydanticWhereFilterIntersection | None) -> Iterator[str]:
        """Give the metrics that filters of the definitions compare with."""
        for one in filters.where_filters if filters else ():
            for call in one.call_parameter_sets(self._grains).metric_call_parameter_sets:
                yield call.metric_reference.element_name


def all_filters(metric: PydanticMetric) -> list[PydanticWhereFilterIntersection]:
    """Give the filters of a metric: its own, and those on its inputs."""
    given = [metric.filter, *(one.filter for one in (*_metric_inputs(metric), *_measures(metric)))]
    return [one for one in given if one is not None]


def _metric_inputs(metric: PydanticMetric) -> list[PydanticMetricInput]:
    parameters = metric.type_params
    found = [parameters.numerator, parameters.denominator, *(parameters.metrics or ())]
    if parameters.conversion_type_params is not None:
        conversion = parameters.conversion_type_params
        found += [conversion.base_metric, conversion.conversion_metric]
    if parameters.cumulative_type_params is not None:
        found.append(parameters.cumulative_type_params.metric)
    return [one for one in found if one is not None]


def _measures(metric: PydanticMetric) -> list[PydanticMetricInputMeasure]:
    parameters = metric.type_params
    found = [parameters.measure, *parameters.input_measures]
    if parameters.conversion_type_params is not None:
        conversion = parameters.conversion_type_params
        found += [conversion.base_measure, conversion.conversion_measure]
    return [one for one in found if one is not None]
