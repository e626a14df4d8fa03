"""Reads queries with their common table expressions into relations."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import node_fingerprint
from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
from metrics_store.review.relations.expressions.query_scope import Input, QueryScope
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.from_clause import values_relation, with_column_names
from metrics_store.review.relations.queries.order_and_limit import limited_rows, order_fingerprint
from metrics_store.review.relations.queries.select_statement import select_relation
from metrics_store.review.relations.queries.set_operations import set_relation
from metrics_store.review.relations.relation import OpenColumns, Rows, opaque_relation, relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.relation import Relation


@dataclass
class CommonTable:
    """A common table expression: read when a query first asks for it."""

    query: exp.Expr
    alias: exp.Expr | None
    names: TableNames
    parent: QueryScope | None
    is_recursive: bool = False
    relation: Relation | None = None


@dataclass(frozen=True)
class TableNames:
    """The tables that a query may name.

    Attributes:
        dialect: The dialect of the SQL.
        tables: Gives the relation of a table of the database.
        common_tables: The common table expressions that are known here.
    """

    dialect: str
    tables: Callable[[exp.Table], Relation | None]
    common_tables: dict[str, CommonTable | Relation] = field(default_factory=dict)

    def table(self, node: exp.Table) -> Relation | None:
        """Give the relation of a table or common table expression, None where nobody knows it."""
        common_table = None if node.db else self.common_tables.get(node.name.lower())
        if common_table is None:
            return self.tables(node)
        if isinstance(common_table, CommonTable):
            if common_table.relation is None:
                common_table.relation = _common_table_relation(node.name.lower(), common_table)
            return common_table.relation
        return common_table

    def within(self, query: exp.Expr, parent: QueryScope | None) -> TableNames:
        """Give the names inside a query, which may bring its own."""
        clause = query.args.get("with_")
        if clause is None:
            return self
        names = self
        for each in clause.expressions:
            if {key for key, value in each.args.items() if value} - _COMMON_TABLE_PARTS:
                raise NotUnderstoodError
            common_table = CommonTable(
                each.this, each.args.get("alias"), names, parent, bool(clause.args.get("recursive"))
            )
            names = replace(
                names, common_tables={**names.common_tables, each.alias.lower(): common_table}
            )
        return names


_COMMON_TABLE_PARTS = {"this", "alias", "materialized"}


def query_relation(
    query: exp.Expr, names: TableNames, parent: QueryScope | None = None
) -> Relation:
    """Give the relation of a query.

    Args:
        query: A select, a set operation, a list of values, or one of them in parentheses.
        names: The tables it may name.
        parent: The scope around it, whose columns it may use.

    Raises:
        NotUnderstoodError: The query has a part whose meaning is not known.
    """
    names = names.within(query, parent)

    def inner(query: exp.Expr, parent: QueryScope | None) -> Relation:
        return query_relation(query, names, parent)

    scope = QueryScope(names.dialect, inner, parent)
    if isinstance(query, exp.Select):
        return select_relation(query, scope, names.table)
    if isinstance(query, exp.SetOperation):
        found = set_relation(query, lambda side: query_relation(side, names, parent))
    elif isinstance(query, exp.Subquery):
        found = _in_parentheses(query, names, parent)
    elif isinstance(query, exp.Values):
        return with_column_names(
            values_relation(query, ExpressionReader(scope).read), query.args.get("alias")
        )
    elif isinstance(query, exp.Table):
        star = exp.Select(expressions=[exp.Star()], from_=exp.From(this=query))
        return select_relation(star, scope, names.table)
    else:
        raise NotUnderstoodError
    return _limited(query, found, scope)


def _in_parentheses(query: exp.Subquery, names: TableNames, parent: QueryScope | None) -> Relation:
    if {key for key, value in query.args.items() if value} - _PARENTHESES_PARTS:
        raise NotUnderstoodError
    if parent is None or isinstance(query.this, exp.Table):
        return relation_or_opaque(query.this, names, parent)
    return query_relation(query.this, names, parent)


_PARENTHESES_PARTS = {"this", "alias", "with_", "order", "limit", "offset"}


def _limited(query: exp.Expr, found: Relation, scope: QueryScope) -> Relation:
    """Give what order, limit and offset leave of a query that is no select."""
    scope.inputs.append(Input("", found, ""))
    reader = ExpressionReader(scope)
    names = [exp.column(name) for name in found.columns]
    order = order_fingerprint(query, names, reader) or found.order
    rows = limited_rows(query, found.filtered, order, reader)
    return relation(rows, found.columns, found.open_columns, order)


def relation_or_opaque(
    query: exp.Expr, names: TableNames, parent: QueryScope | None = None
) -> Relation:
    """Give the relation of a query, an opaque one where the query is not understood."""
    try:
        return query_relation(query, names, parent)
    except NotUnderstoodError:
        if parent is not None:
            # It may use names from around it: what these are is known there only.
            raise
        return _opaque(query, names)


def _opaque(query: exp.Expr, names: TableNames) -> Relation:
    common_names = {each.alias.lower() for each in query.find_all(exp.CTE)}

    def read(node: exp.Expr) -> str:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            found = names.table(node)
            if found is not None:
                name = (
                    node.name.lower() if not node.db and node.name.lower() in common_names else ""
                )
                parts = [
                    [key, read(value)]
                    for key, value in sorted(node.args.items())
                    if isinstance(value, exp.Expr) and key not in {"this", "db", "catalog"}
                ]
                more = [
                    read(each) for key in ("joins", "pivots") for each in node.args.get(key) or []
                ]
                return fingerprint("table", name, found.whole, found.all_columns(), parts, more)
        if isinstance(node, exp.Identifier):
            return fingerprint("name", node.name.lower())
        return node_fingerprint(node, read)

    selected = query.selects if isinstance(query, exp.Query) else []
    is_listed = selected and not any(each.is_star for each in selected)
    listed = [each.output_name.lower() for each in selected if each.output_name]
    return opaque_relation(fingerprint("opaque", read(query)), listed if is_listed else [])


def _common_table_relation(name: str, common_table: CommonTable) -> Relation:
    names = common_table.names
    if common_table.is_recursive and any(
        each.name.lower() == name and not each.db for each in common_table.query.find_all(exp.Table)
    ):
        return with_column_names(_recursive_relation(name, common_table), common_table.alias)
    return with_column_names(
        relation_or_opaque(common_table.query, names, common_table.parent), common_table.alias
    )


def _recursive_relation(name: str, common_table: CommonTable) -> Relation:
    """Give the relation of a query that reads itself: each column is made of all of it."""
    query = common_table.query
    if not isinstance(query, exp.Union):
        raise NotUnderstoodError
    start = relation_or_opaque(query.this, common_table.names, common_table.parent)
    column_names = (
        common_table.alias.args.get("columns") if common_table.alias is not None else None
    )
    columns = [each.name.lower() for each in column_names] if column_names else list(start.columns)
    before = fingerprint("rows of the step before")
    itself = relation(
        Rows(before),
        {column: fingerprint("step before", place) for place, column in enumerate(columns)},
        [OpenColumns(before)] if start.open_columns else [],
    )
    inside = replace(
        common_table.names, common_tables={**common_table.names.common_tables, name: itself}
    )
    step = relation_or_opaque(query.expression, inside, common_table.parent)
    whole = fingerprint(
        "recursive",
        [[each.rows, each.values()] for each in (start, step)],
        str(bool(query.args.get("distinct"))),
        [str(query.args.get(key) or "") for key in ("order", "limit", "offset")],
    )
    return relation(
        Rows(whole),
        {
            column: fingerprint("recursive column", whole, place)
            for place, column in enumerate(start.columns)
        },
        [OpenColumns(whole)] if start.open_columns else [],
    )
