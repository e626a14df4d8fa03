"""Renders the definitions as a table of words, for tools that read no definitions."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from metrics_store.interchange.expressions.metric_expression import aggregated_times
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Conversion,
    Cumulative,
    Derived,
    Metric,
    MetricInput,
    Ratio,
)
from metrics_store.interchange.renderers.rendered_export import RenderedExport
from metrics_store.interchange.renderers.view_metrics import public_metrics

if TYPE_CHECKING:
    from metrics_store.interchange.layer.condition import Condition
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer

_META = ("unit", "direction", "owner", "tier", "version", "grains", "not_by", "deprecated")
_COLUMNS = (
    *("kind", "name", "label", "description", "type", "formula", "conditions"),
    *("semantic_model", "time", *_META),
)

Row = dict[str, str]


def csv_dictionary(layer: SemanticLayer, name: str) -> RenderedExport:
    """Render the definitions as one table: a row a metric, dimension and entity.

    Args:
        layer: The definitions.
        name: The file's name.
    """
    export = RenderedExport("dictionary", "the dictionary", "")
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for metric in sorted(public_metrics(layer), key=lambda one: one.name):
        writer.writerow(_metric(metric, layer))
        export.said.add(metric.name)
    for model in layer.models.values():
        for kind, elements in (("entity", model.entities), ("dimension", model.dimensions)):
            for one in elements:
                row = {
                    "kind": kind,
                    "name": f"{model.primary_entity}__{one.name}"
                    if kind == "dimension" and model.primary_entity
                    else one.name,
                    "label": one.label,
                    "description": " ".join(one.description.split()),
                    "type": one.type,
                    "formula": " ".join(one.expr.split()),
                    "semantic_model": model.name,
                    "time": getattr(one, "grain", ""),
                }
                writer.writerow(row)
    export.files[f"{name}.csv"] = text.getvalue()
    return export


def formula(metric: Metric) -> str:
    """Write what a metric is made of as people read it."""
    match metric.definition:
        case Aggregate() as aggregate:
            return _aggregate(aggregate)
        case Ratio(numerator, denominator):
            return f"{_input(numerator)} / {_input(denominator)}"
        case Derived(expr, inputs):
            told = [f"{one.alias} is {_input(one)}" for one in inputs if _input(one) != one.alias]
            return "; ".join([" ".join(expr.split()), *told])
        case Cumulative(of, window, grain, period):
            span = f"over {window}" if window else f"since the start of the {grain}"
            span = span if window or grain else "since ever"
            return f"{_input(of)} {span}, {period} of a period"
        case Conversion() as conversion:
            within = f" within {conversion.window}" if conversion.window else ""
            return (
                f"{conversion.calculation} from {_input(conversion.base)} to "
                f"{_input(conversion.conversion)} of {conversion.entity}{within}"
            )


def _metric(metric: Metric, layer: SemanticLayer) -> Row:
    times = aggregated_times(metric, layer)
    meta = {key: _words(metric.meta[key]) for key in _META if metric.meta.get(key) is not None}
    return {
        "kind": "metric",
        "name": metric.name,
        "label": metric.label,
        "description": " ".join(metric.description.split()),
        "type": metric.type,
        "formula": formula(metric),
        "conditions": _conditions(metric.conditions),
        "semantic_model": ", ".join(sorted(times)),
        "time": ", ".join(sorted({time for names in times.values() for time in names})),
        **meta,
    }


def _aggregate(aggregate: Aggregate) -> str:
    name = aggregate.function
    if aggregate.percentile is not None:
        name = f"{name} {aggregate.percentile.share * 100:g}"
    text = f"{name}({' '.join(aggregate.expr.split())})"
    if aggregate.balance is not None:
        end = "last" if aggregate.balance.choice == "max" else "first"
        each = ", ".join(aggregate.balance.groupings)
        text += f" at the {end} {aggregate.balance.time}" + (f" of each {each}" if each else "")
    return text if aggregate.fill is None else f"{text}, {aggregate.fill} where there is nothing"


def _input(used: MetricInput) -> str:
    text = used.name
    if used.offset is not None:
        text += f" {used.offset} before"
    if used.offset_to_grain:
        text += f" at the start of the {used.offset_to_grain}"
    return f"{text} where {_conditions(used.conditions)}" if used.conditions else text


def _conditions(conditions: tuple[Condition, ...]) -> str:
    return " and ".join(map(str, conditions))


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple | dict) else str(value)
