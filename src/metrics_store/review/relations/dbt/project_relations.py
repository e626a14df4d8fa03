"""The relations of a dbt project: of every source, seed, snapshot and model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.review.relations.dbt.model_relations import ModelRelations
from metrics_store.review.relations.dbt.model_templates import Macros
from metrics_store.review.relations.dbt.seed_relations import read_seed
from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.relation import source_relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from metrics_store.review.relations.relation import Relation

_KINDS = ("model", "seed", "snapshot")

# The table that a model itself is, in its own SQL.
_ITSELF = source_relation(fingerprint("this"))


def project_relations(
    manifest: dict[str, Any],
    dialect: str,
    files: Path | None = None,
    *,
    by_content: bool = True,
    variables: Mapping[str, Any] | None = None,
) -> dict[str, Relation]:
    """Give what every relation of a project means.

    Args:
        manifest: dbt's manifest, best of `dbt compile`; of `dbt parse`, models are told by their
            templates.
        dialect: The dialect by sqlglot's name.
        files: The dbt project, for its seeds; without it they are looked for where dbt saw them.
        by_content: Whether seeds are read, or only told by their checksums.
        variables: The project's variables, for what compiled SQL does not show: the branch of an
            incremental run.

    Returns:
        The relations of the sources, seeds, snapshots and models by unique id.
    """
    macros = Macros(manifest, dialect, variables)
    return _ProjectRelations(manifest, dialect, files, macros, by_content=by_content).relations()


class _ProjectRelations:
    def __init__(
        self,
        manifest: dict[str, Any],
        dialect: str,
        files: Path | None,
        macros: Macros,
        *,
        by_content: bool,
    ) -> None:
        self._manifest = manifest
        self._files = files
        self._by_content = by_content
        self._dialect = dialect
        self._models = ModelRelations(self._table, macros, dialect)
        self._nodes = {
            key: node
            for key, node in {**manifest["nodes"], **manifest["sources"]}.items()
            if node["resource_type"] in {*_KINDS, "source"}
        }
        self._found: dict[str, Relation] = {}
        self._ids = self._ids_by_name()

    def relations(self) -> dict[str, Relation]:
        for key in self._in_order():
            self._relation(key)
        return self._found

    def _ids_by_name(self) -> dict[tuple[str, ...], str]:
        """Give the ids by the last two and all three parts of the relations' names."""
        ids: dict[tuple[str, ...], str] = {}
        for key, node in self._nodes.items():
            name = node.get("relation_name")
            if not name:
                continue
            try:
                parts = _parts(exp.to_table(name, dialect=self._dialect))
            except SqlglotError:
                continue
            ids[parts] = key
            ids.setdefault(parts[1:], key)
        return ids

    def _in_order(self) -> Iterator[str]:
        """Give the ids so that each comes after those it depends on."""
        visited: set[str] = set()
        for start in self._nodes:
            waiting = [(start, False)]
            while waiting:
                key, is_done = waiting.pop()
                if is_done:
                    yield key
                elif key in self._nodes and key not in visited:
                    visited.add(key)
                    waiting.append((key, True))
                    waiting += [(each, False) for each in self._upstream(key)]

    def _upstream(self, key: str) -> list[str]:
        return list((self._nodes[key].get("depends_on") or {}).get("nodes") or [])

    def _relation(self, key: str) -> Relation:
        if key not in self._found:
            # A model that names itself, directly or by a table that dbt does not know of.
            self._found[key] = _ITSELF
            self._found[key] = self._read(key)
        return self._found[key]

    def _read(self, key: str) -> Relation:
        node = self._nodes[key]
        if node["resource_type"] == "source":
            return source_relation(fingerprint("table of a source", _identity(node)))
        if node["resource_type"] == "seed":
            return read_seed(node, self._files, by_content=self._by_content)
        upstream = [self._relation(each) for each in self._upstream(key) if each in self._nodes]
        functions = [
            self._manifest.get("functions", {})[each]
            for each in self._upstream(key)
            if each in self._manifest.get("functions", {})
        ]
        return self._models.relation(node, upstream, functions)

    def _table(self, table: exp.Table) -> Relation | None:
        key = self._ids.get(_parts(table))
        return None if key is None else self._relation(key)


def _parts(table: exp.Table) -> tuple[str, ...]:
    names = [part.name.lower() for part in table.parts]
    return tuple(names) if len(names) > 2 else ("", *names)[-2:]  # noqa: PLR2004


def _identity(source: dict[str, Any]) -> list[str]:
    """Give which table a source is, as the project says it, wherever the environment puts it."""
    table = str(source.get("identifier") or source["name"])
    if "unrendered_schema" not in source:
        return [source["source_name"], table]
    schema = source["unrendered_schema"] or source["source_name"]
    return [str(source.get("unrendered_database") or ""), str(schema), table]
