"""The full names of dimensions that people name by their last part: `industry`, `quarter`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.access.principal import Principal
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.metric_request import MetricRequest

_METRIC_TIME = "metric_time"
# The entities by whose name a semantic model's own dimensions are called.
_OWN = ("primary", "natural", "unique")
_LABEL = "label_dimension"
_GRAINS = frozenset({"hour", "day", "week", "month", "quarter", "year"})


def in_full(live: Snapshot, request: MetricRequest, principal: Principal) -> MetricRequest:
    """Give a request with the full names of dimensions, in its filter too.

    Raises:
        MetricsStoreError: Its metrics have several dimensions of such a name.
    """
    group_by = full_names(live, request.group_by, request.metrics, principal)
    order_by = full_names(live, request.order_by, request.metrics, principal)
    where = request.where
    if where is not None:
        # The parser of filters takes long to import, as in all that goes without one.
        from metrics_store.query.filters.filter_tree import Kind, Name  # noqa: PLC0415
        from metrics_store.query.filters.renamed_filter import names_of, renamed  # noqa: PLC0415

        plain = {name for name in names_of(where) if name.kind is Kind.UNSPECIFIED}
        short = sorted({str(name) for name in plain})
        full = dict(zip(short, full_names(live, short, request.metrics, principal), strict=True))
        where = renamed(where, lambda name: Name(full[str(name)]) if name in plain else name)
    return dataclasses.replace(request, group_by=group_by, order_by=order_by, where=where)


def full_names(
    live: Snapshot, names: Sequence[str], metrics: Sequence[str], principal: Principal
) -> list[str]:
    """Give the full name of each dimension; what is none, or full already, stays as it is.

    A grain alone is one of `metric_time`. A name that several dimensions end in is the one that the
    metrics have.

    Args:
        live: What is asked.
        names: Names, with `-` in front where they are ordered by.
        metrics: The metrics that are asked by them.
        principal: Who asks.

    Raises:
        MetricsStoreError: The metrics have several dimensions of such a name.
    """
    if not names:
        return []
    manifest = live.content
    spines = manifest.get("project_configuration", {}).get("time_spines", [])
    own = {grain["name"] for one in spines for grain in one.get("custom_granularities", [])}
    known = {_METRIC_TIME, *metrics, *_entities(manifest)}
    found = []
    for name in names:
        sign, bare = ("-", name[1:]) if name.startswith("-") else ("", name)
        if bare in _GRAINS | own:
            full = f"{_METRIC_TIME}__{bare}"
        elif bare in known or bare.count("__") > 1:
            full = bare
        else:
            path, mark, grain = bare.partition("__")
            is_path = bool(mark) and grain not in _GRAINS | own
            full = bare if is_path else _path(live, manifest, path, metrics, principal)
            full = f"{full}__{grain}" if grain and not is_path else full
        found.append(sign + full)
    return found


def label_names(live: Snapshot, group_bys: Sequence[str], principal: Principal) -> dict[str, str]:
    """Give the dimension that names each entity, which its `config.meta.label_dimension` declares.

    Args:
        live: What is asked.
        group_bys: Full names; those that are no entity with a label are left out.
        principal: Who asks; a dimension that they may not see names nothing.
    """
    declared = dict(_labels(live.content))
    grant = live.permissions.grant(principal)
    found = {}
    for name in group_bys:
        label = declared.get(name.rpartition("__")[2])
        if label and (grant is None or grant.dimension(f"{name}__{label}")):
            found[name] = f"{name}__{label}"
    return found


def _path(
    live: Snapshot,
    manifest: dict[str, Any],
    name: str,
    metrics: Sequence[str],
    principal: Principal,
) -> str:
    grant = live.permissions.grant(principal)
    paths = {
        path
        for path in _dimensions(manifest)
        if path.rpartition("__")[2] == name and (grant is None or grant.dimension(path))
    }
    if len(paths) > 1:
        answers = live.definitions(principal).dimensions(metrics)
        paths &= {one.qualified_name for one in answers}
    if len(paths) > 1:
        raise MetricsStoreError(
            "several dimensions have this name",
            where=name,
            expected=f"one of {', '.join(sorted(paths))}",
        )
    return next(iter(paths), name)


def _entities(manifest: dict[str, Any]) -> Iterator[str]:
    for model in manifest["semantic_models"]:
        yield from (entity["name"] for entity in model["entities"])


def _labels(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for model in manifest["semantic_models"]:
        own = {one["name"] for one in model["dimensions"]}
        for entity in model["entities"]:
            label = ((entity.get("config") or {}).get("meta") or {}).get(_LABEL)
            if entity["type"] in _OWN and label in own:
                yield entity["name"], str(label)


def _dimensions(manifest: dict[str, Any]) -> Iterator[str]:
    for model in manifest["semantic_models"]:
        keys = {one["name"] for one in model["entities"] if one["type"] in _OWN}
        keys |= {model["primary_entity"]} if model.get("primary_entity") else set()
        yield from (f"{key}__{one['name']}" for key in keys for one in model["dimensions"])
