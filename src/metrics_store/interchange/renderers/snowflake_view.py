"""Renders the definitions as a semantic view of Snowflake, by its SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.interchange.expressions.keyed_joins import is_column, keyed_joins, lost_joins
from metrics_store.interchange.expressions.metric_expression import (
    MetricExpressions,
    aggregated_times,
    refuse_two_times,
)
from metrics_store.interchange.expressions.spellings import NamedSpelling
from metrics_store.interchange.expressions.sql_parser import is_readable, parsed
from metrics_store.interchange.expressions.time_functions import truncated
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.metric import Aggregate, Derived, Ratio
from metrics_store.interchange.layer.semantic_model import PRIMARY, TIME, UNIQUE, Dimension
from metrics_store.interchange.renderers.rendered_export import RenderedExport
from metrics_store.interchange.renderers.snowflake_sql import (
    expression_sql,
    name_sql,
    words_sql,
)
from metrics_store.interchange.renderers.view_metrics import (
    SPARSE,
    explained,
    limits,
    over_metrics,
    public_metrics,
    without_balance,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import (
        Entity,
        SemanticModel,
    )


def snowflake_view(layer: SemanticLayer, name: str) -> RenderedExport:
    """Render the definitions as one semantic view.

    Args:
        layer: The definitions.
        name: The view's name.
    """
    return _SnowflakeView(layer).render(name)


class _SnowflakeView:
    def __init__(self, layer: SemanticLayer) -> None:
        self._layer = layer
        self._expressions = MetricExpressions(layer, NamedSpelling(layer))
        self._export = RenderedExport("snowflake", "a Snowflake semantic view", "--")
        self._columns = _columns(layer)
        # Metric -> what calls it: `table.metric`, or its name alone.
        self._known: dict[str, exp.Expr] = {}

    def render(self, name: str) -> RenderedExport:
        metrics = list(self._metrics())
        parts = {
            "tables": [self._table(model) for model in self._layer.models.values()],
            "relationships": list(self._relationships()),
            "dimensions": list(self._dimensions()),
            "metrics": metrics,
        }
        clauses = [
            f"  {clause} (\n" + ",\n".join(f"    {one}" for one in entries) + "\n  )"
            for clause, entries in parts.items()
            if entries
        ]
        self._export.files[f"{name}.sql"] = (
            f"create or replace semantic view {name_sql(name)}\n" + "\n".join(clauses) + ";\n"
        )
        self._export.lost.append("the time that a metric counts at; its comment says it")
        if self._layer.custom_grains:
            grains = ", ".join(sorted(one.name for one in self._layer.custom_grains))
            self._export.lost.append(f"the project's own grains: {grains}")
        return self._export

    def _table(self, model: SemanticModel) -> str:
        table = ".".join(
            part
            for part in (model.relation.database, model.relation.schema, model.relation.table)
            if part
        )
        text = f"{name_sql(model.name)} as {table}"
        for kind, clause in ((PRIMARY, "primary key"), (UNIQUE, "unique")):
            for entity in model.entities:
                if entity.type == kind and is_column(entity.expr):
                    text += f" {clause} ({entity.expr})"
                elif entity.type == kind:
                    self._export.lost.append(f"the key {entity.name} of {model.name}: no column")
        return text + words_sql(model)

    def _relationships(self) -> Iterator[str]:
        for join in keyed_joins(self._layer):
            ends = [
                self._layer.models[one].entity(join.entity)
                for one in (join.from_model, join.to_model)
            ]
            columns = [end.expr for end in ends if end is not None and is_column(end.expr)]
            name = f"{join.from_model}__{join.entity}__{join.to_model}"
            if len(columns) == len(ends):
                yield (
                    f"{name} as {name_sql(join.from_model)} ({columns[0]}) "
                    f"references {name_sql(join.to_model)} ({columns[1]})"
                )
            else:
                self._export.lost.append(f"the relationship {name}: its key is no column")
        self._export.lost += lost_joins(self._layer)

    def _dimensions(self) -> Iterator[str]:
        for model in self._layer.models.values():
            elements: tuple[Dimension | Entity, ...] = (*model.entities, *model.dimensions)
            for element in elements:
                try:
                    value = _value(element, self._layer.dialect)
                except UnsayableError as error:
                    self._export.lost.append(f"{element.name} of {model.name}: {error}")
                    continue
                name = f"{name_sql(model.name)}.{name_sql(element.name)}"
                yield f"{name} as {value}{words_sql(element)}"

    def _metrics(self) -> Iterator[str]:
        for metric in public_metrics(self._layer):
            try:
                yield self._metric(metric) + words_sql(explained(metric, self._layer))
                self._export.said.add(metric.name)
                self._export.note(metric.name, *limits(metric, self._layer))
            except UnsayableError as error:
                self._export.unsaid[metric.name] = str(error)

    def _metric(self, metric: Metric) -> str:
        refuse_two_times(metric, self._layer)
        models = sorted(aggregated_times(metric, self._layer))
        aggregate = metric.definition
        if isinstance(aggregate, Aggregate) and aggregate.balance is not None:
            order = "asc" if aggregate.balance.choice == "max" else "desc"
            time = name_sql(aggregate.balance.time)
            plain = without_balance(aggregate)
            text = expression_sql(self._expressions.aggregate(plain, metric.conditions))
            self._export.note(metric.name, SPARSE)
            name = self._called(metric, aggregate.model)
            return f"{name} non additive by ({time} {order} nulls first) as {text}"
        if len(models) == 1:
            try:
                tree = self._expressions.expression(metric)
            except UnsayableError:
                if not isinstance(metric.definition, Ratio | Derived):
                    raise
                return self._over_metrics(metric)
            return f"{self._called(metric, models[0])} as {expression_sql(tree)}"
        return self._over_metrics(metric)

    def _over_metrics(self, metric: Metric) -> str:
        tree = over_metrics(metric, self._layer, self._part)
        if any(self._export.differs(part.name, SPARSE) for part in metric.inputs):
            self._export.note(metric.name, SPARSE)
        return f"{self._called(metric, '')} as {expression_sql(tree)}"

    def _called(self, metric: Metric, model: str) -> str:
        """Give the name of a metric, in its table where it is of one."""
        owner = self._layer.models.get(model)
        if owner is not None and (owner.entity(metric.name) or owner.dimension(metric.name)):
            raise UnsayableError(f"{model} has a dimension of its name")
        if metric.name in self._columns.get(model, ()):
            raise UnsayableError(f"it has the name of a column of {model}")
        self._known[metric.name] = exp.column(metric.name, table=model or None)
        return f"{name_sql(model)}.{name_sql(metric.name)}" if model else name_sql(metric.name)

    def _part(self, metric: str) -> exp.Expr:
        self._export.refuse_unsaid(metric)
        return self._known[metric]


def _columns(layer: SemanticLayer) -> dict[str, set[str]]:
    """Give the columns that are aggregated, by semantic model: no metric may be called as one."""
    found: dict[str, set[str]] = {}
    for metric in layer.metrics.values():
        aggregate = metric.definition
        if isinstance(aggregate, Aggregate) and is_readable(aggregate.expr, layer.dialect):
            tree = parsed(aggregate.expr, layer.dialect)
            names = {column.name for column in tree.find_all(exp.Column)}
            found.setdefault(aggregate.model, set()).update(names)
    return found


def _value(element: Dimension | Entity, dialect: str) -> str:
    value = parsed(element.expr, dialect)
    if value.find(exp.Query) is not None:
        raise UnsayableError("its SQL asks tables itself")
    if isinstance(element, Dimension) and element.type == TIME:
        value = truncated(value, element.grain)
    return expression_sql(value)
