"""The rows that metrics aggregate: metrics of the same rows have the same groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from metricflow_semantic_interfaces.type_enums import MetricType
from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from metricflow_semantic_interfaces.implementations.filters.where_filter import (
        PydanticWhereFilterIntersection,
    )
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import (
        PydanticSemanticModel,
    )

# A semantic model, the time that its rows count by, the filters that all of them pass, and the
# grain that is meant where a request names none.
RowSource: TypeAlias = tuple[str, str | None, tuple[str, ...], str | None]


def row_sources(manifest: PydanticSemanticManifest) -> dict[str, RowSource]:
    """Give the source of each metric that has a value, or NULL, for each group of its rows.

    Left out is what has other groups than its rows: what is counted over time (cumulative metrics,
    conversions, offsets, balances), joined to the time spine, or made of several sources.
    """
    metrics = {metric.name: metric for metric in manifest.metrics}
    measures = {
        measure.name: (model, measure.agg_time_dimension, measure.non_additive_dimension is None)
        for model in manifest.semantic_models
        for measure in model.measures
    }
    models = {model.name: model for model in manifest.semantic_models}
    found: dict[str, RowSource] = {}
    for name, metric in metrics.items():
        rows = set(_rows(name, metrics, measures, models))
        one = rows.pop() if len(rows) == 1 else None
        if one is not None:
            found[name] = (*one, metric.time_granularity)
    return found


def _rows(
    name: str,
    metrics: Mapping[str, PydanticMetric],
    measures: Mapping[str, tuple[PydanticSemanticModel, str | None, bool]],
    models: Mapping[str, PydanticSemanticModel],
    filters: tuple[str, ...] = (),
) -> Iterator[tuple[str, str | None, tuple[str, ...]] | None]:
    """Give the rows of each component; nothing for what has groups of its own."""
    metric = metrics.get(name)
    if metric is None or metric.type in {MetricType.CUMULATIVE, MetricType.CONVERSION}:
        yield None
        return
    filters = (*filters, *_texts(metric.filter))
    inputs = MetricLookup.metric_inputs(metric, include_conversion_metric_input=True)
    for one in inputs:
        if one.offset_window is not None or one.offset_to_grain is not None:
            yield None
        else:
            yield from _rows(one.name, metrics, measures, models, (*filters, *_texts(one.filter)))
    if inputs:
        return
    parameters = metric.type_params
    measure, aggregation = parameters.measure, parameters.metric_aggregation_params
    # Whichever way it was declared, MetricFlow may have it at the metric or at its measure.
    if parameters.join_to_timespine or (measure is not None and measure.join_to_timespine):
        yield None
        return
    if measure is not None and measure.name in measures:
        model, time, is_additive = measures[measure.name]
        filters = (*filters, *_texts(measure.filter))
    elif measure is None and aggregation is not None:
        model, time = models[aggregation.semantic_model], aggregation.agg_time_dimension
        is_additive = aggregation.non_additive_dimension is None
    else:
        yield None
        return
    default = model.defaults.agg_time_dimension if model.defaults else None
    yield (model.name, time or default, tuple(sorted({*filters}))) if is_additive else None


def _texts(given: PydanticWhereFilterIntersection | None) -> Iterable[str]:
    return () if given is None else [one.where_sql_template for one in given.where_filters]
