"""Writes a metric as one SQL expression: aggregates over rows, and what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from metrics_store.interchange.expressions.aggregate_functions import aggregate_call
from metrics_store.interchange.expressions.name_resolution import resolve_name
from metrics_store.interchange.expressions.sql_parser import parsed
from metrics_store.interchange.expressions.time_functions import truncated
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Conversion,
    Cumulative,
    Derived,
    Metric,
    MetricInput,
    Ratio,
)

if TYPE_CHECKING:
    from metrics_store.interchange.expressions.name_resolution import Attribute
    from metrics_store.interchange.layer.condition import Condition, Name
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import SemanticModel

Conditions = tuple["Condition", ...]


class Spelling(Protocol):
    """How a format writes values of rows."""

    def value(self, model: SemanticModel, expr: str) -> exp.Expr:
        """Write what is aggregated: SQL over the columns of a model's table."""

    def attribute(self, attribute: Attribute) -> exp.Expr:
        """Write a dimension or an entity, as the rows that are aggregated see it."""


class MetricExpressions:
    """Writes metrics as expressions.

    Args:
        layer: The definitions.
        spelling: How values of rows are written.
    """

    def __init__(self, layer: SemanticLayer, spelling: Spelling) -> None:
        self._layer = layer
        self._spelling = spelling

    def expression(self, metric: Metric) -> exp.Expr:
        """Write a metric.

        Raises:
            UnsayableError: No one expression says it.
        """
        refuse_two_times(metric, self._layer)
        return self._metric(metric, ())

    def aggregate(self, aggregate: Aggregate, conditions: Conditions) -> exp.Expr:
        """Write an aggregate over the rows that fulfil conditions.

        Periods without rows, and what does not add up over time, are for the caller to say.

        Raises:
            UnsayableError: It has no expression.
        """
        model = self._layer.models[aggregate.model]
        value = self._spelling.value(model, aggregate.expr)
        if conditions:
            held = exp.and_(*(self._condition(one, aggregate) for one in conditions))
            value = exp.Case().when(held, value)
        call = aggregate_call(aggregate, value)
        if aggregate.fill is None:
            return call
        return exp.Coalesce(this=call, expressions=[exp.Literal.number(aggregate.fill)])

    def _metric(self, metric: Metric, conditions: Conditions) -> exp.Expr:
        conditions = (*conditions, *metric.conditions)
        match metric.definition:
            case Aggregate() as aggregate:
                return self._additive(aggregate, conditions)
            case Ratio(numerator, denominator):
                return self._ratio(numerator, denominator, conditions)
            case Derived(expr, inputs):
                return self._derived(expr, inputs, conditions)
            case Cumulative():
                raise UnsayableError("it accumulates over time")
            case Conversion():
                raise UnsayableError("it follows events of an entity from one to another")

    def _additive(self, aggregate: Aggregate, conditions: Conditions) -> exp.Expr:
        if aggregate.balance is not None:
            raise UnsayableError(f"it does not add up over {aggregate.balance.time}")
        if aggregate.every_period:
            raise UnsayableError("it has a value in periods without rows")
        return self.aggregate(aggregate, conditions)

    def _ratio(
        self, numerator: MetricInput, denominator: MetricInput, conditions: Conditions
    ) -> exp.Expr:
        return exp.Div(
            this=exp.cast(self._input(numerator, conditions), "double"),
            expression=exp.func(
                "nullif", self._input(denominator, conditions), exp.Literal.number(0)
            ),
        )

    def _derived(
        self, expr: str, inputs: tuple[MetricInput, ...], conditions: Conditions
    ) -> exp.Expr:
        parts = {one.alias.lower(): one for one in inputs}

        def written(node: exp.Expr) -> exp.Expr:
            if not isinstance(node, exp.Column):
                return node
            if node.table or node.name.lower() not in parts:
                raise UnsayableError(f"its expression names {node.sql()}, no part of it")
            return exp.paren(self._input(parts[node.name.lower()], conditions))

        return parsed(expr, self._layer.dialect).transform(written)

    def _input(self, used: MetricInput, conditions: Conditions) -> exp.Expr:
        if used.offset is not None or used.offset_to_grain:
            raise UnsayableError(f"it reads {used.name} of another time")
        return self._metric(self._layer.metrics[used.name], (*conditions, *used.conditions))

    def _condition(self, condition: Condition, aggregate: Aggregate) -> exp.Expr:
        names: dict[str, exp.Expr] = {}

        def placeholder(name: Name) -> str:
            key = f"__name_{len(names)}"
            names[key] = self._named(name, aggregate)
            return key

        tree = parsed(condition.render(placeholder), self._layer.dialect)

        def written(node: exp.Expr) -> exp.Expr:
            if not isinstance(node, exp.Column):
                return node
            if node.name not in names:
                raise UnsayableError(f"its condition names the column {node.sql()} itself")
            return names[node.name].copy()

        return exp.paren(tree.transform(written))

    def _named(self, name: Name, aggregate: Aggregate) -> exp.Expr:
        attribute = resolve_name(name, aggregate, self._layer)
        value = self._spelling.attribute(attribute)
        if name.part:
            return exp.Extract(this=exp.var(name.part.upper()), expression=value)
        grain = name.grain or getattr(attribute.element, "grain", "")
        if not grain:
            return value
        if grain in {one.name for one in self._layer.custom_grains}:
            raise UnsayableError(f"its condition is about the project's own grain {grain}")
        return truncated(value, grain)


def refuse_two_times(metric: Metric, layer: SemanticLayer) -> None:
    """Refuse a metric whose parts would be grouped by times that are not theirs.

    Raises:
        UnsayableError: Its parts count at different times of one semantic model.
    """
    for model, names in aggregated_times(metric, layer).items():
        if len(names) > 1:
            listed = " and ".join(sorted(names))
            raise UnsayableError(f"its parts count at different times of {model}: {listed}")


def aggregated_times(metric: Metric, layer: SemanticLayer) -> dict[str, set[str]]:
    """Give the times that the parts of a metric count at, by their semantic models."""
    found: dict[str, set[str]] = {}
    waiting = [metric]
    while waiting:
        one = waiting.pop()
        if isinstance(one.definition, Aggregate):
            found.setdefault(one.definition.model, set()).add(one.definition.time)
        waiting += [layer.metrics[part.name] for part in one.inputs]
    return found
