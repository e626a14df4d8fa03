"""The formula of a metric in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import MetricType

if TYPE_CHECKING:
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

# A filter names a dimension, a time or an entity in braces: only the name is of interest.
_OBJECT_OF_A_FILTER = re.compile(
    r"\{\{\s*(?:Dimension|TimeDimension|Entity|Metric)\(\s*'(?P<name>\w+)'[^}]*\)\s*\}\}"
)


def _condition(where: PydanticWhereFilterIntersection | None) -> str:
    """Give a filter as `where ...`; nothing where there is none."""
    if where is None or not where.where_filters:
        return ""
    templates = [one.where_sql_template for one in where.where_filters]
    plain = [_OBJECT_OF_A_FILTER.sub(r"\g<name>", one).strip() for one in templates]
    return " where " + " and ".join(" ".join(one.split()) for one in plain)


def _input(used: PydanticMetricInput) -> str:
    """Give one input metric with what shifts or filters it."""
    text: str = used.name
    if used.offset_window:
        window = used.offset_window
        text += f" {window.count} {window.granularity} before"
    if used.offset_to_grain:
        text += f" at the start of the {used.offset_to_grain}"
    return text + _condition(used.filter)


def _measure(manifest: PydanticSemanticManifest, used: PydanticMetricInputMeasure) -> str:
    for model in manifest.semantic_models:
        for measure in model.measures:
            if measure.name == used.name:
                expression = " ".join((measure.expr or measure.name).split())
                aggregation = measure.agg.value.replace("_", " ")
                percentile = measure.agg_params and measure.agg_params.percentile
                share = f" {percentile}" if percentile else ""
                return f"{aggregation}{share} of {expression} in {model.name}" + _condition(
                    used.filter
                )
    return f"{used.name}{_condition(used.filter)}"


def _cumulative(manifest: PydanticSemanticManifest, metric: PydanticMetric) -> str:
    parameters = metric.type_params
    cumulative = parameters.cumulative_type_params
    summed = _measure(manifest, parameters.measure) if parameters.measure else ""
    if cumulative is None:
        return f"{summed}, from the beginning on"
    if cumulative.metric and not summed:
        summed = cumulative.metric.name
    if cumulative.window:
        window = cumulative.window
        return f"{summed}, over the last {window.count} {window.granularity}"
    if cumulative.grain_to_date:
        return f"{summed}, {cumulative.grain_to_date} to date"
    return f"{summed}, from the beginning on"


def _conversion(manifest: PydanticSemanticManifest, metric: PydanticMetric) -> str:
    conversion = metric.type_params.conversion_type_params
    if conversion is None:
        return ""
    base = _measure(manifest, conversion.base_measure)
    converted = _measure(manifest, conversion.conversion_measure)
    window = conversion.window
    within = f" within {window.count} {window.granularity}" if window else ""
    return f"share of ({base}) with ({converted}){within}, by {conversion.entity}"


def formula(manifest: PydanticSemanticManifest, metric: PydanticMetric) -> str:
    """Say in one line how a metric is worked out: its measure, or the metrics it is made of."""
    parameters = metric.type_params
    if metric.type is MetricType.RATIO:
        text = f"{_input(parameters.numerator)} / {_input(parameters.denominator)}"
    elif metric.type is MetricType.DERIVED:
        text = " ".join((parameters.expr or "").split())
        given = [
            f"{used.alias or used.name} = {described}"
            for used in parameters.metrics or []
            if (described := _input(used)) != (used.alias or used.name)
        ]
        text += f"; {', '.join(given)}" if given else ""
    elif metric.type is MetricType.CUMULATIVE:
        text = _cumulative(manifest, metric)
    elif metric.type is MetricType.CONVERSION:
        text = _conversion(manifest, metric)
    else:
        text = _measure(manifest, parameters.measure)
    return text + _condition(metric.filter)
