"""Which metric tables there are: by semantic model, all metrics together, and saved queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.selects.tables.column_types import TIMESTAMP
from metrics_store.query.selects.tables.metric_tables import (
    DATE_PARTS,
    Column,
    DimensionColumn,
    MetricColumn,
    MetricTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from metrics_store.query.definitions.definition_entries import (
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.query.definitions.definitions import Definitions

ALL_METRICS = "all_metrics"
STANDARD_GRAINS = {
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
}


class ColumnTypes(Protocol):
    """Finds out the types of columns."""

    def of_metrics(self, metrics: Sequence[MetricDefinition]) -> list[str]:
        """Give the types of metrics of the same tables in PostgreSQL."""

    def of_dimensions(self, metric: MetricDefinition, names: Sequence[str]) -> list[str]:
        """Give the types of dimensions that a metric has."""


@dataclass(frozen=True)
class TableCatalog:
    """The tables that a principal sees.

    Attributes:
        tables: The tables by name.
        metrics: The metrics, for the table of what they mean.
        subjects: Metric -> the tables that it is in.
    """

    tables: Mapping[str, MetricTable]
    metrics: tuple[MetricDefinition, ...]
    subjects: Mapping[str, tuple[str, ...]]


def table_catalog(definitions: Definitions, types: ColumnTypes) -> TableCatalog:
    """Give the tables of what is visible.

    A semantic model is a table of the metrics that are made of its measures. Names of tables and
    columns are those of the definitions: another metric changes none.
    """
    metrics = definitions.metrics()
    subjects = {one.name: definitions.subjects(one.name) for one in metrics}
    kinds = _metric_types(metrics, subjects, types)
    columns = {one.name: _metric_column(one, definitions, kinds[one.name]) for one in metrics}
    dimensions = {one.name: _dimension_columns(definitions, one) for one in metrics}
    known = _dimension_types(metrics, dimensions, types)
    tables: dict[str, MetricTable] = {}
    names = sorted({name for found in subjects.values() for name in found})
    for name in names:
        own = [one for one in metrics if name in subjects[one.name]]
        description = next(found[name] for found in subjects.values() if name in found)
        tables[name] = _table(name, description, own, columns, dimensions, known)
    every = ALL_METRICS
    while every in tables:
        every += "_"
    what = "All metrics, by all that they can be grouped by."
    tables[every] = _table(every, what, metrics, columns, dimensions, known)
    for saved in definitions.saved_queries():
        name = saved.name if saved.name not in tables else f"{saved.name}_saved_query"
        table = _saved_table(name, saved, tables[every])
        if table is not None:
            tables[name] = table
    return TableCatalog(
        tables, tuple(metrics), {name: tuple(found) for name, found in subjects.items()}
    )


def _metric_types(
    metrics: Iterable[MetricDefinition], subjects: Mapping[str, Iterable[str]], types: ColumnTypes
) -> dict[str, str]:
    """Ask together for the types of metrics of the same tables."""
    near: dict[tuple[str, ...], list[MetricDefinition]] = {}
    for metric in metrics:
        near.setdefault(tuple(subjects[metric.name]), []).append(metric)
    return {
        one.name: kind
        for some in near.values()
        for one, kind in zip(some, types.of_metrics(some), strict=True)
    }


def _metric_column(metric: MetricDefinition, definitions: Definitions, kind: str) -> MetricColumn:
    words = [metric.label, metric.description, f"unit: {metric.unit}" if metric.unit else ""]
    if metric.grains and metric.meta.get("grains"):
        words.append("by " + ", ".join(metric.grains))
    description = "\n".join(dict.fromkeys(word for word in words if word))
    adds_up = definitions.adds_up(metric.name)
    return MetricColumn(metric.name, kind, description, adds_up)


def _dimension_columns(
    definitions: Definitions, metric: MetricDefinition
) -> dict[str, DimensionColumn]:
    found = {
        one.qualified_name: DimensionColumn(
            one.qualified_name,
            one.qualified_name,
            TIMESTAMP if one.type == "time" else "",
            "\n".join(dict.fromkeys(word for word in (one.label, one.description) if word)),
            one.grains if one.type == "time" else (),
        )
        for one in definitions.dimensions([metric.name])
    }
    for entity in definitions.entities([metric.name]):
        found.setdefault(
            entity.name, DimensionColumn(entity.name, entity.name, "", entity.description)
        )
    return found


def _dimension_types(
    metrics: Iterable[MetricDefinition],
    dimensions: Mapping[str, Mapping[str, DimensionColumn]],
    types: ColumnTypes,
) -> dict[str, str]:
    known: dict[str, str] = {}
    for metric in metrics:
        unknown = [
            name
            for name, column in dimensions[metric.name].items()
            if not column.type and name not in known
        ]
        if unknown:
            known |= zip(unknown, types.of_dimensions(metric, unknown), strict=True)
    return known


def _table(  # noqa: PLR0913, PLR0917 - what all tables are made of
    name: str,
    description: str,
    metrics: Sequence[MetricDefinition],
    columns: Mapping[str, MetricColumn],
    dimensions: Mapping[str, Mapping[str, DimensionColumn]],
    types: Mapping[str, str],
) -> MetricTable:
    found: dict[str, DimensionColumn] = {}
    for metric in metrics:
        for path, column in dimensions[metric.name].items():
            known = found.get(path)
            if known is None or len(column.grains) > len(known.grains):
                found[path] = _typed(column, types)
    listed: dict[str, Column] = {}
    for path in sorted(found, key=lambda one: (not found[one].is_time, one)):
        listed[path] = found[path]
        # There is no date_trunc for the project's own grains.
        for grain in found[path].grains:
            if grain not in STANDARD_GRAINS:
                own = f"{path}__{grain}"
                listed[own] = DimensionColumn(
                    own, path, TIMESTAMP, found[path].description, found[path].grains, grain
                )
    for metric in metrics:
        # A metric has its name in the catalog even where a dimension is called the same.
        listed.setdefault(metric.name, columns[metric.name])
    return MetricTable(name, listed, description)


def _typed(column: DimensionColumn, types: Mapping[str, str]) -> DimensionColumn:
    kind = column.type or types[column.path]
    return DimensionColumn(column.name, column.path, kind, column.description, column.grains)


def _saved_table(name: str, saved: SavedQueryDefinition, every: MetricTable) -> MetricTable | None:
    columns: dict[str, Column] = {}
    for one in saved.group_by:
        path = one.name.lower()
        found = every.columns.get(path)
        if not isinstance(found, DimensionColumn):
            return None
        requested = one.requested_as.lower()
        part = one.date_part.lower() if one.date_part else None
        columns[requested] = DimensionColumn(
            requested,
            path,
            "numeric" if part in DATE_PARTS else found.type,
            found.description,
            found.grains,
            one.grain.lower() if one.grain else None,
            part,
        )
    for metric in saved.metrics:
        columns[metric] = every.columns[metric]
    try:
        where = parse_filters(saved.where)
    except MetricsStoreError:
        # Its rows can be asked for; what filters cannot say cannot be asked at another grain.
        return None
    return MetricTable(name, columns, saved.description or saved.label, saved.name, where)
