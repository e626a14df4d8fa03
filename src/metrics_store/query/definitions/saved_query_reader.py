"""Reads saved queries, and whether all that they name is visible."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.errors import InvalidQuerySyntax
from metricflow_semantic_interfaces.parsing.text_input.ti_description import QueryItemType
from metricflow_semantic_interfaces.parsing.text_input.ti_exceptions import (
    InvalidBuilderMethodException,
    QueryItemJinjaException,
)
from metricflow_semantic_interfaces.parsing.text_input.ti_processor import (
    ObjectBuilderTextProcessor,
)
from metricflow_semantic_interfaces.parsing.text_input.valid_method import (
    ConfiguredValidMethodMapping,
)

from metrics_store.query.definitions.definition_entries import (
    ExportDefinition,
    GroupByDefinition,
    SavedQueryDefinition,
)

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.saved_query import PydanticSavedQuery
    from metricflow_semantic_interfaces.parsing.text_input.ti_description import (
        ObjectBuilderItemDescription,
    )

    from metrics_store.query.definitions.visible_names import Visible

_METHODS = ConfiguredValidMethodMapping.DEFAULT_MAPPING
_NOT_UNDERSTOOD = (InvalidQuerySyntax, InvalidBuilderMethodException, QueryItemJinjaException)


def read_saved_query(saved: PydanticSavedQuery) -> SavedQueryDefinition:
    """Describe a saved query."""
    parameters = saved.query_params
    where = parameters.where.where_filters if parameters.where else ()
    return SavedQueryDefinition(
        name=saved.name,
        label=saved.label or "",
        description=saved.description or "",
        metrics=tuple(parameters.metrics),
        group_by=tuple(_group_by(text) for text in parameters.group_by),
        where=tuple(one.where_sql_template for one in where),
        exports=tuple(
            ExportDefinition(
                name=export.name,
                alias=export.config.alias,
                schema=export.config.schema_name,
                export_as=export.config.export_as.value,
            )
            for export in saved.exports
        ),
    )


def is_visible(saved: SavedQueryDefinition, visible: Visible) -> bool:
    """Whether everything that a saved query names is visible."""
    return (
        all(visible.metric(name) for name in saved.metrics)
        and all(visible.dimension(group_by.name) for group_by in saved.group_by)
        and all(is_filter_visible(where, visible) for where in saved.where)
    )


def _group_by(text: str) -> GroupByDefinition:
    if "(" not in text:
        return GroupByDefinition(text)
    try:
        item = ObjectBuilderTextProcessor().get_description(text, _METHODS)
    except _NOT_UNDERSTOOD:
        return GroupByDefinition(text)
    return GroupByDefinition(
        name=_path(item),
        kind=item.item_type.value,
        grain=item.time_granularity_name,
        date_part=item.date_part_name,
    )


def _path(item: ObjectBuilderItemDescription) -> str:
    return "__".join([*item.entity_path, item.item_name]).lower()


def is_filter_visible(where: str, visible: Visible) -> bool:
    """Whether everything is visible that the text of a filter names."""
    named = _named(where)
    # What cannot be read cannot be cleared.
    return named is not None and all(
        visible.metric(item.item_name)
        and all(visible.dimension(name) for name in item.group_by_for_metric_item)
        if item.item_type is QueryItemType.METRIC
        else visible.dimension(_path(item))
        for item in named
    )


@functools.lru_cache(maxsize=1_000)
def _named(where: str) -> tuple[ObjectBuilderItemDescription, ...] | None:
    """Give what the text of a filter names; none where it cannot be read."""
    try:
        return tuple(
            ObjectBuilderTextProcessor().collect_descriptions_from_template(where, _METHODS)
        )
    except _NOT_UNDERSTOOD:
        return None
