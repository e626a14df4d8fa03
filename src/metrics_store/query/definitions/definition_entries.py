"""Metrics, dimensions, entities, measures and saved queries, as every interface lists them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.query.definitions.deprecation import read_deprecation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.definitions.deprecation import Deprecation


@dataclass(frozen=True)
class MetricDefinition:
    """One metric.

    Attributes:
        name: What it is requested by.
        label: What people call it.
        description: What it means, in words.
        type: `simple`, `ratio`, `derived`, `cumulative` or `conversion`.
        grains: The grains that `metric_time` can have, the finest first and the project's own last;
            where `config.meta.grains` names some, only those.
        requires_metric_time: Whether it answers only by `metric_time`.
        not_by: The names that it has no meaning by, of its own and of what it is made of -> why.
        meta: Its `config.meta`.
    """

    name: str
    label: str
    description: str
    type: str
    grains: tuple[str, ...]
    requires_metric_time: bool
    not_by: Mapping[str, str] = field(hash=False)
    meta: Mapping[str, Any] = field(hash=False)

    @property
    def unit(self) -> str | None:
        """The unit of its values, where its `config.meta` says one."""
        unit = self.meta.get("unit")
        return unit if isinstance(unit, str) else None

    @property
    def deprecated(self) -> Deprecation | None:
        """What is known of its end, where its `config.meta` calls it deprecated."""
        return read_deprecation(self.meta)


@dataclass(frozen=True)
class DimensionDefinition:
    """One dimension, under one name that it can be requested by.

    Attributes:
        qualified_name: What it is requested by: its name with the entities that lead to it.
        name: Its own name.
        description: What it means, in words.
        type: `categorical` or `time`.
        label: What people call it.
        is_partition: Whether the warehouse keeps the rows apart by it.
        expr: The SQL it is made of, where that is more than a column of its name.
        grains: The grains that a time can have, the finest first and the project's own last.
        meta: Its `config.meta`.
    """

    qualified_name: str
    name: str
    description: str
    type: str
    label: str | None = None
    is_partition: bool = False
    expr: str | None = None
    grains: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class EntityDefinition:
    """One entity.

    Attributes:
        name: What it is requested by.
        description: What it is, in words.
        type: `primary`, `foreign`, `unique` or `natural`.
        role: What it is to the semantic model, where that is said.
        expr: The SQL it is made of.
    """

    name: str
    description: str
    type: str
    role: str | None
    expr: str


@dataclass(frozen=True)
class MeasureDefinition:
    """One measure: what simple metrics aggregate.

    Attributes:
        name: Its name.
        agg: How it is aggregated, such as `sum`.
        agg_time_dimension: The time it counts by.
        expr: The SQL that is aggregated.
    """

    name: str
    agg: str
    agg_time_dimension: str | None
    expr: str


@dataclass(frozen=True)
class GroupByDefinition:
    """What a saved query groups by.

    Attributes:
        name: The qualified name, without grain.
        kind: `Dimension`, `TimeDimension` or `Entity`, where it is said.
        grain: The grain of a time, where one is said.
        date_part: The part of a time, such as `month`, where one is said.
    """

    name: str
    kind: str | None = None
    grain: str | None = None
    date_part: str | None = None

    @property
    def requested_as(self) -> str:
        """The name as requests have it, such as `metric_time__month`."""
        if self.date_part:
            return f"{self.name}__extract_{self.date_part}"
        return f"{self.name}__{self.grain}" if self.grain else self.name


@dataclass(frozen=True)
class ExportDefinition:
    """Where a saved query is written to.

    Attributes:
        name: Its name.
        alias: Name of the table or view, where it is another one.
        schema: The schema that it is in.
        export_as: `table` or `view`.
    """

    name: str
    alias: str | None
    schema: str | None
    export_as: str


@dataclass(frozen=True)
class SavedQueryDefinition:
    """One saved query.

    Attributes:
        name: What it is requested by.
        label: What people call it.
        description: What it shows, in words.
        metrics: The metrics that it asks for.
        group_by: What it groups by.
        where: Its filters, as they are written; all of them hold.
        exports: Where it is written to.
    """

    name: str
    label: str
    description: str
    metrics: tuple[str, ...]
    group_by: tuple[GroupByDefinition, ...]
    where: tuple[str, ...]
    exports: tuple[ExportDefinition, ...]

    @property
    def where_template(self) -> str | None:
        """All of its filters in one text; none where it has none."""
        if len(self.where) > 1:
            return " AND ".join(f"({one})" for one in self.where)
        return self.where[0] if self.where else None
