"""Completion of names in the shell, from the live definitions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

_GRAINS = ("day", "week", "month", "quarter", "year")


def complete_metrics(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Offer metrics; behind the words that questions are said in, what follows these."""
    said = [*(context.params.get("named") or ())][-1:]
    if said == ["by"]:
        return complete_group_bys(context, parameter, incomplete)
    named = [
        metric["name"]
        for metric in _definitions(context).get("metrics", [])
        if not metric["type_params"].get("is_private")
    ]
    return _after_last_comma(named, incomplete)


def complete_group_bys(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Offer what metrics are grouped by: times with their grains, dimensions, entities."""
    del parameter
    definitions = _definitions(context)
    spines = definitions.get("project_configuration", {}).get("time_spines", [])
    own = [grain["name"] for spine in spines for grain in spine.get("custom_granularities", [])]
    names = {f"metric_time__{grain}" for grain in (*_GRAINS, *own)}
    for model in definitions.get("semantic_models", []):
        keys = [entity["name"] for entity in model["entities"]]
        names.update(keys)
        primary = model.get("primary_entity") or next(
            (entity["name"] for entity in model["entities"] if entity["type"] == "primary"), None
        )
        if primary:
            names.update(f"{primary}__{one['name']}" for one in model["dimensions"])
    # By their last part too, where nothing is called so in full.
    return _after_last_comma(sorted(names), incomplete) or _after_last_comma(
        sorted({name.rpartition("__")[2] for name in names}), incomplete
    )


def complete_saved_queries(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Offer saved queries."""
    del parameter
    named = [one["name"] for one in _definitions(context).get("saved_queries", [])]
    return _after_last_comma(named, incomplete)


def _after_last_comma(names: list[str], incomplete: str) -> list[str]:
    """Offer names for the last of those that are typed already."""
    before, comma, last = incomplete.rpartition(",")
    start = before + comma
    if last.startswith("-"):
        start, last = start + "-", last[1:]
    return [start + name for name in names if name.startswith(last)]


def _definitions(context: click.Context) -> dict[str, Any]:
    from metrics_store.project.artifacts import SEMANTIC_MANIFEST
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.warehouse.live_warehouse import find_live_warehouse

    try:
        target = load_target(find_project_directory(), context.params.get("target"))
        artifacts = find_live_warehouse(target).artifacts
        content: dict[str, Any] = json.loads((artifacts / SEMANTIC_MANIFEST).read_bytes())
    except Exception:  # noqa: BLE001 - a shell that completes has nowhere to show an error
        return {}
    return content
