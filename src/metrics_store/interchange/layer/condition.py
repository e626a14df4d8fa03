"""A condition of the definitions: SQL with names of the semantic layer in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.naming.dundered import StructuredDunderedName
from metricflow_semantic_interfaces.parsing.text_input.ti_description import QueryItemType
from metricflow_semantic_interfaces.parsing.text_input.ti_processor import (
    ObjectBuilderTextProcessor,
)
from metricflow_semantic_interfaces.parsing.text_input.valid_method import (
    ConfiguredValidMethodMapping,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BRACES = re.compile(r"\{\{\s*(?P<call>.*?)\s*\}\}", re.DOTALL)
_METHODS = ConfiguredValidMethodMapping.DEFAULT_MAPPING

DIMENSION, ENTITY, METRIC = "dimension", "entity", "metric"
_KINDS = {QueryItemType.ENTITY: ENTITY, QueryItemType.METRIC: METRIC}


@dataclass(frozen=True)
class Name:
    """What a call such as `Dimension('order__status')` names.

    Attributes:
        kind: `dimension` (times too), `entity` or `metric`.
        path: The entities on the way to it; for a dimension the last is one of its own model.
        element: Its own name, such as `status`.
        grain: The grain that a time is meant by; empty where nothing is said.
        part: The part of a time that is meant, such as `month`; empty for the whole.
        by: The entities for each of which a metric is meant.
    """

    kind: str
    path: tuple[str, ...]
    element: str
    grain: str = ""
    part: str = ""
    by: tuple[str, ...] = ()

    @classmethod
    def parse(cls, call: str, own_grains: Sequence[str] = ()) -> Name:
        """Read a call; a time's name may end with one of the project's own grains."""
        found = ObjectBuilderTextProcessor().get_description(call, _METHODS)
        name = StructuredDunderedName.parse_name(found.item_name, own_grains)
        links = tuple(one.element_name for one in name.entity_links)
        return cls(
            kind=_KINDS.get(found.item_type, DIMENSION),
            path=(*found.entity_path, *links),
            element=name.element_name,
            grain=found.time_granularity_name or name.time_granularity or "",
            part=found.date_part_name or "",
            by=tuple(found.group_by_for_metric_item),
        )

    def __str__(self) -> str:
        """Give it in one word, as questions call it."""
        name = "__".join((*self.path, self.element))
        if self.kind == METRIC:
            return f"{name} by {', '.join(self.by)}"
        part = self.part and f"extract_{self.part}"
        return "__".join(one for one in (name, self.grain, part) if one)


@dataclass(frozen=True)
class Condition:
    """A condition that rows have to fulfil.

    Attributes:
        parts: SQL as it was written, and in its order each name.
    """

    parts: tuple[str | Name, ...]

    @classmethod
    def parse(cls, template: str, own_grains: Sequence[str] = ()) -> Condition:
        """Read a condition such as `{{ Dimension('order__status') }} = 'paid'`."""
        parts: list[str | Name] = []
        end = 0
        for match in _BRACES.finditer(template):
            parts += [template[end : match.start()], Name.parse(match["call"], own_grains)]
            end = match.end()
        parts.append(template[end:])
        return cls(tuple(part for part in parts if part))

    @property
    def names(self) -> list[Name]:
        """The dimensions, times, entities and metrics that it names."""
        return [part for part in self.parts if isinstance(part, Name)]

    def render(self, name: Callable[[Name], str]) -> str:
        """Write it with each name as a renderer says it."""
        return "".join(part if isinstance(part, str) else name(part) for part in self.parts).strip()

    def __str__(self) -> str:
        """Write it as people read it, such as `order__status = 'paid'`."""
        return " ".join(self.render(str).split())
