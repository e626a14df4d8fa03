"""The relation of a model or snapshot: its SQL, and how dbt materializes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.review.relations.dbt.model_templates import (
    Macros,
    incremental_fingerprint,
    template_fingerprint,
)
from metrics_store.review.relations.dbt.snapshot_relations import snapshot_relation
from metrics_store.review.relations.expressions.canonical_form import node_fingerprint
from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.queries.sql_text import parsed_relation
from metrics_store.review.relations.relation import OpenColumns, Rows, opaque_relation, relation
from metrics_store.review.relations.token_streams import python_tokens, template_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.review.relations.relation import Relation

_BUILT_IN = {"view", "table", "ephemeral", "incremental", "materialized_view", "snapshot"}
_OF_INCREMENTS = (
    "incremental_strategy",
    "unique_key",
    "batch_size",
    "lookback",
    "begin",
    "event_time",
    "incremental_predicates",
    "merge_update_columns",
    "merge_exclude_columns",
    "full_refresh",
)


@dataclass(frozen=True)
class ModelRelations:
    """Reads the models and snapshots of a project.

    Attributes:
        tables: Gives the relation of a table of the database.
        macros: The project's macros.
        dialect: The dialect by sqlglot's name.
    """

    tables: Callable[[exp.Table], Relation | None]
    macros: Macros
    dialect: str

    def relation(
        self,
        node: dict[str, Any],
        upstream: Sequence[Relation],
        functions: Sequence[dict[str, Any]],
    ) -> Relation:
        """Give the relation of a model or snapshot.

        Args:
            node: Its node of the manifest.
            upstream: The relations that dbt says it depends on.
            functions: The functions of the project that it calls.
        """
        found = self._by_sql(node, upstream)
        if functions:
            found = _with_added(found, [_function(each, self.dialect) for each in functions])
        if node["resource_type"] == "snapshot":
            found = snapshot_relation(node["config"], found)
        if (node["config"].get("contract") or {}).get("enforced"):
            found = _under_contract(node, found, self.dialect)
        added = _materialization(node, self.macros, self.dialect)
        if not added:
            return found
        rows = Rows(fingerprint("made", found.rows, added))
        return relation(rows, found.columns, found.open_columns, found.order)

    def _by_sql(self, node: dict[str, Any], upstream: Sequence[Relation]) -> Relation:
        above = sorted(fingerprint("above", each.whole, each.all_columns()) for each in upstream)
        if node.get("language") == "python":
            return opaque_relation(fingerprint("python", python_tokens(node["raw_code"]), above))
        found = None
        if node.get("compiled_code"):
            found = parsed_relation(node["compiled_code"], self.tables, self.dialect)
        if found is not None:
            return found
        template = template_fingerprint(node, self.macros, self.dialect)
        return opaque_relation(fingerprint("not compiled", template, above))


def _with_added(found: Relation, more: list[str]) -> Relation:
    """Add something to every fingerprint."""
    columns = {name: fingerprint("with", column, more) for name, column in found.columns.items()}
    rows = Rows(fingerprint("with", found.rows, more))
    open_columns = (
        [OpenColumns(fingerprint("with", found.all_columns(), more))] if found.open_columns else []
    )
    return relation(rows, columns, open_columns, found.order)


def _function(node: dict[str, Any], dialect: str) -> str:
    code = node.get("compiled_code") or node.get("raw_code") or ""
    arguments = json.dumps(
        [node.get("arguments"), node.get("returns")], sort_keys=True, default=str
    )
    return fingerprint("function", template_tokens(code, dialect), arguments)


def _materialization(node: dict[str, Any], macros: Macros, dialect: str) -> list[str]:
    """Give the fingerprints of how dbt materializes a query: increments, hooks, macros."""
    config = node["config"]
    added = []
    kind = str(config.get("materialized"))
    if kind == "incremental":
        strategy = config.get("incremental_strategy")
        settings = [
            f"{key} {json.dumps(config.get(key), sort_keys=True, default=str)}"
            for key in _OF_INCREMENTS
        ]
        macro_ids = macros.named([f"get_incremental_{strategy}_sql"])
        added += [
            fingerprint("increments", settings, macros.fingerprint(macro_ids)),
            incremental_fingerprint(node, macros, dialect),
        ]
    elif kind not in _BUILT_IN:
        adapters = ("default", dialect)
        macro_ids = macros.named(f"materialization_{kind}_{adapter}" for adapter in adapters)
        added.append(fingerprint("materialization", kind, macros.fingerprint(macro_ids)))
    for key in ("pre-hook", "post-hook"):
        hooks = config.get(key) or []
        if hooks:
            tokens = [template_tokens(str(hook.get("sql") or ""), dialect) for hook in hooks]
            added.append(fingerprint(key, tokens))
    return added


def _under_contract(node: dict[str, Any], found: Relation, dialect: str) -> Relation:
    """Add the types that values are cast to as they go into the table that a contract makes.

    A type without a length or precision casts nothing: dbt refuses a query of another type.
    """
    if node["config"].get("materialized") not in {"table", "incremental"}:
        return found
    columns = dict(found.columns)
    for name, column in (node.get("columns") or {}).items():
        declared = str(column.get("data_type") or "")
        if "(" in declared and name.lower() in columns:
            added = fingerprint("cast", columns[name.lower()], _type(declared, dialect))
            columns[name.lower()] = added
    return relation(found.filtered, columns, found.open_columns, found.order)


def _type(declared: str, dialect: str) -> str:
    try:
        node = exp.DataType.build(declared, dialect=dialect)
    except SqlglotError:
        return declared.lower()

    def read(each: exp.Expr) -> str:
        return node_fingerprint(each, read)

    return read(node)
