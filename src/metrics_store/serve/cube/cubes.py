"""Cubes and their members: the tables of metrics, as Cube's queries name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.periods import FINER_THAN_DAYS, GRAINS, longest
from metrics_store.query.resolution.unknown_names import unknown_name
from metrics_store.query.selects.tables.metric_tables import (
    DimensionColumn,
    MetricColumn,
    MetricTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.selects.tables.table_catalog import TableCatalog

TIME, NUMBER, BOOLEAN, TEXT = "time", "number", "boolean", "string"
_TYPES = {"boolean": BOOLEAN, "bigint": NUMBER, "numeric": NUMBER, "double precision": NUMBER}
_TYPES |= {"date": TIME, "timestamp without time zone": TIME}
_NAME = re.compile(r"[A-Za-z0-9_]{1,512}", re.ASCII)
_WHERE = "/cubejs-api/v1/meta has all members"


@dataclass(frozen=True)
class Member:
    """A measure or a dimension of a cube.

    Attributes:
        name: Its name with that of its cube, such as `orders.revenue`.
        column: What it is.
    """

    name: str
    column: DimensionColumn | MetricColumn

    @property
    def type(self) -> str:
        """What Cube calls its type."""
        return _TYPES.get(self.column.type, TEXT)

    @property
    def measure(self) -> MetricColumn | None:
        """The metric that it is; none for a dimension."""
        return self.column if isinstance(self.column, MetricColumn) else None

    def dimension(self) -> DimensionColumn:
        """Give the dimension that it is.

        Raises:
            MetricsStoreError: It is a measure.
        """
        if isinstance(self.column, MetricColumn):
            raise MetricsStoreError(
                "this is a measure and no dimension", where=self.name, remedy="ask for a dimension"
            )
        return self.column


@dataclass(frozen=True)
class Cubes:
    """The cubes that a principal sees.

    Attributes:
        catalog: The tables that they are; saved queries are none of them.
        definitions: The definitions behind them.
    """

    catalog: TableCatalog
    definitions: Definitions

    @property
    def tables(self) -> list[MetricTable]:
        """The tables that are cubes, those with members."""
        every = self.catalog.tables.values()
        return [one for one in every if one.saved_query is None and one.columns]

    def member(self, name: str) -> Member:
        """Find a member.

        Raises:
            MetricsStoreError: There is none of that name.
        """
        parts = name.split(".")
        if len(parts) != 2 or not all(map(_NAME.fullmatch, parts)):  # noqa: PLR2004 - cube and member
            raise MetricsStoreError(
                "the name of a member is of another form",
                where=name,
                expected="a cube, a dot and a member, such as orders.revenue",
            )
        cube, column = parts
        tables = {one.name: one for one in self.tables}
        if cube not in tables:
            raise unknown_name("there is no such cube", cube, tables, _WHERE)
        table = tables[cube]
        try:
            return Member(name, table.column(column))
        except MetricsStoreError:
            known = (f"{cube}.{one}" for one in table.columns)
            raise unknown_name(f"{cube} has no such member", name, known, _WHERE) from None

    def measure(self, name: str) -> Member:
        """Find a measure.

        Raises:
            MetricsStoreError: There is none of that name.
        """
        found = self.member(name)
        if found.measure is None:
            raise MetricsStoreError(
                "this is a dimension and no measure", where=name, remedy="ask for a measure"
            )
        return found

    def finest_grain(self, column: DimensionColumn, metrics: Iterable[str]) -> str:
        """Give the finest grain that the rows of all metrics tell of a time; empty for no time."""
        return longest(self._finest(column, metrics)) if column.grains else ""

    def tells_time_of_day(self, column: DimensionColumn, metrics: Iterable[str]) -> bool:
        """Whether a time is known finer than by day, for one of some metrics at least."""
        if not column.grains:
            return column.type.startswith("timestamp")
        return not self._finest(column, metrics).isdisjoint(FINER_THAN_DAYS)

    def _finest(self, column: DimensionColumn, metrics: Iterable[str]) -> set[str]:
        """Give the finest grain of a time for each metric; without metrics, that of the time."""
        known = [self.definitions.time_grains(metric, column.path) for metric in metrics]
        return {
            next((one for one in grains if one in (*FINER_THAN_DAYS, *GRAINS)), GRAINS[0])
            for grains in known or [column.grains]
        }
