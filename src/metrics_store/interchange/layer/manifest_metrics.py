"""Reads the metrics of a semantic manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.layer.condition import Condition
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Balance,
    Conversion,
    Cumulative,
    Definition,
    Derived,
    Metric,
    MetricInput,
    Percentile,
    Ratio,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.elements.measure import (
        PydanticMeasureAggregationParameters,
    )
    from metricflow_semantic_interfaces.implementations.filters.where_filter import (
        PydanticWhereFilterIntersection,
    )
    from metricflow_semantic_interfaces.implementations.metric import (
        PydanticConversionTypeParams,
        PydanticMetric,
        PydanticMetricInput,
        PydanticMetricTimeWindow,
        PydanticMetricTypeParams,
    )

    from metrics_store.interchange.layer.semantic_model import SemanticModel


@dataclass(frozen=True)
class ManifestMetrics:
    """Reads the metrics of a manifest that MetricFlow's rules went over, as its reader's has.

    Attributes:
        models: The semantic models by name.
        own_grains: The names of the project's own grains.
    """

    models: Mapping[str, SemanticModel]
    own_grains: Sequence[str]

    def read(self, metric: PydanticMetric) -> Metric:
        """Read a metric."""
        return Metric(
            name=metric.name,
            label=metric.label or "",
            description=metric.description or "",
            meta=dict(metric.config.meta) if metric.config else {},
            type=metric.type.value,
            definition=self._definition(metric),
            conditions=self._conditions(metric.filter),
            is_private=bool(metric.type_params.is_private),
        )

    def _definition(self, metric: PydanticMetric) -> Definition:
        parameters = metric.type_params
        match metric.type.value:
            case "ratio":
                return Ratio(self._input(parameters.numerator), self._input(parameters.denominator))
            case "derived":
                inputs = tuple(map(self._input, parameters.metrics or ()))
                return Derived(parameters.expr or metric.name, inputs)
            case "cumulative":
                return self._cumulative(parameters)
            case "conversion":
                return self._conversion(parameters.conversion_type_params)
        return self._aggregate(metric.name, parameters)

    def _aggregate(self, name: str, parameters: PydanticMetricTypeParams) -> Aggregate:
        aggregation = parameters.metric_aggregation_params
        balance = aggregation.non_additive_dimension
        return Aggregate(
            model=aggregation.semantic_model,
            function=aggregation.agg.value,
            expr=parameters.expr or name,
            time=aggregation.agg_time_dimension
            or self.models[aggregation.semantic_model].default_time,
            percentile=_percentile(aggregation.agg_params),
            balance=None
            if balance is None
            else Balance(
                balance.name, balance.window_choice.value, tuple(balance.window_groupings)
            ),
            fill=parameters.fill_nulls_with,
            every_period=bool(parameters.join_to_timespine),
        )

    def _cumulative(self, parameters: PydanticMetricTypeParams) -> Cumulative:
        cumulative = parameters.cumulative_type_params
        return Cumulative(
            of=self._input(cumulative.metric),
            window=_window(cumulative.window),
            grain_to_date=cumulative.grain_to_date or "",
            period_agg=cumulative.period_agg.value,
        )

    def _conversion(self, parameters: PydanticConversionTypeParams) -> Conversion:
        return Conversion(
            base=self._input(parameters.base_metric),
            conversion=self._input(parameters.conversion_metric),
            entity=parameters.entity,
            calculation=parameters.calculation.value,
            window=_window(parameters.window),
            constants=tuple(
                (one.base_property, one.conversion_property)
                for one in parameters.constant_properties or ()
            ),
        )

    def _input(self, given: PydanticMetricInput) -> MetricInput:
        return MetricInput(
            name=given.name,
            alias=given.alias or given.name,
            conditions=self._conditions(given.filter),
            offset=_window(given.offset_window),
            offset_to_grain=given.offset_to_grain or "",
        )

    def _conditions(self, where: PydanticWhereFilterIntersection | None) -> tuple[Condition, ...]:
        written = where.where_filters if where else ()
        return tuple(Condition.parse(one.where_sql_template, self.own_grains) for one in written)


def _percentile(parameters: PydanticMeasureAggregationParameters | None) -> Percentile | None:
    if parameters is None or parameters.percentile is None:
        return None
    return Percentile(
        parameters.percentile,
        parameters.use_discrete_percentile,
        parameters.use_approximate_percentile,
    )


def _window(given: PydanticMetricTimeWindow | None) -> Window | None:
    return None if given is None else Window(given.count, given.granularity)
