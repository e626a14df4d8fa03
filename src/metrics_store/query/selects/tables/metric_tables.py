"""The tables that SQL sees: their columns are dimensions and metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.filters.filter_tree import Filter

SCHEMA = "metrics"
_EXTRACT = "extract_"
# PostgreSQL cuts longer names off.
LONGEST_NAME = 63
DATE_PARTS = ("year", "quarter", "month", "day", "dow", "doy")


@dataclass(frozen=True)
class DimensionColumn:
    """A dimension, an entity or a time as a column.

    Attributes:
        name: The column's name.
        path: The name that questions group by, without a grain.
        type: Its type in PostgreSQL.
        description: What it means.
        grains: The grains of a time, the finest first; none for all else.
        grain: The one grain that it has, where its name says one.
        part: The part of a time that it is, where its name says one.
    """

    name: str
    path: str
    type: str
    description: str = ""
    grains: tuple[str, ...] = ()
    grain: str | None = None
    part: str | None = None

    @property
    def group_by(self) -> str:
        """What a question groups by."""
        if self.part:
            return f"{self.path}__{_EXTRACT}{self.part}"
        return f"{self.path}__{self.grain}" if self.grain else self.path

    @property
    def is_time(self) -> bool:
        """Whether it is a time, and not a part of one."""
        return bool(self.grains) and self.part is None


@dataclass(frozen=True)
class MetricColumn:
    """A metric as a column.

    Attributes:
        name: The metric's name, and the column's.
        type: Its type in PostgreSQL.
        description: What it means.
        adds_up: Whether its values of some groups add up to that of the groups together.
    """

    name: str
    type: str
    description: str = ""
    adds_up: bool = False


Column = DimensionColumn | MetricColumn


@dataclass(frozen=True)
class MetricTable:
    """A table of metrics and the dimensions that they are grouped by.

    Attributes:
        name: Its name in the schema `metrics`.
        columns: Its columns by their names.
        description: What it is about.
        saved_query: The saved query that it is; its rows have a grain then.
        where: The filter of that saved query.
    """

    name: str
    columns: Mapping[str, Column] = field(hash=False)
    description: str = ""
    saved_query: str | None = None
    where: Filter | None = field(default=None, hash=False)

    def column(self, name: str) -> Column:
        """Give a column; a time has one of each grain and part, listed or not.

        Raises:
            MetricsStoreError: There is none of that name.
        """
        found = self._by_name.get(name) or self._of_time(name)
        if found is None:
            raise unknown_name(
                f"{SCHEMA}.{self.name} has no such column",
                name,
                self.columns,
                f"the columns of {SCHEMA}.{self.name} are in information_schema.columns",
            )
        return found

    @cached_property
    def listed(self) -> dict[str, Column]:
        """The columns as the catalog has them: by names of so many bytes as PostgreSQL keeps.

        Of those whose names would be the same none is there.
        """
        names = Counter(map(short_name, self.columns))
        return {
            short_name(name): column
            for name, column in self.columns.items()
            if names[short_name(name)] == 1
        }

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {**self.listed, **self.columns}

    def _of_time(self, name: str) -> Column | None:
        path, _, last = name.rpartition("__")
        time = self._by_name.get(path)
        if not isinstance(time, DimensionColumn) or not time.is_time or time.grain:
            return None
        if last in time.grains:
            return replace(time, name=name, grain=last)
        part = last.removeprefix(_EXTRACT)
        if last.startswith(_EXTRACT) and part in DATE_PARTS:
            return replace(time, name=name, part=part, type="numeric")
        return None


def short_name(name: str) -> str:
    """Give a name as PostgreSQL keeps it."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")
