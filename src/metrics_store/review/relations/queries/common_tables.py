"""Queries with their common table expressions: each gets its relation once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import generic
from metrics_store.review.relations.expressions.expression_reader import Reading
from metrics_store.review.relations.expressions.query_scope import Input, Scope
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.from_clause import renamed, values
from metrics_store.review.relations.queries.order_and_limit import limited, order_of
from metrics_store.review.relations.queries.select_statement import select_relation
from metrics_store.review.relations.queries.set_operations import set_relation
from metrics_store.review.relations.relation import Opening, Rows, opaque_relation, relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.relation import Relation


@dataclass
class Named:
    """A common table expression: read when a query first asks for it."""

    query: exp.Expr
    alias: exp.Expr | None
    names: Names
    parent: Scope | None
    is_recursive: bool = False
    found: Relation | None = None


@dataclass(frozen=True)
class Names:
    """The tables that a query may name.

    Attributes:
        dialect: The dialect of the SQL.
        tables: Gives the relation of a table of the database.
        named: The common table expressions that are known here.
    """

    dialect: str
    tables: Callable[[exp.Table], Relation | None]
    named: dict[str, Named | Relation] = field(default_factory=dict)

    def table(self, node: exp.Table) -> Relation | None:
        """Give the relation of a table or common table expression, None where nobody knows it."""
        named = None if node.db else self.named.get(node.name.lower())
        if named is None:
            return self.tables(node)
        if isinstance(named, Named):
            if named.found is None:
                named.found = _named_relation(node.name.lower(), named)
            return named.found
        return named

    def within(self, query: exp.Expr, parent: Scope | None) -> Names:
        """Give the names inside a query, which may bring its own."""
        clause = query.args.get("with_")
        if clause is None:
            return self
        names = self
        for each in clause.expressions:
            if {key for key, value in each.args.items() if value} - _PARTS_OF_A_NAMED_QUERY:
                raise NotUnderstoodError
            named = Named(
                each.this, each.args.get("alias"), names, parent, bool(clause.args.get("recursive"))
            )
            names = replace(names, named={**names.named, each.alias.lower(): named})
        return names


_PARTS_OF_A_NAMED_QUERY = {"this", "alias", "materialized"}


def query_relation(query: exp.Expr, names: Names, parent: Scope | None = None) -> Relation:
    """Give the relation of a query.

    Args:
        query: A select, a set operation, a list of values, or one of them in parentheses.
        names: The tables it may name.
        parent: The scope around it, whose columns it may use.

    Raises:
        NotUnderstoodError: The query has a part whose meaning is not known.
    """
    names = names.within(query, parent)

    def inner(query: exp.Expr, parent: Scope | None) -> Relation:
        return query_relation(query, names, parent)

    scope = Scope(names.dialect, inner, parent)
    if isinstance(query, exp.Select):
        return select_relation(query, scope, names.table)
    if isinstance(query, exp.SetOperation):
        found = set_relation(query, lambda side: query_relation(side, names, parent))
    elif isinstance(query, exp.Subquery):
        found = _in_parentheses(query, names, parent)
    elif isinstance(query, exp.Values):
        return renamed(values(query, Reading(scope).read), query.args.get("alias"))
    elif isinstance(query, exp.Table):
        star = exp.Select(expressions=[exp.Star()], from_=exp.From(this=query))
        return select_relation(star, scope, names.table)
    else:
        raise NotUnderstoodError
    return _limited(query, found, scope)


def _in_parentheses(query: exp.Subquery, names: Names, parent: Scope | None) -> Relation:
    if {key for key, value in query.args.items() if value} - _PARTS_OF_PARENTHESES:
        raise NotUnderstoodError
    if parent is None or isinstance(query.this, exp.Table):
        return understood(query.this, names, parent)
    return query_relation(query.this, names, parent)


_PARTS_OF_PARENTHESES = {"this", "alias", "with_", "order", "limit", "offset"}


def _limited(query: exp.Expr, found: Relation, scope: Scope) -> Relation:
    """Give what order, limit and offset leave of a query that is no select."""
    scope.inputs.append(Input("", found, ""))
    reading = Reading(scope)
    names = [exp.column(name) for name in found.columns]
    order = order_of(query, names, reading) or found.order
    rows = limited(query, found.filtered, order, reading)
    return relation(rows, found.columns, found.openings, order)


def understood(query: exp.Expr, names: Names, parent: Scope | None = None) -> Relation:
    """Give the relation of a query, or of all that it is made of where it is not understood."""
    try:
        return query_relation(query, names, parent)
    except NotUnderstoodError:
        if parent is not None:
            # It may use names from around it: what these are is known there only.
            raise
        return _opaque(query, names)


def _opaque(query: exp.Expr, names: Names) -> Relation:
    own = {each.alias.lower() for each in query.find_all(exp.CTE)}

    def read(node: exp.Expr) -> str:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            found = names.table(node)
            if found is not None:
                name = node.name.lower() if not node.db and node.name.lower() in own else ""
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
        return generic(node, read)

    selected = query.selects if isinstance(query, exp.Query) else []
    is_listed = selected and not any(each.is_star for each in selected)
    listed = [each.output_name.lower() for each in selected if each.output_name]
    return opaque_relation(fingerprint("opaque", read(query)), listed if is_listed else [])


def _named_relation(name: str, named: Named) -> Relation:
    names = named.names
    if named.is_recursive and any(
        each.name.lower() == name and not each.db for each in named.query.find_all(exp.Table)
    ):
        return renamed(_recursive(name, named), named.alias)
    return renamed(understood(named.query, names, named.parent), named.alias)


def _recursive(name: str, named: Named) -> Relation:
    """Give the relation of a query that reads itself: each column is made of all of it."""
    query = named.query
    if not isinstance(query, exp.Union):
        raise NotUnderstoodError
    start = understood(query.this, named.names, named.parent)
    given = named.alias.args.get("columns") if named.alias is not None else None
    columns = [each.name.lower() for each in given] if given else list(start.columns)
    before = fingerprint("rows of the step before")
    itself = relation(
        Rows(before),
        {column: fingerprint("step before", place) for place, column in enumerate(columns)},
        [Opening(before)] if start.openings else [],
    )
    inside = replace(named.names, named={**named.names.named, name: itself})
    step = understood(query.expression, inside, named.parent)
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
        [Opening(whole)] if start.openings else [],
    )
