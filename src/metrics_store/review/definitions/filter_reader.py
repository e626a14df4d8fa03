"""Filters of metrics and saved queries: what they ask, however it is written."""

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


class Filters:
    """Reads filters.

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
        self._kept: dict[tuple[str, ...], str] = {}

    def value(self, templates: Sequence[str], models: Sequence[str]) -> str:
        """Give the fingerprint of filters that all must hold; empty where there are none.

        Args:
            templates: The filters; it is nothing whether they are one text or several.
            models: The semantic models whose rows they choose from.
        """
        if not templates:
            return ""
        key = (*templates, "", *models)
        if key not in self._kept:
            self._kept[key] = self._read(templates, models)
        return self._kept[key]

    def _read(self, templates: Sequence[str], models: Sequence[str]) -> str:
        processor = ObjectBuilderTextProcessor()
        said: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            placeholder = f"__object_{len(said)}"
            meant = processor.get_description(match["call"], _METHODS)
            said[placeholder] = self._value(meant, models)
            return placeholder

        # A line of its own ends a comment.
        conditions = [f"({_BRACES.sub(name, one)}\n)" for one in templates]
        return condition_fingerprint(
            " and ".join(conditions), lambda column: said.get(column, column), self._dialect
        )


def templates_of(where: dict[str, Any] | None) -> list[str]:
    """Give the filters of a metric, an input or a saved query as they are written."""
    return [one["where_sql_template"] for one in (where or {}).get("where_filters") or ()]


def named(templates: Sequence[str]) -> list[ObjectBuilderItemDescription]:
    """Give the names in filters."""
    processor = ObjectBuilderTextProcessor()
    return [
        said
        for template in templates
        for said in processor.collect_descriptions_from_template(template, _METHODS)
    ]


def described(name: str) -> ObjectBuilderItemDescription:
    """Understand a group-by: a call such as `Entity('account')`, or a plain name."""
    call = name if "(" in name else f"Dimension('{name}')"
    return ObjectBuilderTextProcessor().get_description(call, _METHODS)


def shown(templates: Sequence[str]) -> str:
    """Give filters as people read them: names without braces and calls."""
    return " and ".join(
        " ".join(_BRACES.sub(lambda match: plain(match["call"]), one).split()) for one in templates
    )


def plain(call: str) -> str:
    """Give the name out of a call such as `TimeDimension('metric_time', 'month')`."""
    return _plain(ObjectBuilderTextProcessor().get_description(call, _METHODS))


def ordering(text: str) -> str:
    """Give what a saved query orders by; `-` stands before what comes down."""
    if "(" not in text:
        return text
    said = ObjectBuilderTextProcessor().get_description(text.removeprefix("-"), _METHODS_OF_ORDER)
    down = bool(said.descending) or text.startswith("-")
    return f"{'-' if down else ''}{_plain(said)}"


def _plain(said: ObjectBuilderItemDescription) -> str:
    name = "__".join([*said.entity_path, said.item_name])
    if said.item_type is QueryItemType.METRIC:
        by = ", ".join(said.group_by_for_metric_item)
        return f"{name} by {by}" if by else name
    parts = (
        name,
        said.time_granularity_name,
        said.date_part_name and f"extract_{said.date_part_name}",
    )
    return "__".join(part for part in parts if part)
