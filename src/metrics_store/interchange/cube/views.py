"""Views: the metrics of one semantic model that count on one time, and what they are asked by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.cube.cube_sql import cube_name, member_names
from metrics_store.interchange.cube.data_model import View, ViewMember
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.output.value_texts import RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics_store.interchange.cube.data_model import Cube
    from metrics_store.interchange.cube.join_graph import JoinGraph
    from metrics_store.interchange.cube.measures import Placed
    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_model import SemanticModel

_CURRENCY = "currency"
FORMATS = {RATIO: "percent", _CURRENCY: _CURRENCY}


@dataclass(frozen=True)
class ViewWriter:
    """Writes views, whose members are called as this store's own interfaces call them.

    Attributes:
        graph: The joins that there are.
        cubes: The cubes, by name.
    """

    graph: JoinGraph
    cubes: Mapping[str, Cube]

    def views(self, placed: Mapping[str, Placed]) -> list[View]:
        """Write a view for each semantic model and time that metrics count on."""
        layer = self.graph.layer
        found: dict[tuple[str, str], list[Metric]] = {}
        for name, at in placed.items():
            found.setdefault((at.model, at.time), []).append(layer.metrics[name])
        return [
            self._view(layer.models[model], time, metrics)
            for (model, time), metrics in sorted(found.items())
        ]

    def _view(self, model: SemanticModel, time: str, metrics: list[Metric]) -> View:
        cube = cube_name(model.name)
        own_time = not model.default_time or time == model.default_time
        return View(
            name=model.name if own_time else f"{model.name}_by_{time}",
            model=model.name,
            time=time,
            title=model.label,
            description=model.description,
            measures=tuple(self._measure(cube, one.name) for one in metrics),
            dimensions=tuple(self._dimensions(model, time)),
        )

    def _measure(self, cube: str, name: str) -> ViewMember:
        of = next(one for one in self.cubes[cube].measures if one.name == name)
        return ViewMember(name, (cube,), name, "", of.title, of.description, of.format, of.meta)

    def _dimensions(self, model: SemanticModel, time: str) -> Iterator[ViewMember]:
        own = member_names(self.graph.layer, model)
        cube = cube_name(model.name)
        known = {one.name: one for one in self.cubes[cube].dimensions}
        if own.get(time) in known:
            yield ViewMember(METRIC_TIME, (cube,), own[time], "time")
        for entity in model.entities:
            if own[entity.name] in known:
                yield self._member(entity.name, (cube,), own[entity.name])
        for one in model.dimensions:
            if own[one.name] in known and model.primary_entity:
                yield self._member(f"{model.primary_entity}__{one.name}", (cube,), own[one.name])
        for path in self.graph.paths(model.name, time):
            target = self.graph.layer.models[path.models[-1]]
            names = member_names(self.graph.layer, target)
            way = tuple(map(cube_name, path.models))
            there = {one.name for one in self.cubes[way[-1]].dimensions}
            for one in target.dimensions:
                if names[one.name] in there:
                    yield self._member("__".join((*path.entities, one.name)), way, names[one.name])

    def _member(self, name: str, path: tuple[str, ...], member: str) -> ViewMember:
        of = next(one for one in self.cubes[path[-1]].dimensions if one.name == member)
        return ViewMember(name, path, member, of.type, of.title, of.description)
