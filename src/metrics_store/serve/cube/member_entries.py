"""Cubes and members as `/meta` and annotations describe them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from metrics_store.query.output.value_texts import RATIO
from metrics_store.query.selects.tables.metric_tables import MetricColumn
from metrics_store.query.selects.tables.table_catalog import STANDARD_GRAINS
from metrics_store.serve.cube.cubes import NUMBER, TIME, Cubes, Member

if TYPE_CHECKING:
    from metrics_store.query.definitions.definition_entries import MetricDefinition
    from metrics_store.query.selects.tables.metric_tables import DimensionColumn, MetricTable

_CURRENCY = "currency"
# All cubes can be asked together, by what they have in common.
_CONNECTED = 1
_PRIMARY = ("primary", "unique")

Entry = dict[str, Any]


@dataclass(frozen=True)
class MemberEntries:
    """Describes the members of the cubes that a principal sees.

    Attributes:
        cubes: The cubes.
    """

    cubes: Cubes

    def every_cube(self) -> list[Entry]:
        """Describe all cubes."""
        return [self._cube(table) for table in self.cubes.tables]

    def measure(self, member: Member) -> Entry:
        """Describe a measure."""
        cube, _, name = member.name.partition(".")
        metric = self._metrics[name]
        drills = self._drill_members(cube, metric)
        dimensions = [one for one in drills if one != member.name]
        return {
            **self._titled(member.name, metric.label or _title(name)),
            "description": metric.description,
            "type": NUMBER,
            "aggType": NUMBER,
            "format": _format(metric.unit),
            "cumulative": metric.type == "cumulative",
            "cumulativeTotal": metric.type == "cumulative",
            "drillMembers": drills,
            "drillMembersGrouped": {
                "measures": [member.name] if drills else [],
                "dimensions": dimensions,
            },
            "meta": self._meta(metric),
            "isVisible": True,
            "public": True,
        }

    def dimension(self, member: Member) -> Entry:
        """Describe a dimension or a time."""
        column = member.dimension()
        name = member.name.partition(".")[2]
        label = self._labels.get(column.path) or ""
        own = [one for one in column.grains if one not in STANDARD_GRAINS]
        entry = {
            **self._titled(member.name, label if label and name == column.path else _title(name)),
            "description": column.description.removeprefix(label).strip() or None,
            "type": member.type,
            "suggestFilterValues": member.type != TIME,
            "meta": {"grains": list(column.grains)} if column.is_time else None,
            "primaryKey": False,
            "isVisible": True,
            "public": True,
        }
        if column.is_time and column.grain is None and own:
            entry["granularities"] = [{"name": one, "title": _title(one)} for one in own]
        return entry

    @cached_property
    def _metrics(self) -> dict[str, MetricDefinition]:
        return {one.name: one for one in self.cubes.catalog.metrics}

    @cached_property
    def _labels(self) -> dict[str, str | None]:
        return {one.qualified_name: one.label for one in self.cubes.definitions.dimensions()}

    def _cube(self, table: MetricTable) -> Entry:
        members = [Member(f"{table.name}.{name}", column) for name, column in table.columns.items()]
        is_one = table.name in {one for of in self.cubes.catalog.subjects.values() for one in of}
        return {
            "name": table.name,
            # Of what is in several cubes, a view.
            "type": "cube" if is_one else "view",
            "title": _title(table.name),
            "description": table.description,
            "isVisible": True,
            "public": True,
            "connectedComponent": _CONNECTED,
            "measures": [self.measure(one) for one in members if one.measure is not None],
            "dimensions": [self.dimension(one) for one in members if one.measure is None],
            "segments": [],
            "hierarchies": [],
            "folders": [],
            "nestedFolders": [],
        }

    @staticmethod
    def _titled(name: str, title: str) -> Entry:
        cube = name.partition(".")[0]
        return {"name": name, "title": f"{_title(cube)} {title}", "shortTitle": title}

    def _meta(self, metric: MetricDefinition) -> Entry:
        deprecated = metric.deprecated
        found = {
            "unit": metric.unit,
            "metric_type": metric.type,
            "grains": list(metric.grains),
            "requires_metric_time": metric.requires_metric_time,
            "adds_up": self.cubes.definitions.adds_up(metric.name),
            "deprecated": None if deprecated is None else deprecated.replacement or True,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _drill_members(self, cube: str, metric: MetricDefinition) -> list[str]:
        """Give what tells the rows apart that a metric is made of, and the metric itself.

        They are the entity that the rows are, and what is known of it by itself.
        """
        if metric.requires_metric_time:
            return []
        table = self.cubes.catalog.tables[cube].columns
        own = [
            one.name
            for one in self.cubes.definitions.entities([metric.name])
            if one.type in _PRIMARY and "__" not in one.name
        ]
        known = {one.qualified_name for one in self.cubes.definitions.dimensions([metric.name])}
        found = [
            name
            for name, column in table.items()
            if _is_of(column, own, known) or (name in own and not isinstance(column, MetricColumn))
        ]
        return [f"{cube}.{one}" for one in (*found, metric.name)] if own and found else []


def _is_of(column: DimensionColumn | MetricColumn, own: list[str], known: set[str]) -> bool:
    if isinstance(column, MetricColumn) or column.grain is not None or column.is_time:
        return False
    entity, _, last = column.path.partition("__")
    return column.path in known and entity in own and "__" not in last


def _format(unit: str | None) -> str | None:
    return {RATIO: "percent", _CURRENCY: _CURRENCY}.get(unit or "")


def _title(name: str) -> str:
    """Give a name as a title."""
    return " ".join(word.capitalize() for word in name.split("_") if word)
