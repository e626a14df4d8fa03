"""Renders semantic models as views of LookML, with an explore for each that has metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.keyed_joins import joined_models, lost_joins
from metrics_store.interchange.expressions.metric_expression import MetricExpressions
from metrics_store.interchange.expressions.spellings import names_of, qualified
from metrics_store.interchange.expressions.time_functions import truncated
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import Aggregate
from metrics_store.interchange.layer.semantic_model import PRIMARY, TIME, UNIQUE, Dimension
from metrics_store.interchange.renderers.lookml_text import block, quoted, sql
from metrics_store.interchange.renderers.rendered_export import RenderedExport
from metrics_store.interchange.renderers.view_metrics import (
    explained,
    limits,
    one_model,
    public_metrics,
)

if TYPE_CHECKING:
    from metrics_store.interchange.expressions.keyed_joins import JoinedModel
    from metrics_store.interchange.expressions.name_resolution import Attribute
    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import Entity, SemanticModel

_TABLE, _VIEW = "__table__", "__view__"
_FRAMES = ("hour", "date", "week", "month", "quarter", "year")
_TYPES = {"sum": "sum", "min": "min", "max": "max", "average": "average"}
_TYPES |= {"count_distinct": "count_distinct", "median": "median", "percentile": "percentile"}


def lookml_views(layer: SemanticLayer, name: str) -> RenderedExport:
    """Render the definitions as LookML.

    Args:
        layer: The definitions.
        name: The model file's name.
    """
    export = RenderedExport("lookml", "LookML", "#")
    views = {model.name: _View(layer, model, export) for model in layer.models.values()}
    for metric in public_metrics(layer):
        try:
            views[one_model(metric, layer)].add(metric)
            export.said.add(metric.name)
            export.note(metric.name, *limits(metric, layer))
        except UnsayableError as error:
            export.unsaid[metric.name] = str(error)
    for view in views.values():
        export.files[f"{view.model.name}.view.lkml"] = view.text()
    explores = [view.explore(views) for view in views.values() if view.measures]
    export.files[f"{name}.model.lkml"] = "\n\n".join(['include: "*.view.lkml"', *explores]) + "\n"
    export.lost += lost_joins(layer)
    export.lost.append("the time that a metric counts at; its description says it")
    export.lost.append("types of dimensions: what is no time is a string")
    if layer.custom_grains:
        grains = ", ".join(sorted(one.name for one in layer.custom_grains))
        export.lost.append(f"the project's own grains: {grains}")
    return export


@dataclass
class _View:
    layer: SemanticLayer
    model: SemanticModel
    export: RenderedExport
    measures: dict[str, str] = field(default_factory=dict)

    @property
    def joined(self) -> list[JoinedModel]:
        """The models that are joined to it."""
        return joined_models(self.layer, self.model.name)

    def add(self, metric: Metric) -> None:
        """Add a metric.

        Raises:
            UnsayableError: A measure cannot say it.
        """
        if self.model.entity(metric.name) or self.model.dimension(metric.name):
            raise UnsayableError(f"{self.model.name} has a dimension of its name")
        expressions = MetricExpressions(self.layer, _Spelling(self.layer, self.joined))
        tree = expressions.expression(metric)
        said = explained(metric, self.layer)
        parameters = {
            **_measure(metric, tree, self.layer.dialect),
            "label": quoted(said.label),
            "description": quoted(said.description),
        }
        self.measures[metric.name] = block("measure", metric.name, parameters)

    def text(self) -> str:
        """Write the view."""
        relation = self.model.relation
        table = ".".join(
            part for part in (relation.database, relation.schema, relation.table) if part
        )
        elements: tuple[Dimension | Entity, ...] = (*self.model.entities, *self.model.dimensions)
        within = [text for one in elements if (text := self._element(one))]
        within += self.measures.values()
        if self.measures:
            listed = ", ".join(self.measures)
            within.append(block("set", "metrics", {"fields": f"[{listed}]"}))
        return block("view", self.model.name, {"sql_table_name": sql(table)}, within) + "\n"

    def explore(self, views: dict[str, _View]) -> str:
        """Write the explore over it: joined views give dimensions, not metrics of their own."""
        hidden = [f"-{one.names[-1]}.metrics*" for one in self.joined if views[one.model].measures]
        parameters = {
            "description": quoted(self.model.description),
            "fields": f"[{', '.join(['ALL_FIELDS*', *hidden])}]" if hidden else "",
        }
        joins = [self._join(one) for one in self.joined]
        return block("explore", self.model.name, parameters, joins)

    def _join(self, joined: JoinedModel) -> str:
        join = joined.way[-1]
        before = joined.names[-2] if len(joined.names) > 1 else self.model.name
        key = self.layer.models[join.from_model].entity(join.entity)
        is_one = key is not None and key.type in {PRIMARY, UNIQUE}
        on = f"${{{before}.{join.entity}}} = ${{{joined.names[-1]}.{join.entity}}}"
        parameters = {
            "from": joined.model,
            "type": "left_outer",
            "relationship": "one_to_one" if is_one else "many_to_one",
            "sql_on": sql(on),
        }
        return block("join", joined.names[-1], parameters)

    def _element(self, element: Dimension | Entity) -> str:
        try:
            tree = qualified(element.expr, _TABLE, self.layer.dialect)
        except UnsayableError as error:
            self.export.lost.append(f"{element.name} of {self.model.name}: {error}")
            return ""
        words = {"label": quoted(element.label), "description": quoted(element.description)}
        if isinstance(element, Dimension) and element.type == TIME:
            tree = truncated(tree, element.grain)
            grain = "date" if element.grain == "day" else element.grain
            first = _FRAMES.index(grain) if grain in _FRAMES else 0
            parameters = {
                "type": "time",
                "timeframes": f"[{', '.join(['raw', *_FRAMES[first:]])}]",
                "convert_tz": "no",
                "sql": sql(_text(tree, self.layer.dialect)),
                **words,
            }
            return block("dimension_group", element.name, parameters)
        parameters = {
            "primary_key": "yes" if element.type == PRIMARY else "",
            "type": "string",
            "sql": sql(_text(tree, self.layer.dialect)),
            **words,
        }
        return block("dimension", element.name, parameters)


class _Spelling:
    """Writes columns of the view itself, and dimensions of those that are joined."""

    def __init__(self, layer: SemanticLayer, joined: list[JoinedModel]) -> None:
        self._dialect = layer.dialect
        self._names = {one.way: one.names for one in joined}

    def value(self, model: SemanticModel, expr: str) -> exp.Expr:
        """Write what is aggregated."""
        del model
        return qualified(expr, _TABLE, self._dialect)

    def attribute(self, attribute: Attribute) -> exp.Expr:
        """Write a dimension or an entity."""
        names = names_of(self._names, attribute.joins)
        element = attribute.element
        if not names:
            return qualified(element.expr, _TABLE, self._dialect)
        ending = "_raw" if element.type == TIME else ""
        return exp.column(f"{element.name}{ending}", table=f"{_VIEW}{names[-1]}")


def _measure(metric: Metric, tree: exp.Expr, dialect: str) -> dict[str, str]:
    """Give type and SQL of a measure: of one of Looker's functions, or whatever the whole is."""
    aggregate = metric.definition
    if isinstance(aggregate, Aggregate) and aggregate.fill is None:
        percentile = aggregate.percentile
        if aggregate.function in _TYPES and (percentile is None or not percentile.discrete):
            share = {"percentile": f"{percentile.share * 100:g}"} if percentile else {}
            inner = _aggregated(tree)
            return {
                "type": _TYPES[aggregate.function],
                **share,
                "sql": sql(_text(inner, dialect)),
            }
    return {"type": "number", "sql": sql(_text(tree, dialect))}


def _aggregated(tree: exp.Expr) -> exp.Expr:
    """Give what a function aggregates."""
    if isinstance(tree, exp.WithinGroup):
        found: exp.Expr = tree.expression.expressions[0]
        return found
    inner: exp.Expr = tree.this
    return inner.expressions[0] if isinstance(inner, exp.Distinct) else inner


def _text(tree: exp.Expr, dialect: str) -> str:
    """Write SQL with names of LookML in it.

    Raises:
        UnsayableError: It would be read as something else.
    """
    text = (tree.transform(_quantile) if dialect == "duckdb" else tree).sql(dialect)
    if any(mark in text for mark in (";;", "{{", "{%", "${")):
        raise UnsayableError("its SQL has signs that LookML takes for its own")
    text = text.replace(f"{_TABLE}.", "${TABLE}.")
    return re.sub(rf"{_VIEW}(\w+)\.(\w+)", r"${\1.\2}", text)


def _quantile(node: exp.Expr) -> exp.Expr:
    """Write a percentile by DuckDB's own function: sqlglot puts the order into the call."""
    if not isinstance(node, exp.WithinGroup):
        return node
    name = str(node.this.this).replace("PERCENTILE", "QUANTILE")
    return exp.Anonymous(this=name, expressions=[_aggregated(node), *node.this.expressions])
