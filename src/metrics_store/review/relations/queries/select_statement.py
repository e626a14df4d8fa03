"""Reads a select, clause by clause, into a relation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.joins import join_inputs
from metrics_store.review.relations.queries.order_and_limit import limited_rows, order_fingerprint
from metrics_store.review.relations.queries.row_groups import grouped_by, groups
from metrics_store.review.relations.queries.select_list import aliases, multiplied_rows, project
from metrics_store.review.relations.relation import Rows, relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.expressions.query_scope import QueryScope
    from metrics_store.review.relations.queries.output_columns import OutputColumns
    from metrics_store.review.relations.relation import Relation

_PARTS = {
    "with_",
    "expressions",
    "distinct",
    "from_",
    "laterals",
    "joins",
    "where",
    "group",
    "having",
    "qualify",
    "windows",
    "order",
    "limit",
    "offset",
    "locks",
    "sample",
}


def select_relation(
    select: exp.Select, scope: QueryScope, table: Callable[[exp.Table], Relation | None]
) -> Relation:
    """Give the relation of a select.

    Args:
        select: The select.
        scope: Its scope, without inputs yet.
        table: Gives the relation of a table or common table expression.
    """
    if {key for key, value in select.args.items() if value} - _PARTS:
        raise NotUnderstoodError
    first = select.args["from_"].this if select.args.get("from_") else None
    joins = [*(select.args.get("laterals") or []), *(select.args.get("joins") or [])]
    rows, order = join_inputs(first, joins, scope, table)
    reader = ExpressionReader(scope, windows={each.name.lower(): each for each in _windows(select)})
    reader = replace(reader, rows=rows.fingerprint, window_rows=rows.fingerprint, order=order)

    if scope.dialect != "postgres":
        reader = replace(reader, aliases=aliases(select, lambda: reader))
    if select.args.get("where"):
        rows = rows.where(reader.conditions(select.args["where"].this))
        reader = replace(reader, rows=rows.fingerprint, window_rows=rows.fingerprint)
        reader = replace(reader, aliases=aliases(select, lambda: reader))
    return _after_where(select, scope, rows, order, reader)


def _windows(select: exp.Select) -> list[exp.Window]:
    return select.args.get("windows") or []


def _after_where(
    select: exp.Select, scope: QueryScope, rows: Rows, order: str, reader: ExpressionReader
) -> Relation:
    # Until its groups are known, an aggregate in the select list is told by the rows alone.
    grouped = groups(select, replace(reader, aliases=aliases(select, lambda: reader)), rows)
    if grouped is not None:
        rows = grouped.rows
        reader = replace(reader, rows=grouped.aggregated, window_rows=rows.fingerprint)
        order = ""

    named = aliases(select, lambda: reader)
    both = replace(reader, aliases=named, alias_or_column="either")
    if select.args.get("having"):
        rows = rows.where(both.conditions(select.args["having"].this))
        reader = replace(reader, window_rows=rows.fingerprint)
        both = replace(both, window_rows=rows.fingerprint)
    if scope.dialect == "postgres":
        reader = replace(reader, aliases={})

    output = project(select, reader)
    if grouped is not None and grouped.is_by_sets:
        _as_of_sets(output, rows)
    rows = multiplied_rows(select, rows, reader)
    if select.args.get("qualify"):
        rows = rows.where(both.conditions(select.args["qualify"].this))

    ordering = replace(reader, aliases=named, alias_or_column="alias")
    order = order_fingerprint(select, select.expressions, ordering) or order
    rows = _distinct(select, rows, order, output, both)
    rows = limited_rows(select, rows, order, reader)
    return relation(rows, output.columns, output.open_columns, order)


def _as_of_sets(output: OutputColumns, rows: Rows) -> None:
    for name, column in output.columns.items():
        output.columns[name] = fingerprint("of grouping sets", rows.fingerprint, column)


def _distinct(
    select: exp.Select, rows: Rows, order: str, output: OutputColumns, reader: ExpressionReader
) -> Rows:
    distinct = select.args.get("distinct")
    if not distinct:
        return rows
    keys = distinct.args.get("on")
    if keys is not None:
        nodes = keys.expressions if isinstance(keys, exp.Tuple) else [keys]
        found = sorted({reader.read(node) for node in nodes})
        return Rows(fingerprint("distinct on", rows.fingerprint, found, order))
    open_columns = [fingerprint("opening", each.base, each.tags) for each in output.open_columns]
    return grouped_by(rows, [*output.columns.values(), *open_columns])
