"""Writes YAML as people do: keys in their order, entries of lists indented."""

from __future__ import annotations

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's own
        del indentless
        super().increase_indent(flow, indentless=False)


def yaml_text(content: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    """Write content as YAML."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
