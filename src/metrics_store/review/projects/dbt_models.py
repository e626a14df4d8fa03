"""The models that definitions read, and what their SQL means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metrics_store.review.relations import Relation

_TABLES = ("model", "seed", "snapshot", "source")


@dataclass(frozen=True)
class Model:
    """A model, seed, snapshot or source.

    Attributes:
        identity: dbt's unique id.
        name: Its name.
        kind: `model`, `seed`, `snapshot` or `source`.
        file: Where it is defined, below the project.
        sql: What dbt made of it; empty for what is no query.
        rows: The fingerprint of which rows there are.
        columns: Column -> the fingerprint of its values, where columns are known.
        whole: The fingerprint of everything in it.
        reads: What it reads directly.
    """

    identity: str
    name: str
    kind: str
    file: str
    sql: str
    rows: str
    columns: dict[str, str]
    whole: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Models:
    """All models of a project by dbt's unique id."""

    by_identity: dict[str, Model] = field(default_factory=dict)

    def upstream(self, identities: Iterable[str]) -> list[Model]:
        """Give these models and all that they are made of."""
        found: dict[str, Model] = {}
        waiting = list(identities)
        while waiting:
            identity = waiting.pop()
            if identity in self.by_identity and identity not in found:
                found[identity] = self.by_identity[identity]
                waiting += self.by_identity[identity].reads
        return list(found.values())


def read_models(manifest: dict[str, Any], relations: Mapping[str, Relation]) -> Models:
    """Read the models out of dbt's manifest.

    Args:
        manifest: dbt's `manifest.json`.
        relations: What the SQL of each means, by unique id.
    """
    found = {}
    for part in ("nodes", "sources"):
        for identity, node in manifest.get(part, {}).items():
            if identity in relations and node["resource_type"] in _TABLES:
                relation = relations[identity]
                found[identity] = Model(
                    identity=identity,
                    name=node["name"],
                    kind=node["resource_type"],
                    file=node.get("original_file_path", ""),
                    sql=node.get("compiled_code") or node.get("raw_code") or "",
                    rows=relation.rows,
                    columns=dict(relation.columns),
                    whole=relation.whole,
                    reads=tuple((node.get("depends_on") or {}).get("nodes") or ()),
                )
    return Models(found)


def of_relation(manifest: dict[str, Any]) -> dict[str, str]:
    """Give the unique id of each relation that a model makes, by the relation's name."""
    return {
        node["relation_name"].lower(): identity
        for part in ("nodes", "sources")
        for identity, node in manifest.get(part, {}).items()
        if node.get("relation_name")
    }
