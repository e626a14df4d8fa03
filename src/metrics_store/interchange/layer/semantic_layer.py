"""What a project defines, in types that hold nothing of any format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.layer.semantic_model import NATURAL, PRIMARY, UNIQUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.interchange.layer.metric import Metric
    from metrics_store.interchange.layer.semantic_model import Relation, SemanticModel


@dataclass(frozen=True)
class Join:
    """How rows of one model find the one row of another that they belong to.

    Attributes:
        from_model: The model whose rows look for it; each of them finds one row at most.
        to_model: The model that has it.
        entity: The entity that both have.
    """

    from_model: str
    to_model: str
    entity: str


@dataclass(frozen=True)
class CustomGrain:
    """A grain of the project's own, such as a fiscal quarter.

    Attributes:
        name: Its name.
        relation: The table that has a row a period of the base grain.
        base_column: The column with the start of that period.
        base_grain: The grain of that column.
        column: The column with what the grain says of it.
    """

    name: str
    relation: Relation
    base_column: str
    base_grain: str
    column: str


@dataclass(frozen=True)
class SemanticLayer:
    """All that a project defines.

    Attributes:
        models: The semantic models, by name.
        metrics: The metrics, by name; those too that others are made of and nobody asks for.
        custom_grains: The project's own grains.
        dialect: The SQL that expressions and conditions are written in: `duckdb`, `postgres`.
    """

    models: Mapping[str, SemanticModel]
    metrics: Mapping[str, Metric]
    custom_grains: tuple[CustomGrain, ...]
    dialect: str

    @property
    def joins(self) -> list[Join]:
        """The joins of two models that never make two rows of one."""
        found = []
        for model in self.models.values():
            for entity in model.entities:
                found += [
                    Join(model.name, other.name, entity.name)
                    for other in self.models.values()
                    if other is not model and _is_one(other, entity.name)
                ]
        return found


def _is_one(model: SemanticModel, entity: str) -> bool:
    """Whether a model has one row at most for each value of an entity, at one time at least."""
    found = model.entity(entity)
    return found is not None and (
        found.type in {PRIMARY, UNIQUE} or (found.type == NATURAL and model.validity is not None)
    )
