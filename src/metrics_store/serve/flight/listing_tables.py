"""Listings as tables, in the columns that the dbt Semantic Layer gives them.

Everything is text, and lists are joined by commas, as BI tools over JDBC show nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from metrics_store.query.calls.semantic_calls import Listing
from metrics_store.query.definitions.pages import page_of, search_items
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.query.calls.semantic_calls import ListCall
    from metrics_store.query.definitions.definition_entries import (
        DimensionDefinition,
        EntityDefinition,
        MeasureDefinition,
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.query.definitions.definitions import Definitions

Row = dict[str, str | None]
Item = TypeVar("Item")

_METRICS = (
    "NAME",
    "DESCRIPTION",
    "DIMENSIONS",
    "MEASURES",
    "TYPE",
    "QUERYABLE_GRANULARITIES",
    "LABEL",
    "META",
)
_COLUMNS = {
    Listing.METRICS: _METRICS,
    Listing.METRICS_FOR_DIMENSIONS: _METRICS,
    Listing.DIMENSIONS: ("NAME", "DESCRIPTION", "TYPE", "QUERYABLE_GRANULARITIES", "LABEL", "EXPR"),
    Listing.MEASURES: ("NAME", "AGG", "AGG_TIME_DIMENSION", "EXPR"),
    Listing.ENTITIES: ("NAME", "DESCRIPTION", "TYPE", "ROLE", "EXPR"),
    Listing.QUERYABLE_GRANULARITIES: ("NAME",),
    Listing.SAVED_QUERIES: ("NAME", "DESCRIPTION", "LABEL", "METRICS", "GROUP_BY", "WHERE_FILTER"),
}


def listed(call: ListCall, definitions: Definitions) -> pa.Table:
    """Answer a call for a list.

    Raises:
        MetricsStoreError: There is no such metric, or no such page.
    """
    rows = _rows(call, definitions)
    columns = {name: [row[name] for row in rows] for name in _COLUMNS[call.listing]}
    schema = pa.schema([(name, pa.utf8()) for name in columns])
    return pa.table(columns, schema=schema)


def _rows(  # noqa: PLR0911 - a return a list
    call: ListCall, definitions: Definitions
) -> list[Row]:
    match call.listing:
        case Listing.METRICS:
            metrics = _page(call, search_items(definitions.metrics(), [call.search]))
            return [_metric(one, definitions) for one in metrics]
        case Listing.METRICS_FOR_DIMENSIONS:
            found = definitions.metrics_for_dimensions(call.group_by)
            metrics = _page(call, search_items(found, [call.search]))
            return [_metric(one, definitions) for one in metrics]
        case Listing.DIMENSIONS:
            dimensions = search_items(definitions.dimensions(call.metrics), [call.search])
            return [_dimension(one) for one in _page(call, dimensions)]
        case Listing.ENTITIES:
            entities = search_items(definitions.entities(call.metrics), [call.search])
            return [_entity(one) for one in _page(call, entities)]
        case Listing.MEASURES:
            return [_measure(one) for one in _page(call, definitions.measures(call.metrics))]
        case Listing.SAVED_QUERIES:
            saved_queries = search_items(definitions.saved_queries(), [call.search])
            return [_saved_query(one) for one in _page(call, saved_queries)]
        case Listing.QUERYABLE_GRANULARITIES:
            times = definitions.dimensions(call.metrics)
            found_grains = [one.grains for one in times if one.qualified_name == METRIC_TIME]
            return [{"NAME": grain} for grains in found_grains for grain in grains]


def _page(call: ListCall, items: Sequence[Item]) -> Sequence[Item]:
    if call.page_size is None:
        return items if call.page_number == 1 else ()
    return page_of(items, call.page_number, call.page_size).items


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names)


def _metric(metric: MetricDefinition, definitions: Definitions) -> Row:
    dimensions = [one.qualified_name for one in definitions.dimensions([metric.name])]
    return {
        "NAME": metric.name,
        "DESCRIPTION": metric.description,
        "DIMENSIONS": _joined(dimensions),
        "MEASURES": _joined(one.name for one in definitions.measures([metric.name])),
        "TYPE": metric.type,
        "QUERYABLE_GRANULARITIES": _joined(metric.grains),
        "LABEL": metric.label,
        "META": json.dumps(metric.meta, default=str),
    }


def _dimension(dimension: DimensionDefinition) -> Row:
    return {
        "NAME": dimension.qualified_name,
        "DESCRIPTION": dimension.description,
        "TYPE": dimension.type,
        "QUERYABLE_GRANULARITIES": _joined(dimension.grains),
        "LABEL": dimension.label,
        "EXPR": dimension.expr,
    }


def _entity(entity: EntityDefinition) -> Row:
    return {
        "NAME": entity.name,
        "DESCRIPTION": entity.description,
        "TYPE": entity.type,
        "ROLE": entity.role,
        "EXPR": entity.expr,
    }


def _measure(measure: MeasureDefinition) -> Row:
    return {
        "NAME": measure.name,
        "AGG": measure.agg,
        "AGG_TIME_DIMENSION": measure.agg_time_dimension,
        "EXPR": measure.expr,
    }


def _saved_query(saved: SavedQueryDefinition) -> Row:
    return {
        "NAME": saved.name,
        "DESCRIPTION": saved.description,
        "LABEL": saved.label,
        "METRICS": _joined(saved.metrics),
        "GROUP_BY": _joined(one.requested_as for one in saved.group_by),
        "WHERE_FILTER": saved.where_template,
    }
