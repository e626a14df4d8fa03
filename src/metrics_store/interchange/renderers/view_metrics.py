"""The metrics of a view, in what they are made of and said by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.metric_expression import aggregated_times
from metrics_store.interchange.expressions.sql_parser import parsed
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import Conversion, Derived, Ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.interchange.layer.metric import Aggregate, Metric, MetricInput
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer

SPARSE = "a slice without rows at the period's last time has its own last time, and not nothing"


def public_metrics(layer: SemanticLayer) -> list[Metric]:
    """Give the metrics that are asked by name, each after those that it is made of."""
    found: dict[str, Metric] = {}

    def add(metric: Metric) -> None:
        for part in metric.inputs:
            add(layer.metrics[part.name])
        if not metric.is_private:
            found.setdefault(metric.name, metric)

    for _, metric in sorted(layer.metrics.items()):
        add(metric)
    return list(found.values())


def explained(metric: Metric, layer: SemanticLayer) -> Metric:
    """Give a metric whose description says what no format has a word for.

    That is the time that it counts at, and by what it must not be asked.
    """
    times = {time for names in aggregated_times(metric, layer).values() for time in names if time}
    said = [metric.description]
    if len(times) == 1:
        said.append(f"Counts at {times.pop()}.")
    said += [f"{limit[0].upper()}{limit[1:]}." for limit in limits(metric, layer)]
    return replace(metric, description=" ".join(said).strip())


def limits(metric: Metric, layer: SemanticLayer) -> list[str]:
    """Say by what a metric must not be asked, which no format keeps its readers from."""
    excluded: dict[str, None] = {}
    by_period_only = False
    waiting = [metric]
    while waiting:
        one = waiting.pop()
        excluded.update(dict.fromkeys(map(str, one.meta.get("not_by") or ())))
        by_period_only = by_period_only or bool(one.meta.get("requires_metric_time"))
        waiting += [layer.metrics[part.name] for part in one.inputs]
    found = ["it has a meaning by period only"] if by_period_only else []
    return [*found, f"it has no meaning by {', '.join(sorted(excluded))}"] if excluded else found


def one_model(metric: Metric, layer: SemanticLayer) -> str:
    """Give the semantic model whose rows a metric is made of.

    Raises:
        UnsayableError: It is made of those of several.
    """
    if isinstance(metric.definition, Conversion):
        raise UnsayableError("it follows events of an entity from one to another")
    models = sorted(aggregated_times(metric, layer))
    if len(models) != 1:
        raise UnsayableError(f"its parts are of several semantic models: {', '.join(models)}")
    return models[0]


def without_balance(aggregate: Aggregate) -> Aggregate:
    """Give an aggregate whose rows of other times the format leaves out by itself.

    Raises:
        UnsayableError: Which rows count is more than the last or the first time.
    """
    if aggregate.balance is not None and aggregate.balance.groupings:
        each = ", ".join(aggregate.balance.groupings)
        raise UnsayableError(f"its last time is one of its own for each {each}")
    if aggregate.every_period:
        raise UnsayableError("it has a value in periods without rows")
    return replace(aggregate, balance=None)


def over_metrics(
    metric: Metric, layer: SemanticLayer, known: Callable[[str], exp.Expr]
) -> exp.Expr:
    """Write a metric over others, as they stand in a view.

    Args:
        metric: The metric.
        layer: The definitions.
        known: Gives what calls another; it raises where the view has it not.

    Raises:
        UnsayableError: It is not made of whole metrics of the view.
    """
    if metric.conditions:
        raise UnsayableError("it has conditions of its own on what its parts are made of")
    match metric.definition:
        case Ratio(numerator, denominator):
            upper = exp.cast(_part(numerator, known), "double")
            lower = exp.func("nullif", _part(denominator, known), exp.Literal.number(0))
            return exp.Div(this=upper, expression=lower)
        case Derived(expr, inputs):
            parts = {one.alias.lower(): _part(one, known) for one in inputs}
            return parsed(expr, layer.dialect).transform(
                lambda node: (
                    parts[node.name.lower()].copy() if isinstance(node, exp.Column) else node
                )
            )
    raise UnsayableError("it is not made of other metrics")


def _part(used: MetricInput, known: Callable[[str], exp.Expr]) -> exp.Expr:
    if used.offset is not None or used.offset_to_grain:
        raise UnsayableError(f"it reads {used.name} of another time")
    if used.conditions:
        raise UnsayableError(f"it reads {used.name} of some rows only")
    return known(used.name)
