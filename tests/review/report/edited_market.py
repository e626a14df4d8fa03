"""Changes of the market's definitions, as dbt's manifests have them."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Manifests:
    """What dbt makes of a project.

    Attributes:
        manifest: `manifest.json`.
        semantic: `semantic_manifest.json`.
    """

    manifest: dict[str, Any]
    semantic: dict[str, Any]

    @classmethod
    def read(cls, directory: Path) -> Manifests:
        """Read them from dbt's artifacts."""
        names = ("manifest.json", "semantic_manifest.json")
        return cls(*(json.loads((directory / name).read_text()) for name in names))

    def edited(self, *edits: Callable[[Manifests], object]) -> Manifests:
        """Give a copy to which something was done."""
        found = copy.deepcopy(self)
        for edit in edits:
            edit(found)
        return found

    def metric(self, name: str) -> dict[str, Any]:
        """Give a metric."""
        [found] = [one for one in self.semantic["metrics"] if one["name"] == name]
        return found

    def model(self, name: str) -> dict[str, Any]:
        """Give a semantic model."""
        [found] = [one for one in self.semantic["semantic_models"] if one["name"] == name]
        return found

    def sql(self, name: str) -> dict[str, Any]:
        """Give a dbt model."""
        [found] = [one for one in self.manifest["nodes"].values() if one["name"] == name]
        return found


def set_filter(metric: str, text: str) -> Callable[[Manifests], object]:
    """Give a metric another filter."""
    where = {"where_filters": [{"where_sql_template": text}]}
    return lambda found: found.metric(metric).update(filter=where)


def set_meta(metric: str, **meta: object) -> Callable[[Manifests], object]:
    """Say something else of a metric in its `config.meta`."""

    def edit(found: Manifests) -> None:
        config = found.metric(metric).get("config") or {}
        found.metric(metric)["config"] = {**config, "meta": {**(config.get("meta") or {}), **meta}}

    return edit


def describe(metric: str, text: str) -> Callable[[Manifests], object]:
    """Describe a metric otherwise."""
    return lambda found: found.metric(metric).update(description=text)


def rename(metric: str, name: str) -> Callable[[Manifests], object]:
    """Call a metric that no other is made of by another name."""

    def edit(found: Manifests) -> None:
        for one in found.manifest["metrics"].values():
            if one["name"] == metric:
                one["name"] = name
        found.metric(metric)["name"] = name

    return edit


def replace_sql(model: str, old: str, new: str) -> Callable[[Manifests], object]:
    """Replace a text that stands once in the SQL of a dbt model."""

    def edit(found: Manifests) -> None:
        node = found.sql(model)
        for key in ("compiled_code", "raw_code"):
            assert node[key].count(old) == 1, node[key]
            node[key] = node[key].replace(old, new)

    return edit


def remove_dimension(model: str, name: str) -> Callable[[Manifests], object]:
    """Take a dimension out of a semantic model."""

    def edit(found: Manifests) -> None:
        dimensions = found.model(model)["dimensions"]
        dimensions[:] = [one for one in dimensions if one["name"] != name]

    return edit


def set_measure(model: str, name: str, expression: str) -> Callable[[Manifests], object]:
    """Have a measure aggregate something else."""

    def edit(found: Manifests) -> None:
        [measure] = [one for one in found.model(model)["measures"] if one["name"] == name]
        measure["expr"] = expression

    return edit
