"""Expressions and conditions of the definitions as SQL of a cube."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from typing import TYPE_CHECKING

from metrics_store.interchange.cube.data_model import OWN, Reference, Sql
from metrics_store.interchange.layer.condition import ENTITY, METRIC
from metrics_store.interchange.layer.expression import (
    Column,
    NotSplitError,
    is_one_term,
    split_columns,
)
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.interchange.cube.join_graph import JoinGraph
    from metrics_store.interchange.layer.condition import Condition, Name
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.layer.semantic_model import SemanticModel

# The parts of times that all engines number alike.
_PARTS = {"year", "quarter", "month", "day"}


class InexpressibleError(Exception):
    """Cube cannot say it; the message says why."""


def cube_name(model: str) -> str:
    """Give the name of the cube of a semantic model's rows; the view has the model's own."""
    return f"{model}_rows"


def member_names(layer: SemanticLayer, model: SemanticModel) -> dict[str, str]:
    """Give what a cube calls the entities and dimensions of its model: all names differ.

    Metrics keep their names. What would be called like one has its entity before it, and so has
    what is called by a word that Python keeps, in which Cube reads names.
    """
    found: dict[str, str] = {}
    taken = set(layer.metrics)
    for one in (*model.entities, *model.dimensions):
        name = one.name
        if name in taken or iskeyword(name):
            name = f"{model.primary_entity or model.name}__{one.name}"
        found[one.name] = name
        taken.add(name)
    return found


def own_value(expression: str, dialect: str) -> Sql:
    """Write an expression as `own_columns` does, as one term: Cube puts it where it is named.

    Raises:
        InexpressibleError: Its columns cannot be told.
    """
    return _as_term(own_columns(expression, dialect), expression, dialect)


def own_columns(expression: str, dialect: str) -> Sql:
    """Write an expression with the cube before each of its columns.

    Raises:
        InexpressibleError: Its columns cannot be told.
    """
    return _split(expression, dialect, lambda column: (OWN, f".{column.text}"))


def with_members(expression: str, dialect: str, members: dict[str, Reference]) -> Sql:
    """Write an expression over metrics, as one term, with measures in the places of their names.

    Raises:
        InexpressibleError: It names others.
    """

    def measure(column: Column) -> Sql:
        if column.name not in members:
            raise InexpressibleError(f"its expression names `{column.name}`, which is no input")
        return (members[column.name],)

    return _as_term(_split(expression, dialect, measure), expression, dialect)


def _as_term(sql: Sql, expression: str, dialect: str) -> Sql:
    return sql if is_one_term(expression, dialect) else ("(", *sql, ")")


def _split(expression: str, dialect: str, write: Callable[[Column], Sql]) -> Sql:
    try:
        parts = split_columns(expression, dialect)
    except NotSplitError as error:
        raise InexpressibleError(str(error)) from None
    found: list[str | Reference] = []
    for part in parts:
        found += [part] if isinstance(part, str) else write(part)
    return tuple(found)


@dataclass(frozen=True)
class ConditionWriter:
    """Writes conditions on the rows of one model that count on one time.

    Attributes:
        graph: The joins that there are.
        model: The model.
        time: The time dimension that is `metric_time`.
    """

    graph: JoinGraph
    model: SemanticModel
    time: str

    def write(self, condition: Condition) -> Sql:
        """Write a condition.

        Raises:
            InexpressibleError: It names what Cube cannot reach.
        """
        parts: list[str | Reference] = []
        for part in condition.parts:
            parts += [part] if isinstance(part, str) else self._name(part)
        return ("(", *parts, ")")

    @cached_property
    def _own_entities(self) -> set[str]:
        own = {one.name for one in self.model.entities if one.type in {"primary", "unique"}}
        return own | {self.model.primary_entity}

    def _name(self, name: Name) -> Sql:
        if name.kind == METRIC:
            raise InexpressibleError(f"its filter asks another metric: `{name}`")
        if name.kind == ENTITY:
            return (self._entity(name),)
        is_metric_time = name.element == METRIC_TIME and not name.path
        path, element = ((), self.time) if is_metric_time else (name.path, name.element)
        model, cube = self._reached(path, element, name)
        dimension = model.dimension(element)
        if dimension is None:
            raise InexpressibleError(f"its filter names `{name}`, which is not known")
        member = Reference(cube, member_names(self.graph.layer, model)[element])
        return self._of_time(member, name, dimension.grain) if dimension.grain else (member,)

    def _of_time(self, member: Reference, name: Name, known: str) -> Sql:
        if name.grain in {one.name for one in self.graph.layer.custom_grains}:
            raise InexpressibleError(f"its filter is by a grain of the project's own: `{name}`")
        if name.part:
            if name.part not in _PARTS:
                raise InexpressibleError(f"its filter is by a part of a time: `{name}`")
            return (f"EXTRACT({name.part} FROM ", member, ")")
        if name.grain and name.grain != known:
            return (f"DATE_TRUNC('{name.grain}', ", member, ")")
        return (member,)

    def _entity(self, name: Name) -> Reference:
        model, cube = self._reached(name.path, name.element, name)
        if model.entity(name.element) is None:
            raise InexpressibleError(f"its filter names `{name}`, which is not known")
        return Reference(cube, member_names(self.graph.layer, model)[name.element])

    def _reached(
        self, path: tuple[str, ...], element: str, name: Name
    ) -> tuple[SemanticModel, str]:
        """Give the model that a path leads to, and its cube; empty for the own one."""
        if not path or (len(path) == 1 and path[0] in self._own_entities):
            return self.model, ""
        own = path[1:] if path[0] in self._own_entities else path
        for way in self.graph.paths(self.model.name, self.time):
            target = self.graph.layer.models[way.models[-1]]
            known = target.entity(element) if name.kind == ENTITY else target.dimension(element)
            if way.entities == own and known is not None:
                return target, cube_name(target.name)
        raise InexpressibleError(
            f"its filter names `{name}`, which Cube does not reach by that way"
        )
