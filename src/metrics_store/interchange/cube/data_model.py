"""Cube's data model: cubes over tables, and views that say what may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

STRING, NUMBER, BOOLEAN, TIME = "string", "number", "boolean", "time"
MANY_TO_ONE, ONE_TO_ONE = "many_to_one", "one_to_one"


@dataclass(frozen=True)
class Reference:
    """A cube or a member of one, within SQL.

    Attributes:
        cube: The cube; empty for the one that the SQL is of.
        member: The member; empty for the cube itself, before a column.
    """

    cube: str = ""
    member: str = ""


# SQL, and in its order what it refers to.
Sql = tuple[str | Reference, ...]
OWN = Reference()


@dataclass(frozen=True)
class RollingWindow:
    """Over how long before a period's end a measure is accumulated.

    Attributes:
        trailing: The span, such as `7 day`, or `unbounded`.
        to_date: The grain since the start of whose period; empty for a span.
    """

    trailing: str = ""
    to_date: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure of a cube.

    Attributes:
        name: Its name.
        type: Cube's type: `sum`, `count_distinct`, `number` and the like.
        sql: What is aggregated, or for a number the whole of it.
        filters: The conditions that rows have to fulfil.
        window: Over how long it is accumulated; None: not at all.
        title: What people call it.
        description: What it means.
        format: How it is shown: `percent`, `currency`; empty where nothing is said.
        meta: What else is known of it.
    """

    name: str
    type: str
    sql: Sql
    filters: tuple[Sql, ...] = ()
    window: RollingWindow | None = None
    title: str = ""
    description: str = ""
    format: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CubeDimension:
    """A dimension of a cube.

    Attributes:
        name: Its name.
        type: Cube's type: `string`, `number`, `boolean` or `time`.
        sql: Its value.
        title: What people call it.
        description: What it means.
        is_key: Whether it tells the cube's rows apart.
    """

    name: str
    type: str
    sql: Sql
    title: str = ""
    description: str = ""
    is_key: bool = False


@dataclass(frozen=True)
class CubeJoin:
    """How a cube's rows find the one row of another that they belong to."""

    to: str
    relationship: str
    sql: Sql


@dataclass(frozen=True)
class Cube:
    """A table with its measures, dimensions and joins; asked through views only."""

    name: str
    table: str
    title: str
    description: str
    dimensions: tuple[CubeDimension, ...]
    measures: tuple[Measure, ...]
    joins: tuple[CubeJoin, ...]


@dataclass(frozen=True)
class ViewMember:
    """A member of a view.

    Attributes:
        name: What the view calls it.
        path: The cubes on the way to it, from the view's own to that which has it.
        member: What that one calls it.
        type: Its type where it is a dimension; empty for a measure.
        description: What it means.
        title: What people call it.
        format: How a measure is shown.
        meta: What else is known of it.
    """

    name: str
    path: tuple[str, ...]
    member: str
    type: str = ""
    title: str = ""
    description: str = ""
    format: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """What may be asked of one cube's metrics, which all count on one time.

    Attributes:
        name: Its name.
        model: The semantic model behind it.
        time: The time dimension that is its `metric_time`.
        title: What people call it.
        description: What it means.
        measures: The metrics.
        dimensions: What they can be grouped by.
    """

    name: str
    model: str
    time: str
    title: str
    description: str
    measures: tuple[ViewMember, ...]
    dimensions: tuple[ViewMember, ...]


@dataclass(frozen=True)
class Omission:
    """What Cube cannot say.

    Attributes:
        name: The metric, or what else it is.
        reason: Why not.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class DataModel:
    """All of it.

    Attributes:
        cubes: The cubes.
        views: The views.
        metrics: The names of the metrics that it has.
        left_out: The metrics that it has not.
        narrowed: What it has with less than the definitions say.
    """

    cubes: tuple[Cube, ...]
    views: tuple[View, ...]
    left_out: tuple[Omission, ...]
    narrowed: tuple[Omission, ...]

    @property
    def metrics(self) -> list[str]:
        """The metrics that it has."""
        return sorted(one.name for view in self.views for one in view.measures)

    def of_metrics(self, names: Collection[str]) -> DataModel:
        """Give it with the views of some metrics only; of all where none are named.

        Raises:
            MetricsStoreError: A metric is not in it.
        """
        if not names:
            return self
        for name in names:
            reasons = {one.name: one.reason for one in self.left_out}
            if name in reasons:
                raise MetricsStoreError(
                    "Cube cannot say this metric", where=f"{name}: {reasons[name]}"
                )
            if name not in self.metrics:
                raise unknown_name(
                    "there is no such metric",
                    name,
                    self.metrics,
                    "`metrics list` shows all metrics",
                )
        views = [
            replace(one, measures=tuple(each for each in one.measures if each.name in names))
            for one in self.views
        ]
        left = tuple(one for one in views if one.measures)
        return replace(self, views=left, left_out=())
