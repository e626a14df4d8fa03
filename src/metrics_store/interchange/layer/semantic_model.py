"""Semantic models: tables with what their rows are and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIMARY, UNIQUE, FOREIGN, NATURAL = "primary", "unique", "foreign", "natural"
CATEGORICAL, TIME = "categorical", "time"


@dataclass(frozen=True)
class Described:
    """What every definition has.

    Attributes:
        name: Its name.
        label: What people call it; empty where nothing is said.
        description: What it means; empty where nothing is said.
        meta: What `config.meta` says: owner, version, unit and the like.
    """

    name: str
    label: str = ""
    description: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entity(Described):
    """What rows are, or belong to.

    Attributes:
        type: `primary`, `unique`, `foreign` or `natural`.
        expr: Its key, as SQL over the columns of the model's table.
    """

    type: str = PRIMARY
    expr: str = ""


@dataclass(frozen=True)
class Dimension(Described):
    """What is known of a row.

    Attributes:
        type: `categorical` or `time`.
        expr: Its value, as SQL over the columns of the model's table.
        grain: The grain that a time is known by; empty for others.
        is_partition: Whether rows are joined only where they have it in common.
        starts: Whether a row counts from this time on.
        ends: Whether a row counts until this time, and no longer.
    """

    type: str = CATEGORICAL
    expr: str = ""
    grain: str = ""
    is_partition: bool = False
    starts: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Relation:
    """A table of the warehouse.

    Attributes:
        name: Its full name as SQL, quoted as dbt quotes it.
        database: The database; empty where dbt says none.
        schema: The schema.
        table: The table's own name.
    """

    name: str
    database: str
    schema: str
    table: str


@dataclass(frozen=True)
class SemanticModel(Described):
    """A table with what its rows are and what is known of them.

    Attributes:
        relation: The table.
        primary_entity: The entity that its rows are, with or without a key; may be empty.
        default_time: The time that its metrics count on where they say no other; may be empty.
        entities: The entities.
        dimensions: The dimensions and times.
    """

    relation: Relation = field(default_factory=lambda: Relation("", "", "", ""))
    primary_entity: str = ""
    default_time: str = ""
    entities: tuple[Entity, ...] = ()
    dimensions: tuple[Dimension, ...] = ()

    def entity(self, name: str) -> Entity | None:
        """Find an entity by its name."""
        return next((one for one in self.entities if one.name == name), None)

    def dimension(self, name: str) -> Dimension | None:
        """Find a dimension by its name."""
        return next((one for one in self.dimensions if one.name == name), None)

    @property
    def validity(self) -> tuple[Dimension, Dimension] | None:
        """The times from and until which a row counts; none where rows count always."""
        starts = [one for one in self.dimensions if one.starts]
        ends = [one for one in self.dimensions if one.ends]
        return (starts[0], ends[0]) if starts and ends else None
