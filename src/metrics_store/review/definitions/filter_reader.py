"""Reads the filters of metrics and saved queries into fingerprints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from metricflow_semantic_interfaces.parsing.text_input.ti_description import QueryItemType
from metricflow_semantic_interfaces.parsing.text_input.ti_processor import (
    ObjectBuilderTextProcessor,
)
from metricflow_semantic_interfaces.parsing.text_input.valid_method import (
    ConfiguredValidMethodMapping,
)

from metrics_store.review.relations import condition_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metricflow_semantic_interfaces.parsing.text_input.ti_description import (
        ObjectBuilderItemDescription,
    )

_METHODS = ConfiguredValidMethodMapping.DEFAULT_MAPPING
_METHODS_OF_ORDER = ConfiguredValidMethodMapping.DEFAULT_MAPPING_FOR_ORDER_BY
_BRACES = re.compile(r"\{\{\s*(?P<call>.*?)\s*\}\}", re.DOTALL)


class FilterReader:
    """Gives filters with the same meaning the same fingerprint.

    Args:
        value: Gives the fingerprint of what a name in a filter stands for, of rows of these
            semantic models.
        dialect: The dialect of the rest.
    """

    def __init__(
        self,
        value: Callable[[ObjectBuilderItemDescription, Sequence[str]], str],
        dialect: str,
    ) -> None:
        self._value = value
        self._dialect = dialect
        self._cache: dict[tuple[str, ...], str] = {}

    def value(self, templates: Sequence[str], models: Sequence[str]) -> str:
        """Give the fingerprint of filters that all must hold; empty where there are none.

        Args:
            templates: The filters; it is nothing whether they are one text or several.
            models: The semantic models whose rows they choose from.
        """
        if not templates:
            return ""
        key = (*templates, "", *models)
        if key not in self._cache:
            self._cache[key] = self._read(templates, models)
        return self._cache[key]

    def _read(self, templates: Sequence[str], models: Sequence[str]) -> str:
        processor = ObjectBuilderTextProcessor()
        values: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            placeholder = f"__object_{len(values)}"
            description = processor.get_description(match["call"], _METHODS)
            values[placeholder] = self._value(description, models)
            return placeholder

        # A line of its own ends a comment.
        conditions = [f"({_BRACES.sub(name, one)}\n)" for one in templates]
        return condition_fingerprint(
            " and ".join(conditions), lambda column: values.get(column, column), self._dialect
        )


def filter_templates(where: dict[str, Any] | None) -> list[str]:
    """Give the filters of a metric, an input or a saved query as they are written."""
    return [one["where_sql_template"] for one in (where or {}).get("where_filters") or ()]


def described_names(templates: Sequence[str]) -> list[ObjectBuilderItemDescription]:
    """Give the dimensions, entities and metrics that filters name."""
    processor = ObjectBuilderTextProcessor()
    return [
        description
        for template in templates
        for description in processor.collect_descriptions_from_template(template, _METHODS)
    ]


def parse_group_by(name: str) -> ObjectBuilderItemDescription:
    """Parse a group-by: a call such as `Entity('account')`, or a plain name."""
    call = name if "(" in name else f"Dimension('{name}')"
    return ObjectBuilderTextProcessor().get_description(call, _METHODS)


def display_filters(templates: Sequence[str]) -> str:
    """Give filters as people read them: names without braces and calls."""
    return " and ".join(
        " ".join(_BRACES.sub(lambda match: plain_name(match["call"]), one).split())
        for one in templates
    )


def plain_name(call: str) -> str:
    """Give the name out of a call such as `TimeDimension('metric_time', 'month')`."""
    return _description_name(ObjectBuilderTextProcessor().get_description(call, _METHODS))


def plain_order(text: str) -> str:
    """Give what a saved query orders by; `-` stands before what comes down."""
    if "(" not in text:
        return text
    description = ObjectBuilderTextProcessor().get_description(
        text.removeprefix("-"), _METHODS_OF_ORDER
    )
    down = bool(description.descending) or text.startswith("-")
    return f"{'-' if down else ''}{_description_name(description)}"


def _description_name(description: ObjectBuilderItemDescription) -> str:
    name = "__".join([*description.entity_path, description.item_name])
    if description.item_type is QueryItemType.METRIC:
        by = ", ".join(description.group_by_for_metric_item)
        return f"{name} by {by}" if by else name
    parts = (
        name,
        description.time_granularity_name,
        description.date_part_name and f"extract_{description.date_part_name}",
    )
    return "__".join(part for part in parts if part)
