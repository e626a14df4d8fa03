"""Which joins Cube can make as the definitions mean them, and what is reached by them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from metrics_store.interchange.cube.data_model import Omission
from metrics_store.interchange.layer.semantic_model import PRIMARY, UNIQUE

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import Join, SemanticLayer

# So many joins MetricFlow makes on the way to a dimension.
_LONGEST = 2


@dataclass(frozen=True)
class Path:
    """A way from a model to another.

    Attributes:
        joins: The joins on it.
    """

    joins: tuple[Join, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities on it, as names of dimensions begin."""
        return tuple(one.entity for one in self.joins)

    @property
    def models(self) -> tuple[str, ...]:
        """The models on it, from the first to the last."""
        return (self.joins[0].from_model, *(one.to_model for one in self.joins))


@dataclass(frozen=True)
class JoinGraph:
    """The joins between the cubes, of which Cube takes the shortest way.

    Attributes:
        layer: The definitions.
    """

    layer: SemanticLayer

    @cached_property
    def joins(self) -> dict[tuple[str, str], Join]:
        """The joins, one from a model to another."""
        found: dict[tuple[str, str], Join] = {}
        for one in self.layer.joins:
            if self._obstacle(one) is None:
                found.setdefault((one.from_model, one.to_model), one)
        return found

    @cached_property
    def omissions(self) -> list[Omission]:
        """The joins of the definitions that Cube cannot make, or only makes in another way."""
        found = []
        for one in self.layer.joins:
            reason = self._obstacle(one)
            kept = self.joins.get((one.from_model, one.to_model))
            if reason is None and kept != one:
                by = kept.entity if kept else ""
                reason = f"Cube joins two cubes in one way, which here is by `{by}`"
            if reason is not None:
                name = f"{one.from_model} to {one.to_model} by `{one.entity}`"
                found.append(Omission(name, reason))
        return found

    def paths(self, model: str, time: str) -> list[Path]:
        """Give the ways that Cube takes from a model's metrics, by the entities on them.

        It takes the shortest. Where two are equally short, neither is given.

        Args:
            model: The model.
            time: The time on which the metrics count.
        """
        found = [
            Path(ways[0])
            for ways in self._shortest(model).values()
            if len(ways) == 1 and self._is_meant(ways[0], time)
        ]
        return sorted(found, key=lambda one: (one.entities, one.models))

    def missed(self, model: str, time: str) -> list[Omission]:
        """Give the ways that the definitions have and Cube does not take."""
        taken = self.paths(model, time)
        level: list[tuple[Join, ...]] = [()]
        found = []
        for _ in range(_LONGEST):
            level = [
                (*way, join)
                for way in level
                for join in self.layer.joins
                if join.from_model == (way[-1].to_model if way else model)
                and join.to_model != model
                and join.to_model not in {one.to_model for one in way}
            ]
            for path in map(Path, level):
                if path not in taken and self._has_dimensions(path):
                    reason = "Cube reaches what is known of it by another way, or by two"
                    name = f"{path.models[-1]} from {model} by `{'__'.join(path.entities)}`"
                    found.append(Omission(name, reason))
        return found

    def _shortest(self, model: str) -> dict[str, list[tuple[Join, ...]]]:
        """Give all shortest ways from a model to others, by the model at their ends."""
        level: dict[str, list[tuple[Join, ...]]] = {model: [()]}
        found: dict[str, list[tuple[Join, ...]]] = {}
        for _ in range(_LONGEST):
            following: dict[str, list[tuple[Join, ...]]] = defaultdict(list)
            for start, ways in level.items():
                for (one, other), join in self.joins.items():
                    if one == start and other != model and other not in found:
                        following[other] += [(*way, join) for way in ways]
            found |= following
            level = following
        return found

    def _is_meant(self, way: tuple[Join, ...], time: str) -> bool:
        """Whether a way is as of the day that metrics count on, where a join is as of a day.

        A cube's joins are as of its model's default time.
        """
        first, *others = way
        if any(self.is_as_of_a_day(one) for one in others):
            return False
        return not self.is_as_of_a_day(first) or (
            time == self.layer.models[first.from_model].default_time
        )

    def is_as_of_a_day(self, join: Join) -> bool:
        """Whether a join finds the row that counts on a day."""
        entity = self.layer.models[join.to_model].entity(join.entity)
        return entity is not None and entity.type not in {PRIMARY, UNIQUE}

    def _has_dimensions(self, path: Path) -> bool:
        return bool(self.layer.models[path.models[-1]].dimensions)

    def _obstacle(self, join: Join) -> str | None:
        target = self.layer.models[join.to_model]
        source = self.layer.models[join.from_model]
        parts = {one.name for one in source.dimensions if one.is_partition}
        if any(one.is_partition and one.name in parts for one in target.dimensions):
            return "rows are joined within a partition only"
        if self.is_as_of_a_day(join) and not source.default_time:
            return f"it is made as of a day, and {source.name} has no time of its own"
        return None
