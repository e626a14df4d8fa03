"""Renders each semantic model with metrics as a metric view of Databricks, in YAML 1.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from metrics_store.interchange.expressions.keyed_joins import joined_models, lost_joins
from metrics_store.interchange.expressions.metric_expression import (
    MetricExpressions,
    refuse_two_times,
)
from metrics_store.interchange.expressions.spellings import ColumnSpelling
from metrics_store.interchange.expressions.time_functions import truncated
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import Aggregate, Cumulative, Derived, Ratio
from metrics_store.interchange.layer.semantic_model import TIME, Dimension
from metrics_store.interchange.renderers.rendered_export import RenderedExport
from metrics_store.interchange.renderers.view_metrics import (
    SPARSE,
    explained,
    limits,
    one_model,
    over_metrics,
    public_metrics,
    without_balance,
)
from metrics_store.interchange.yaml_text import yaml_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.interchange.expressions.keyed_joins import JoinedModel
    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import Entity, SemanticModel

_DIALECT = "databricks"
_SOURCE = "source"
_SPARSE_DAYS = "a day without rows has no value, where the engine has that of the days before"
_AT_END = {"max": "last", "min": "first", "last": "last", "first": "first"}

Entry = dict[str, Any]


def databricks_views(layer: SemanticLayer, name: str) -> RenderedExport:
    """Render the definitions as metric views.

    Args:
        layer: The definitions.
        name: The project's name.
    """
    del name
    export = RenderedExport("databricks", "a Databricks metric view", "#")
    views: dict[str, _MetricView] = {}
    for metric in public_metrics(layer):
        try:
            model = one_model(metric, layer)
            view = views.setdefault(model, _MetricView(layer, layer.models[model], export))
            view.add(metric)
            export.said.add(metric.name)
            export.note(metric.name, *limits(metric, layer))
        except UnsayableError as error:
            export.unsaid[metric.name] = str(error)
    for model, view in views.items():
        if view.measures:
            export.files[f"{model}.yml"] = view.text()
    export.lost += lost_joins(layer)
    export.lost.append("the time that a metric counts at; its comment says it")
    if layer.custom_grains:
        grains = ", ".join(sorted(one.name for one in layer.custom_grains))
        export.lost.append(f"the project's own grains: {grains}")
    return export


class _MetricView:
    def __init__(self, layer: SemanticLayer, model: SemanticModel, export: RenderedExport) -> None:
        self._layer = layer
        self._model = model
        self._export = export
        self._joined = joined_models(layer, model.name)
        self._spelling = ColumnSpelling(layer.dialect, _SOURCE, self._joined)
        self._expressions = MetricExpressions(layer, self._spelling)
        self.dimensions: dict[str, Entry] = {}
        for one in self._all_dimensions():
            self.dimensions.setdefault(one["name"], one)
        self.measures: list[Entry] = []

    def text(self) -> str:
        """Write the view."""
        content = {
            "version": 1.1,
            "comment": self._model.description or None,
            "source": _table(self._model),
            "joins": self._joins((), self._joined),
            "dimensions": list(self.dimensions.values()),
            "measures": self.measures,
        }
        given = {key: value for key, value in content.items() if value}
        return yaml_text(given)

    def add(self, metric: Metric) -> None:
        """Add a metric.

        Raises:
            UnsayableError: A measure cannot say it.
        """
        window: list[Entry] = []
        aggregate = metric.definition
        if isinstance(aggregate, Aggregate) and aggregate.balance is not None:
            plain = without_balance(aggregate)
            tree = self._expressions.aggregate(plain, metric.conditions)
            end = _AT_END[aggregate.balance.choice]
            window = [_window(aggregate.balance.time, "current", end)]
            self._export.note(metric.name, SPARSE)
        elif isinstance(aggregate, Cumulative):
            tree, window = self._accumulated(metric, aggregate)
            self._export.note(metric.name, _SPARSE_DAYS)
        else:
            tree = self._plain(metric)
        if metric.name in self.dimensions:
            raise UnsayableError(f"{self._model.name} has a dimension of its name")
        entry = _entry(metric.name, tree, explained(metric, self._layer))
        self.measures.append({**entry, "window": window} if window else entry)

    def _plain(self, metric: Metric) -> exp.Expr:
        refuse_two_times(metric, self._layer)
        try:
            return self._expressions.expression(metric)
        except UnsayableError:
            if not isinstance(metric.definition, Ratio | Derived):
                raise
            tree = over_metrics(metric, self._layer, self._measure)
            if any(self._export.differs(part.name, SPARSE) for part in metric.inputs):
                self._export.note(metric.name, SPARSE)
            return tree

    def _measure(self, metric: str) -> exp.Expr:
        self._export.refuse_unsaid(metric)
        return exp.Anonymous(this="MEASURE", expressions=[exp.column(metric)])

    def _accumulated(self, metric: Metric, cumulative: Cumulative) -> tuple[exp.Expr, list[Entry]]:
        """Write what is accumulated since ever, or since the start of a period."""
        part = self._layer.metrics[cumulative.of.name]
        aggregate = part.definition
        if cumulative.window is not None:
            raise UnsayableError(
                f"its window is the {cumulative.window}s up to a day with the day; "
                "Databricks' trailing windows end before it"
            )
        if cumulative.period_agg not in _AT_END or not isinstance(aggregate, Aggregate):
            raise UnsayableError("it accumulates, and not the last or first value of a period")
        if aggregate.balance is not None:
            raise UnsayableError(
                f"it accumulates what does not add up over {aggregate.balance.time}"
            )
        conditions = (*metric.conditions, *part.conditions, *cumulative.of.conditions)
        tree = self._expressions.aggregate(without_balance(aggregate), conditions)
        end = _AT_END[cumulative.period_agg]
        window = [_window(aggregate.time, "cumulative", end)]
        if cumulative.grain_to_date:
            window.append(_window(self._truncated(aggregate.time, cumulative), "current", end))
        return tree, window

    def _truncated(self, time: str, cumulative: Cumulative) -> str:
        """Give the dimension of the periods since whose start something is accumulated."""
        grain = cumulative.grain_to_date
        dimension = self._model.dimension(time)
        if dimension is None or grain in {one.name for one in self._layer.custom_grains}:
            raise UnsayableError(f"it accumulates since the start of a {grain}")
        name = f"{time}__{grain}"
        value = self._spelling.of_table(dimension.expr, ())
        tree = truncated(value, grain)
        self.dimensions[name] = {"name": name, "expr": _sql(tree)}
        return name

    def _all_dimensions(self) -> list[Entry]:
        found = self._dimensions_of(self._model, (), ())
        for one in self._joined:
            found += self._dimensions_of(self._layer.models[one.model], one.names, one.entities)
        return found

    def _dimensions_of(
        self, model: SemanticModel, names: Sequence[str], entities: Sequence[str]
    ) -> list[Entry]:
        """Give the dimensions of a model; those of joined ones are called by their entities."""
        found = []
        elements: tuple[Dimension | Entity, ...] = (*model.entities, *model.dimensions)
        for element in elements:
            try:
                tree = self._spelling.of_table(element.expr, names)
            except UnsayableError as error:
                self._export.lost.append(f"{element.name} of {model.name}: {error}")
                continue
            if isinstance(element, Dimension) and element.type == TIME:
                tree = truncated(tree, element.grain)
            found.append(_entry("__".join((*entities, element.name)), tree, element))
        return found

    def _joins(self, before: tuple[str, ...], joined: Sequence[JoinedModel]) -> list[Entry]:
        """Write the joins after others, each with those after it."""
        found = []
        for one in joined:
            if one.names[:-1] != before:
                continue
            join = one.way[-1]
            sides = []
            for model, names in ((join.from_model, before), (join.to_model, one.names[-1:])):
                entity = self._layer.models[model].entity(join.entity)
                expr = entity.expr if entity is not None else join.entity
                sides.append(_sql(self._spelling.of_table(expr, names[-1:])))
            entry: Entry = {
                "name": one.names[-1],
                "source": _table(self._layer.models[one.model]),
                "on": f"{sides[0]} = {sides[1]}",
            }
            within = self._joins(one.names, joined)
            found.append({**entry, "joins": within} if within else entry)
        return found


def _window(order: str, span: str, end: str) -> Entry:
    return {"order": order, "range": span, "semiadditive": end}


def _entry(name: str, tree: exp.Expr, described: Metric | Dimension | Entity) -> Entry:
    entry = {
        "name": name,
        "expr": _sql(tree),
        "comment": " ".join(described.description.split()) or None,
        "display_name": described.label or None,
    }
    return {key: value for key, value in entry.items() if value}


def _sql(tree: exp.Expr) -> str:
    return tree.sql(_DIALECT)


def _table(model: SemanticModel) -> str:
    relation = model.relation
    parts = (relation.database, relation.schema, relation.table)
    return ".".join(part for part in parts if part)
