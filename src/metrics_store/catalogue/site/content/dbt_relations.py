"""Models, seeds, snapshots, sources and exposures from dbt's manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS = ("model", "seed", "snapshot", "source")


@dataclass(frozen=True)
class Relation:
    """One table or view that dbt knows.

    Attributes:
        unique_id: dbt's own name for it.
        name: What people call it.
        kind: `model`, `seed`, `snapshot` or `source`.
        description: What it holds, in words.
        file: Where it is defined, below the project.
        materialized: How it is kept, such as `table`; empty for sources.
        upstream: What it is made of, by unique id.
    """

    unique_id: str
    name: str
    kind: str
    description: str = ""
    file: str = ""
    materialized: str = ""
    upstream: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exposure:
    """What dbt was told that people use.

    Attributes:
        name: Its name, or its label where it has one.
        type: Such as `dashboard`.
        owner: Who answers for it.
        description: What it is.
        url: Where it is; empty where that is no web address.
        needs: Unique ids of what it depends on.
    """

    name: str
    type: str
    owner: str
    description: str
    url: str
    needs: frozenset[str]


@dataclass(frozen=True)
class Relations:
    """All of a project's, out of dbt's manifest.

    Attributes:
        by_id: Unique id -> relation.
        of_models: Semantic model -> unique id of the relation that it describes.
        metric_ids: Metric -> unique id.
        saved_query_ids: Saved query -> unique id.
        metric_files: Metric -> the file that defines it.
        exposures: What people use, by name.
    """

    by_id: Mapping[str, Relation]
    of_models: Mapping[str, str]
    metric_ids: Mapping[str, str]
    saved_query_ids: Mapping[str, str]
    metric_files: Mapping[str, str]
    exposures: tuple[Exposure, ...]
    downstream: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, name: str) -> Relation | None:
        """Give the model of a name, such as that of an export."""
        return next(
            (one for one in self.by_id.values() if one.name == name and one.kind == "model"), None
        )

    def upstream_of(self, unique_ids: Iterable[str]) -> set[str]:
        """Give all that relations are made of, themselves included."""
        return _reach(unique_ids, lambda one: self.by_id[one].upstream)

    def downstream_of(self, unique_ids: Iterable[str]) -> set[str]:
        """Give all that is made of relations, themselves included."""
        return _reach(unique_ids, lambda one: self.downstream.get(one, ()))


def _reach(start: Iterable[str], further: Any) -> set[str]:  # noqa: ANN401 - a function
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for one in further(waiting.pop()):
            if one not in reached:
                reached.add(one)
                waiting.append(one)
    return reached


def read_relations(manifest: dict[str, Any]) -> Relations:
    """Read dbt's manifest."""
    found = {}
    for node in [*manifest["nodes"].values(), *manifest["sources"].values()]:
        if node["resource_type"] in KINDS:
            found[node["unique_id"]] = node
    by_id = {
        one: _relation(node, [id_ for id_ in _needs(node) if id_ in found])
        for one, node in sorted(found.items())
    }
    downstream: dict[str, list[str]] = {}
    for relation in by_id.values():
        for one in relation.upstream:
            downstream.setdefault(one, []).append(relation.unique_id)
    return Relations(
        by_id=by_id,
        of_models={
            model["name"]: next((one for one in _needs(model) if one in by_id), "")
            for model in manifest["semantic_models"].values()
        },
        metric_ids=_ids(manifest["metrics"]),
        saved_query_ids=_ids(manifest["saved_queries"]),
        metric_files={
            one["name"]: one["original_file_path"] for one in manifest["metrics"].values()
        },
        exposures=tuple(
            sorted(map(_exposure, manifest["exposures"].values()), key=lambda one: one.name)
        ),
        downstream={one: tuple(sorted(made)) for one, made in downstream.items()},
    )


def _ids(nodes: dict[str, Any]) -> dict[str, str]:
    return {node["name"]: unique_id for unique_id, node in nodes.items()}


def _needs(node: dict[str, Any]) -> list[str]:
    return sorted(set((node.get("depends_on") or {}).get("nodes") or []))


def _relation(node: dict[str, Any], upstream: list[str]) -> Relation:
    is_source = node["resource_type"] == "source"
    return Relation(
        unique_id=node["unique_id"],
        name=f"{node['source_name']}.{node['name']}" if is_source else node["name"],
        kind=node["resource_type"],
        description=node.get("description") or "",
        file=node.get("original_file_path") or "",
        materialized="" if is_source else (node.get("config") or {}).get("materialized") or "",
        upstream=tuple(upstream),
    )


def _exposure(node: dict[str, Any]) -> Exposure:
    owner = node.get("owner") or {}
    url = node.get("url") or ""
    return Exposure(
        name=node.get("label") or node["name"],
        type=node.get("type") or "",
        owner=owner.get("name") or _text(owner.get("email")),
        description=node.get("description") or "",
        url=url if url.startswith(("https://", "http://")) else "",
        needs=frozenset(_needs(node)),
    )


def _text(given: object) -> str:
    return ", ".join(map(str, given)) if isinstance(given, list) else str(given or "")
