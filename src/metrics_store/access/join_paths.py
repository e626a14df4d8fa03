"""The joins from a semantic model to a dimension of its own or of another model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import EntityType

from metrics_store.query.dialects.known_dialects import USUAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

_KEYS = (EntityType.PRIMARY, EntityType.UNIQUE)
_COLUMN = re.compile(r'[A-Za-z_]\w*|"(?:[^"]|"")+"', re.ASCII)
# MetricFlow itself joins no further than over two models.
_LONGEST = 2


@dataclass(frozen=True)
class Join:
    """A join from one relation to another.

    Attributes:
        origin: Expression of the key in the relation where the join begins.
        relation: Name of the relation where it ends.
        key: Expression of the key there.
    """

    origin: str
    relation: str
    key: str


@dataclass(frozen=True)
class JoinPath:
    """The joins from a semantic model to a dimension.

    Attributes:
        joins: The joins between, from the model on.
        expression: The dimension, in the last of them.
        entities: The entities that are joined on, for people.
    """

    joins: tuple[Join, ...]
    expression: str
    entities: tuple[str, ...] = ()

    def predicate(
        self, texts: Sequence[str], others: Sequence[str], text_type: str = USUAL.text_type
    ) -> str:
        """Write the condition for rows of the relation that is called `source`.

        IN and not EXISTS: an expression of the definitions then stands in a scope whose only own
        relation is the one it was written for, and need not be taken apart.

        Texts are compared with the dimension as text: a caller's `n/a` is then no number and shows
        no rows, where it would fail on those that there are, hidden ones too.

        Args:
            texts: The texts that the dimension may be, as SQL.
            others: The numbers, days and truths that it may be, as SQL.
            text_type: What a text is called there.
        """
        aliases = ["source", *(f"linked_{depth}" for depth in range(1, len(self.joins) + 1))]
        dimension = _qualified(aliases[-1], self.expression)
        comparisons = []
        if texts:
            comparisons.append(f"CAST({dimension} AS {text_type}) IN ({', '.join(texts)})")
        if others:
            comparisons.append(f"{dimension} IN ({', '.join(others)})")
        condition = " OR ".join(comparisons)
        for join, outer, inner in reversed(
            list(zip(self.joins, aliases[:-1], aliases[1:], strict=True))
        ):
            condition = (
                # All of it but the values, which come as SQL, is out of the definitions.
                f"{_qualified(outer, join.origin)} IN (SELECT {_qualified(inner, join.key)} "  # noqa: S608
                f"FROM {join.relation} AS {inner} WHERE {condition})"
            )
        return condition


def _qualified(alias: str, expression: str) -> str:
    """Give an expression; a plain column, which may be called `order`, with its relation."""
    if _COLUMN.fullmatch(expression):
        return f"{alias}.{expression}"
    return f"({expression})"


def keys(model: PydanticSemanticModel) -> set[str]:
    """Give the entities that a model's dimensions are named by."""
    named = {
        entity.name for entity in model.entities if entity.type in (*_KEYS, EntityType.NATURAL)
    }
    return named | ({model.primary_entity} if model.primary_entity else set())


@dataclass(frozen=True)
class JoinPaths:
    """Finds the join paths in one manifest.

    Attributes:
        manifest: The definitions.
    """

    manifest: PydanticSemanticManifest

    def find(self, model: PydanticSemanticModel, dimension: str) -> JoinPath | None:
        """Give the one shortest join path from a model to a dimension.

        The model's own entity of the name counts first, then what the models that it points at
        have. None where there is no path, or several that are equally short: none
        of them is the right one then.
        """
        *links, name = dimension.split("__")
        reached: list[tuple[PydanticSemanticModel, JoinPath]] = [(model, JoinPath((), ""))]
        for _ in range(_LONGEST + 1):
            found = {
                JoinPath(
                    (*before.joins, *path.joins),
                    path.expression,
                    (*before.entities, *path.entities),
                )
                for at, before in reached
                for path in self._from(at, links, name)
            }
            if found:
                return found.pop() if len(found) == 1 else None
            reached = [
                (after, JoinPath((*before.joins, join), "", (*before.entities, entity)))
                for at, before in reached
                for entity, join, after in self._neighbours(at)
            ]
        return None

    def _from(
        self, model: PydanticSemanticModel, links: Sequence[str], name: str
    ) -> Iterator[JoinPath]:
        if not links:
            for entity in model.entities:
                if entity.name == name:
                    yield JoinPath((), entity.expr or entity.name)
            return
        first, *rest = links
        own = list(self._within(model, first, rest, name))
        if own:
            yield from own
            return
        for entity, join, after in self._neighbours(model):
            if entity == first:
                for path in self._within(after, first, rest, name):
                    yield JoinPath((join, *path.joins), path.expression, (entity, *path.entities))

    def _within(
        self, model: PydanticSemanticModel, first: str, rest: Sequence[str], name: str
    ) -> Iterator[JoinPath]:
        if first not in keys(model):
            return
        if rest or any(entity.name == name for entity in model.entities):
            yield from self._from(model, rest, name)
            return
        for dimension in model.dimensions:
            if dimension.name == name:
                yield JoinPath((), dimension.expr or dimension.name)

    def _neighbours(
        self, model: PydanticSemanticModel
    ) -> Iterator[tuple[str, Join, PydanticSemanticModel]]:
        for entity in model.entities:
            if entity.type is EntityType.NATURAL:
                continue
            for other in self.manifest.semantic_models:
                # Rows that were valid at other times would all count.
                if other.name == model.name or other.has_validity_dimensions:
                    continue
                for key in other.entities:
                    if key.name == entity.name and key.type in _KEYS:
                        join = Join(
                            entity.expr or entity.name,
                            other.node_relation.relation_name,
                            key.expr or key.name,
                        )
                        yield entity.name, join, other
