"""The inputs in `from` and `join`: tables, queries, functions, lists of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp

from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.relation import OpenColumns, Rows, relation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.review.relations.expressions.query_scope import QueryScope
    from metrics_store.review.relations.relation import Relation

_Read: TypeAlias = "Callable[[exp.Expr], str]"

_TABLE_PARTS = {"this", "db", "catalog", "alias", "joins", "sample", "ordinality", "laterals"}


def alias_of(node: exp.Expr) -> str:
    """Give the lower-case name under which an input is known, "" where it has none."""
    if isinstance(node, exp.Subquery) and not node.alias and isinstance(node.this, exp.Table):
        return ""
    return (node.alias_or_name or "").lower()


def input_relation(
    node: exp.Expr, scope: QueryScope, table: Callable[[exp.Table], Relation | None]
) -> Relation:
    """Give the relation of one input.

    Args:
        node: The input as it stands in the query.
        scope: The inputs before it, which it may use where it is lateral.
        table: Gives the relation of a table or common table expression.
    """
    read = ExpressionReader(scope).read
    if isinstance(node, exp.Lateral):
        found = _lateral(node.this, scope, table)
        extra = [str(node.args.get(each) or "") for each in ("outer", "view", "cross_apply")]
        if any(extra) or node.args.get("ordinality"):
            raise NotUnderstoodError
    elif isinstance(node, exp.Subquery):
        # Where the word is needed, a query without it sees nothing of what stands before it.
        is_lateral = scope.dialect != "postgres"
        found = scope.read_query(node, scope if is_lateral else scope.parent)
    elif isinstance(node, exp.Values):
        found = values_relation(node, read)
    elif isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        found = _table(node, read, table)
    elif isinstance(node, exp.Table):
        _require_known_parts(node)
        found = _function(node.this, [node.args.get(key) for key in ("ordinality", "sample")], read)
    else:
        found = _function(node, [node.args.get("offset")], read)
    return with_column_names(found, node.args.get("alias"))


def _lateral(
    node: exp.Expr, scope: QueryScope, table: Callable[[exp.Table], Relation | None]
) -> Relation:
    if isinstance(node, exp.Subquery):
        return with_column_names(scope.read_query(node, scope), node.args.get("alias"))
    return input_relation(node, scope, table)


def with_column_names(found: Relation, alias: exp.Expr | None) -> Relation:
    """Give a relation under the names of columns that an alias gives, as in `as t(a, b)`."""
    names = [each.name.lower() for each in alias.args.get("columns") or []] if alias else []
    if not names:
        return found
    old = list(found.columns.items())
    if found.open_columns:
        positions = {
            name: fingerprint("position", place, found.whole, found.all_columns())
            for place, name in enumerate(names)
        }
        return relation(found.filtered, positions, found.open_columns, found.order)
    columns = {
        names[place] if place < len(names) else name: column
        for place, (name, column) in enumerate(old)
    }
    return relation(found.filtered, columns, order=found.order)


def values_relation(node: exp.Values, read: _Read) -> Relation:
    """Give the relation of a list of values: a row each, known by its place."""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
    width = min(len(row) for row in rows)
    columns = {
        f"col{place}": fingerprint("values", [read(row[place]) for row in rows])
        for place in range(width)
    }
    return relation(Rows(fingerprint("values", len(rows))), columns, order="as listed")


def _table(node: exp.Table, read: _Read, table: Callable[[exp.Table], Relation | None]) -> Relation:
    _require_known_parts(node)
    found = table(node)
    if found is None:
        # Nobody knows it: it is what it is called, whatever the database.
        named = fingerprint("table", node.args["db"].name.lower() if node.db else "", node.name)
        found = relation(Rows(named), {}, [OpenColumns(named)])
    sample = node.args.get("sample")
    if sample is None:
        return found
    rows = Rows(fingerprint("sample", found.rows, read(sample)))
    return relation(rows, found.columns, found.open_columns, found.order)


def _require_known_parts(node: exp.Table) -> None:
    if {key for key, value in node.args.items() if value} - _TABLE_PARTS:
        raise NotUnderstoodError


def _function(node: exp.Expr, parts: Sequence[exp.Expr | bool | None], read: _Read) -> Relation:
    fingerprints = [
        read(part) if isinstance(part, exp.Expr) else str(part) for part in parts if part
    ]
    alias = node.args.get("alias")
    if alias is not None:
        node = node.copy()
        node.set("alias", None)
    found = fingerprint("function", read(node), fingerprints)
    return relation(Rows(found), {}, [OpenColumns(found)], order=found)
