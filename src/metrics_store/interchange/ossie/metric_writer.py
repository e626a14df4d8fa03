"""Writes metrics for an Ossie document, and tells which of them its core cannot say."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from metrics_store.interchange.expressions.metric_expression import MetricExpressions
from metrics_store.interchange.expressions.spellings import NamedSpelling
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import Aggregate
from metrics_store.interchange.ossie.core_digest import digest_of
from metrics_store.interchange.ossie.dataset_writer import expression_of, is_field
from metrics_store.interchange.ossie.ossie_extensions import own_extension
from metrics_store.interchange.properties.metric_properties import metric_properties
from metrics_store.interchange.properties.property_values import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics_store.interchange.expressions.name_resolution import Attribute
    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import SemanticModel
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion
    from metrics_store.interchange.properties.property_values import Properties

_OF_CORE = ("name", "description")


class MetricWriter:
    """Writes the metrics of a project.

    Args:
        layer: The definitions.
        semantic_manifest: The same as dbt wrote it.
        version: The version of Ossie.
    """

    def __init__(
        self, layer: SemanticLayer, semantic_manifest: Properties, version: OssieVersion
    ) -> None:
        self._layer = layer
        self._manifest = semantic_manifest
        self._version = version

    def write(self, metric: Properties) -> dict[str, Any]:
        """Write a metric as the semantic manifest has it.

        Raises:
            UnsayableError: The core of Ossie cannot say it exactly.
        """
        expression = expression_of(self._expression(self._layer.metrics[metric["name"]]))
        properties = metric_properties(metric)
        rest = {key: value for key, value in properties.items() if key not in _OF_CORE}
        extension = {"metric": rest, "expression": digest_of(expression)}
        return written(
            {
                "name": metric["name"],
                "expression": expression,
                "description": properties.get("description"),
                "custom_extensions": own_extension(extension, self._version),
            }
        )

    def _expression(self, metric: Metric) -> str:
        if metric.is_private:
            raise UnsayableError("it is only a part of others, and the core would offer it to all")
        if self._version.read_by_dbt:
            return _as_dbt_reads(metric)
        return self._expressions.expression(metric).sql()

    @functools.cached_property
    def _expressions(self) -> MetricExpressions:
        return MetricExpressions(
            self._layer, _FieldSpelling(self._layer, dict(self._measures()), self._version)
        )

    def _measures(self) -> Iterator[tuple[tuple[str, str], exp.Expr]]:
        """Give what is aggregated by the fields that are the measures."""
        for model in self._manifest["semantic_models"]:
            for measure in model.get("measures") or ():
                if not is_field("measure", measure, self._version):
                    continue
                expr = measure.get("expr") or measure["name"]
                field: exp.Expr = exp.column(measure["name"], table=model["name"])
                one, zero = exp.Literal.number(1), exp.Literal.number(0)
                if measure["agg"] == "count" and expr != "1":
                    held = exp.Not(this=exp.Is(this=field, expression=exp.Null()))
                    field = exp.Case().when(held, one).else_(zero)
                    expr = f"CASE WHEN {expr} IS NOT NULL THEN 1 ELSE 0 END"
                elif measure["agg"] == "sum_boolean":
                    field = exp.Case().when(field, one).else_(zero)
                    expr = f"CASE WHEN {expr} THEN 1 ELSE 0 END"
                yield (model["name"], expr), field


class _FieldSpelling(NamedSpelling):
    """Names fields, which what is aggregated has to be."""

    def __init__(
        self,
        layer: SemanticLayer,
        values: Mapping[tuple[str, str], exp.Expr],
        version: OssieVersion,
    ) -> None:
        super().__init__(layer, values)
        self._known = values
        self._version = version

    def value(self, model: SemanticModel, expr: str) -> exp.Expr:
        """Write what is aggregated."""
        if (model.name, expr) not in self._known:
            raise UnsayableError(f"what it aggregates is no SQL that all read: {expr}")
        return super().value(model, expr)

    def attribute(self, attribute: Attribute) -> exp.Expr:
        """Write a dimension or an entity."""
        element = {"name": attribute.element.name, "expr": attribute.element.expr}
        if not is_field("dimension", element, self._version):
            raise UnsayableError(f"{attribute.element.name} is no SQL that all read")
        return super().attribute(attribute)


def _as_dbt_reads(metric: Metric) -> str:
    """Write a metric in the one form that dbt reads as what it is: a function of a column.

    Of what is more than a column, of a ratio of such, and of what its converter cannot read at all
    it makes another metric, or one that no query can be made of.
    """
    aggregate = metric.definition
    if not isinstance(aggregate, Aggregate) or metric.conditions:
        raise UnsayableError("dbt reads only functions of one column, without conditions")
    if aggregate.balance or aggregate.every_period or aggregate.fill is not None:
        raise UnsayableError("dbt reads no filling of periods, and nothing that adds up in part")
    if not aggregate.expr.isidentifier():
        raise UnsayableError("dbt reads no expression in a function, only a column")
    functions = {"sum": "SUM", "min": "MIN", "max": "MAX", "average": "AVG"}
    column = f"{aggregate.model}.{aggregate.expr}"
    if aggregate.function in functions:
        return f"{functions[aggregate.function]}({column})"
    if aggregate.function == "count_distinct":
        return f"COUNT(DISTINCT {column})"
    raise UnsayableError(f"dbt loses the dataset of the function {aggregate.function}")
