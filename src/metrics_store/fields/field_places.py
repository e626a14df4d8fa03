"""Where in `dbt_project.yml` a custom field stands, for messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VAR = "custom_fields"
FILE = "dbt_project.yml"


@dataclass(frozen=True)
class FieldPlaces:
    """The lines of the list.

    Attributes:
        counts: How many fields each entity has.
        lines: The line of each field, by its entity and number.
        entries: What stands there, in the same order.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[tuple[str, int], int] = field(default_factory=dict)
    entries: Mapping[tuple[str, int], object] = field(default_factory=dict)

    def where(self, entity: str, number: int) -> str:
        """Give the file and, as far as it is known, the line of a field."""
        line = self.lines.get((entity, number))
        return f"{FILE}:{line}" if line else f"{FILE}, var {VAR}, {entity}, field {number}"


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def read_places(project_directory: Path) -> FieldPlaces:
    """Find the list in the project's file; nothing where none is there that can be read."""
    try:
        text = (project_directory / FILE).read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return FieldPlaces()
    variables = _value(root, "vars")
    name = _value(root, "name")
    own = _value(variables, str(name.value)) if isinstance(name, yaml.ScalarNode) else None
    listed = _value(own, VAR) or _value(variables, VAR)
    counts, lines, entries = {}, {}, {}
    loader = yaml.SafeLoader("")
    if isinstance(listed, yaml.MappingNode):
        for key, value in listed.value:
            fields = value.value if isinstance(value, yaml.SequenceNode) else []
            counts[str(key.value)] = len(fields)
            for number, node in enumerate(fields, start=1):
                lines[str(key.value), number] = node.start_mark.line + 1
                entries[str(key.value), number] = loader.construct_object(node, deep=True)
    return FieldPlaces(counts, lines, entries)
