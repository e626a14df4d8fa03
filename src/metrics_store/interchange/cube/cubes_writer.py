"""The definitions as cubes and views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from metrics_store.interchange.cube.cube_sql import (
    InexpressibleError,
    cube_name,
    member_names,
    own_value,
)
from metrics_store.interchange.cube.data_model import (
    BOOLEAN,
    MANY_TO_ONE,
    ONE_TO_ONE,
    STRING,
    TIME,
    Cube,
    CubeDimension,
    CubeJoin,
    DataModel,
    Omission,
    Reference,
)
from metrics_store.interchange.cube.join_graph import JoinGraph
from metrics_store.interchange.cube.measures import MeasureWriter, Placed
from metrics_store.interchange.cube.views import FORMATS, ViewWriter
from metrics_store.interchange.layer.expression import is_condition
from metrics_store.interchange.layer.semantic_model import PRIMARY, UNIQUE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from metrics_store.interchange.cube.data_model import Measure, Sql
    from metrics_store.interchange.layer.semantic_layer import Join, SemanticLayer
    from metrics_store.interchange.layer.semantic_model import SemanticModel

# What `config.meta` of a metric says of the questions that it answers.
_LIMITS = {"grains", "not_by"}


def data_model(layer: SemanticLayer, *, to_date: bool) -> DataModel:
    """Write the definitions as a data model.

    Args:
        layer: The definitions.
        to_date: Whether the Cube that reads it knows windows since the start of a period.
    """
    return _Writing(layer, to_date=to_date).model()


@dataclass
class _Writing:
    layer: SemanticLayer
    to_date: bool

    def model(self) -> DataModel:
        self._narrowed = list(self._graph.omissions)
        placed, left_out = self._metrics()
        self._narrowed += self._limits(placed)
        cubes = tuple(self._cube(one) for one in self.layer.models.values())
        views = ViewWriter(self._graph, {one.name: one for one in cubes}).views(placed)
        for view in views:
            self._narrowed += self._graph.missed(view.model, view.time)
        return DataModel(
            cubes=cubes,
            views=tuple(views),
            left_out=tuple(left_out),
            narrowed=tuple(self._narrowed),
        )

    @cached_property
    def _graph(self) -> JoinGraph:
        return JoinGraph(self.layer)

    @cached_property
    def _measures(self) -> MeasureWriter:
        return MeasureWriter(self._graph, self.to_date)

    def _metrics(self) -> tuple[dict[str, Placed], list[Omission]]:
        placed, left_out = {}, []
        for metric in self.layer.metrics.values():
            if metric.is_private:
                continue
            try:
                placed[metric.name] = self._measures.write(metric)
            except InexpressibleError as error:
                left_out.append(Omission(metric.name, str(error)))
        self._wanted = self._reachable(placed)
        return placed, left_out

    def _limits(self, placed: Collection[str]) -> Iterator[Omission]:
        """Give what holds for questions here, and that Cube does not hold anybody to."""
        grains = [one.name for one in self.layer.custom_grains]
        if grains:
            yield Omission(
                f"grains {', '.join(grains)}", "Cube has none of a project's own that a table gives"
            )
        held = [one for one in placed if _LIMITS & set(self.layer.metrics[one].meta)]
        if held:
            yield Omission(
                f"`grains` and `not_by` of {', '.join(held)}",
                "they stand in `meta`, and Cube answers by whatever is asked",
            )

    def _reachable(self, placed: dict[str, Placed]) -> set[tuple[str, str]]:
        """Give the measures that metrics are made of, and not those of what was given up."""
        waiting = [(one.model, one.name) for one in placed.values()]
        found: set[tuple[str, str]] = set()
        while waiting:
            model, name = waiting.pop()
            measure = self._measures.measures.get(model, {}).get(name)
            if measure is None or (model, name) in found:
                continue
            found.add((model, name))
            every = (part for sql in (measure.sql, *measure.filters) for part in sql)
            waiting += [
                (model, one.member) for one in every if isinstance(one, Reference) and not one.cube
            ]
        return found

    def _cube(self, model: SemanticModel) -> Cube:
        return Cube(
            name=cube_name(model.name),
            table=model.relation.name,
            title=model.label,
            description=model.description,
            dimensions=tuple(self._dimensions(model)),
            measures=tuple(self._measures_of(model)),
            joins=tuple(self._joins(model)),
        )

    def _measures_of(self, model: SemanticModel) -> list[Measure]:
        written = self._measures.measures.get(model.name, {})
        return [
            self._described(written[name])
            for name in sorted(written)
            if (model.name, name) in self._wanted
        ]

    def _described(self, measure: Measure) -> Measure:
        """Give a measure with what is said of its metric; parts of others are none."""
        metric = self.layer.metrics.get(measure.name)
        if metric is None or metric.is_private:
            return measure
        return replace(
            measure,
            title=metric.label,
            description=metric.description,
            format=FORMATS.get(str(metric.meta.get("unit")), ""),
            meta={"metric_type": metric.type, **metric.meta},
        )

    def _dimensions(self, model: SemanticModel) -> list[CubeDimension]:
        names = member_names(self.layer, model)
        keys = [one.name for one in model.entities if one.type == PRIMARY]
        keys = keys or [one.name for one in model.entities if one.type == UNIQUE][:1]
        found = []
        if not keys:
            # Cube wants a key of each cube with joins. Rows without one are never what is joined.
            own: Sql = ("ROW_NUMBER() OVER ()",)
            name = f"{model.primary_entity or model.name}__row"
            found.append(CubeDimension(name, "number", own, is_key=True))
        for entity in model.entities:
            sql = self._sql(model, entity.name, entity.expr)
            if sql is not None:
                found.append(
                    CubeDimension(
                        name=names[entity.name],
                        type=STRING,
                        sql=sql,
                        title=entity.label,
                        description=entity.description,
                        is_key=entity.name in keys,
                    )
                )
        for one in model.dimensions:
            sql = self._sql(model, one.name, one.expr)
            if sql is None:
                continue
            kind = BOOLEAN if is_condition(one.expr, self.layer.dialect) else STRING
            if one.grain:
                sql, kind = ("CAST(DATE_TRUNC('", one.grain, "', ", *sql, ") AS TIMESTAMP)"), TIME
            name = names[one.name]
            found.append(CubeDimension(name, kind, sql, one.label, one.description))
        return found

    def _sql(self, model: SemanticModel, name: str, expr: str) -> Sql | None:
        try:
            return own_value(expr, self.layer.dialect)
        except InexpressibleError as error:
            self._narrowed.append(Omission(f"{model.name}.{name}", str(error)))
            return None

    def _joins(self, model: SemanticModel) -> list[CubeJoin]:
        found = []
        for (source, target), join in sorted(self._graph.joins.items()):
            if source == model.name:
                found.append(self._join(model, self.layer.models[target], join))
        return found

    def _join(self, model: SemanticModel, target: SemanticModel, join: Join) -> CubeJoin:
        own, other = model.entity(join.entity), target.entity(join.entity)
        assert own is not None  # noqa: S101 - the join is by an entity of both
        assert other is not None  # noqa: S101
        at = cube_name(target.name)
        key = Reference(at, member_names(self.layer, target)[join.entity])
        sql: Sql = (Reference("", member_names(self.layer, model)[join.entity]), " = ", key)
        if self._graph.is_as_of_a_day(join) and target.validity is not None:
            names = member_names(self.layer, target)
            starts, ends = (Reference(at, names[one.name]) for one in target.validity)
            day = Reference("", member_names(self.layer, model)[model.default_time])
            sql = (*sql, " AND ", day, " >= ", starts)
            sql = (*sql, " AND (", day, " < ", ends, " OR ", ends, " IS NULL)")
        is_one = own.type in {PRIMARY, UNIQUE}
        return CubeJoin(at, ONE_TO_ONE if is_one else MANY_TO_ONE, sql)
