"""Reads metrics of others: each aggregate is a measure, and what is made of them is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.ossie.ossie_parts import expression_text, parsed_expression
from metrics_store.interchange.properties.property_values import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.interchange.ossie.ossie_parts import OssiePart
    from metrics_store.interchange.properties.property_values import Properties

_FUNCTIONS: dict[type[exp.Expr], str] = {
    exp.Sum: "sum",
    exp.Min: "min",
    exp.Max: "max",
    exp.Avg: "average",
    exp.Median: "median",
}


class ForeignMetrics:
    """Reads the metrics of a semantic model.

    Args:
        model: The semantic model.
        semantic_models: What its datasets became, by name; they take the measures.
    """

    def __init__(self, model: OssiePart, semantic_models: Mapping[str, Properties]) -> None:
        self._datasets = {one.name: one for one in model.parts() if one.kind == "dataset"}
        self._semantic_models = semantic_models

    def read(self, metric: OssiePart) -> list[Properties]:
        """Read a metric, after the ones that it is made of.

        Raises:
            UnsayableError: It cannot be read.
        """
        tree = parsed_expression(metric.content)
        aggregates = _outermost(tree)
        if not aggregates:
            raise UnsayableError("it aggregates nothing")
        is_simple = aggregates == [tree]
        names = [metric.name] if is_simple else _part_names(metric.name, len(aggregates))
        made = [self._measure(name, one) for name, one in zip(names, aggregates, strict=True)]
        words = {"label": metric.name, "description": metric.content.get("description")}
        metrics = [_simple(name, {"label": name.replace("_part_", ", part ")}) for name in names]
        if is_simple:
            metrics = [_simple(metric.name, words)]
        else:
            metrics.append(
                _derived(metric.name, words, tree, dict(zip(names, aggregates, strict=True)))
            )
        for dataset, measure in made:
            self._semantic_models[dataset].setdefault("measures", []).append(measure)
        return metrics

    def _measure(self, metric: str, aggregate: exp.Expr) -> tuple[str, Properties]:
        """Make the measure of a metric, and give the dataset that it belongs to."""
        properties, value = _function(aggregate)
        dataset = self._dataset(value)
        if "defaults" not in self._semantic_models[dataset]:
            raise UnsayableError(f"{dataset} has no time, which each metric has to count at")
        expr = self._columns(value, dataset)
        return dataset, {"name": _measure_name(metric), **properties, "expr": expr}

    def _dataset(self, value: exp.Expr) -> str:
        """Find the one dataset whose rows are aggregated."""
        if value.find(exp.Query, exp.Window) is not None:
            raise UnsayableError("it aggregates more than values of rows")
        names = set()
        for column in value.find_all(exp.Column):
            names.add(column.table.lower() or self._having(column.name))
        if not names and len(self._datasets) == 1:
            return next(iter(self._datasets))
        known = {name.lower(): name for name in self._semantic_models}
        if len(names) != 1 or not names <= set(known):
            listed = " and ".join(sorted(names)) or "no dataset"
            raise UnsayableError(f"it aggregates rows of {listed}, not of one dataset")
        return known[names.pop()]

    def _having(self, field: str) -> str:
        """Give the one dataset that has a field."""
        found = [
            name
            for name, dataset in self._datasets.items()
            if any(one.name.lower() == field.lower() for one in dataset.parts())
        ]
        if len(found) != 1:
            raise UnsayableError(f"no one dataset has the field {field}")
        return found[0].lower()

    def _columns(self, value: exp.Expr, dataset: str) -> str:
        """Write a value over columns of the table, in the place of fields."""
        fields = {one.name.lower(): one for one in self._datasets[dataset].parts()}

        def written_out(node: exp.Expr) -> exp.Expr:
            if not isinstance(node, exp.Column):
                return node
            field = fields.get(node.name.lower())
            if field is None or expression_text(field.content) == field.name:
                return exp.column(node.this)
            inner = parsed_expression(field.content)
            return inner if isinstance(inner, exp.Column) else exp.paren(inner)

        return value.transform(written_out).sql()


def _measure_name(metric: str) -> str:
    return f"{metric}_measure"


def _part_names(metric: str, count: int) -> list[str]:
    return [f"{metric}_part_{number}" for number in range(1, count + 1)]


def _simple(name: str, words: Properties) -> Properties:
    parameters = {"measure": {"name": _measure_name(name)}}
    return written({"name": name, **words, "type": "simple", "type_params": parameters})


def _derived(
    name: str, words: Properties, tree: exp.Expr, parts: Mapping[str, exp.Expr]
) -> Properties:
    """Make a metric of the parts that stand in an expression.

    Raises:
        UnsayableError: It has columns outside of them.
    """
    names = {id(aggregate): part for part, aggregate in parts.items()}
    whole = tree.transform(
        lambda node: exp.column(names[id(node)]) if id(node) in names else node, copy=False
    )
    if {column.name for column in whole.find_all(exp.Column)} != set(parts):
        raise UnsayableError("it names columns outside of what it aggregates")
    inputs = [{"name": part} for part in parts]
    parameters = {"expr": whole.sql(), "metrics": inputs}
    return written({"name": name, **words, "type": "derived", "type_params": parameters})


def _outermost(tree: exp.Expr) -> list[exp.Expr]:
    """Give the aggregates that are in no other."""
    found = [*tree.find_all(exp.WithinGroup), *tree.find_all(exp.AggFunc)]
    return [
        one for one in found if not any(one is not other and one in other.walk() for other in found)
    ]


def _function(aggregate: exp.Expr) -> tuple[Properties, exp.Expr]:
    """Give the function of an aggregate as properties of a measure, and its value."""
    for kind, name in _FUNCTIONS.items():
        if isinstance(aggregate, kind):
            return {"agg": name}, aggregate.this
    if isinstance(aggregate, exp.Count):
        value = aggregate.this
        if isinstance(value, exp.Distinct) and len(value.expressions) == 1:
            return {"agg": "count_distinct"}, value.expressions[0]
        if isinstance(value, exp.Star) or value.is_number:
            return {"agg": "count"}, exp.Literal.number(1)
        if not isinstance(value, exp.Distinct):
            return {"agg": "count"}, value
    inner = aggregate.this
    if isinstance(aggregate, exp.WithinGroup) and isinstance(
        inner, exp.PercentileCont | exp.PercentileDisc
    ):
        ordered = aggregate.expression.expressions[0]
        is_discrete = isinstance(inner, exp.PercentileDisc)
        share = {"percentile": float(inner.this.name)}
        discrete = {"use_discrete_percentile": True} if is_discrete else {}
        value = ordered.this if isinstance(ordered, exp.Ordered) else ordered
        return {"agg": "percentile", "agg_params": share | discrete}, value
    raise UnsayableError(f"it aggregates by {aggregate.sql()}")
