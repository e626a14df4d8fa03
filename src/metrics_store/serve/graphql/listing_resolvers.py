"""Resolvers of listings: metrics, dimensions, entities, measures, saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.query.definitions.pages import Page, page_of, search_items
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.serve.graphql.request_arguments import Arguments, Operation, group_by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.query.definitions.definition_entries import (
        DimensionDefinition,
        EntityDefinition,
        GroupByDefinition,
        MeasureDefinition,
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.serve.graphql.context import Context

_STANDARD = {grain.value: grain.name for grain in TimeGranularity}


def _names(given: Sequence[Arguments]) -> list[str]:
    return [one["name"] for one in given]


def _standard(grains: Sequence[str]) -> list[str]:
    return [_STANDARD[grain] for grain in grains if grain in _STANDARD]


def _page(items: Sequence[Any], arguments: Arguments) -> Page[Any]:
    words = [arguments.get("search"), *(arguments.get("searchTerms") or [])]
    return page_of(search_items(items, words), arguments["pageNum"], arguments.get("pageSize"))


def _metrics(context: Context, _given: Arguments) -> list[MetricDefinition]:
    return context.definitions.metrics()


def _metrics_page(context: Context, given: Arguments) -> Page[MetricDefinition]:
    return _page(context.definitions.metrics(), given)


def _metrics_for(context: Context, given: Arguments) -> list[MetricDefinition]:
    names = [group_by_name(one) for one in given["dimensions"]]
    return context.definitions.metrics_for_dimensions(names)


def _dimensions(context: Context, given: Arguments) -> list[DimensionDefinition]:
    return context.definitions.dimensions(_names(given["metrics"]))


def _dimensions_page(context: Context, given: Arguments) -> Page[DimensionDefinition]:
    return _page(_dimensions(context, given), given)


def _entities(context: Context, given: Arguments) -> list[EntityDefinition]:
    return context.definitions.entities(_names(given["metrics"]))


def _entities_page(context: Context, given: Arguments) -> Page[EntityDefinition]:
    return _page(_entities(context, given), given)


def _measures(context: Context, given: Arguments) -> list[MeasureDefinition]:
    return context.definitions.measures(_names(given["metrics"]))


def _grains(context: Context, given: Arguments) -> list[str]:
    for dimension in _dimensions(context, given):
        if dimension.qualified_name == METRIC_TIME:
            return _standard(dimension.grains)
    return []


def _saved_queries(context: Context, _given: Arguments) -> list[SavedQueryDefinition]:
    return context.definitions.saved_queries()


def _saved_queries_page(context: Context, given: Arguments) -> Page[SavedQueryDefinition]:
    return _page(context.definitions.saved_queries(), given)


def _environment(context: Context, _given: Arguments) -> dict[str, object]:
    dialect = context.definitions.dialect.upper()
    return {"dialect": dialect, "has_metrics_defined": bool(context.definitions.metrics())}


def _date_part(group_by: GroupByDefinition, _: object) -> str | None:
    return group_by.date_part.upper() if group_by.date_part else None


OPERATIONS: dict[str, Operation] = {
    "Query.metrics": _metrics,
    "Query.metricsPaginated": _metrics_page,
    "Query.metricsForDimensions": _metrics_for,
    "Query.dimensions": _dimensions,
    "Query.dimensionsPaginated": _dimensions_page,
    "Query.entities": _entities,
    "Query.entitiesPaginated": _entities_page,
    "Query.measures": _measures,
    "Query.queryableGranularities": _grains,
    "Query.savedQueries": _saved_queries,
    "Query.savedQueriesPaginated": _saved_queries_page,
    "Query.environmentInfo": _environment,
}

FIELDS: dict[str, Callable[..., Any]] = {
    "EnvironmentInfo.dialect": lambda known, _: known["dialect"],
    "EnvironmentInfo.sqlDialect": lambda known, _: known["dialect"],
    "EnvironmentInfo.hasMetricsDefined": lambda known, _: known["has_metrics_defined"],
    "EnvironmentInfo.dialectSupportedBySlg": lambda _known, _: True,
    **{
        f"{kind}.description": lambda thing, _: thing.description or None
        for kind in ("Metric", "Dimension", "Entity", "SavedQuery")
    },
    # Clients need a label where the definitions may have none.
    "Metric.label": lambda metric, _: metric.label or metric.name,
    "Metric.type": lambda metric, _: metric.type.upper(),
    "Metric.queryableGranularities": lambda metric, _: _standard(metric.grains),
    "Metric.queryableTimeGranularities": lambda metric, _: metric.grains,
    "Metric.config": lambda metric, _: metric,
    "Metric.dimensions": lambda metric, info: info.context.definitions.dimensions([metric.name]),
    "Metric.entities": lambda metric, info: info.context.definitions.entities([metric.name]),
    "Metric.measures": lambda metric, info: info.context.definitions.measures([metric.name]),
    # Clients group by what this says.
    "Dimension.name": lambda dimension, _: dimension.qualified_name,
    "Dimension.type": lambda dimension, _: dimension.type.upper(),
    "Dimension.queryableGranularities": lambda dimension, _: _standard(dimension.grains),
    "Dimension.queryableTimeGranularities": lambda dimension, _: dimension.grains,
    "Dimension.config": lambda dimension, _: dimension,
    "Entity.type": lambda entity, _: entity.type.upper(),
    # Clients of before want a text where there is no role.
    "Entity.role": lambda entity, _: entity.role or "",
    "Measure.agg": lambda measure, _: measure.agg.upper(),
    "SavedQuery.label": lambda saved, _: saved.label or None,
    "SavedQuery.queryParams": lambda saved, _: saved,
    "SavedQueryQueryParams.where": lambda saved, _: saved if saved.where else None,
    "SavedQueryMetricParam.name": lambda name, _: name,
    "SavedQueryGroupByParam.grain": lambda group_by, _: _STANDARD.get(group_by.grain),
    "SavedQueryGroupByParam.timeGranularity": lambda group_by, _: group_by.grain,
    "SavedQueryGroupByParam.datePart": _date_part,
    "WhereFilter.whereSqlTemplate": lambda saved, _: saved.where_template,
    "Export.config": lambda export, _: export,
    "ExportConfig.exportAs": lambda export, _: export.export_as.upper(),
}
