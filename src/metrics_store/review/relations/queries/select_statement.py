"""A select: from its inputs, conditions, groups and list to a relation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.expression_reader import Reading
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.joins import join_inputs
from metrics_store.review.relations.queries.order_and_limit import limited, order_of
from metrics_store.review.relations.queries.row_groups import grouped_by, groups
from metrics_store.review.relations.queries.select_list import aliases, multiplied, project
from metrics_store.review.relations.relation import Rows, relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.expressions.query_scope import Scope
    from metrics_store.review.relations.queries.output_columns import Output
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
    select: exp.Select, scope: Scope, table: Callable[[exp.Table], Relation | None]
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
    reading = Reading(scope, windows={each.name.lower(): each for each in _windows(select)})
    reading = replace(reading, rows=rows.fingerprint, window_rows=rows.fingerprint, order=order)

    if scope.dialect != "postgres":
        reading = replace(reading, aliases=aliases(select, lambda: reading))
    if select.args.get("where"):
        rows = rows.where(reading.conditions(select.args["where"].this))
        reading = replace(reading, rows=rows.fingerprint, window_rows=rows.fingerprint)
        reading = replace(reading, aliases=aliases(select, lambda: reading))
    return _after_where(select, scope, rows, order, reading)


def _windows(select: exp.Select) -> list[exp.Window]:
    return select.args.get("windows") or []


def _after_where(
    select: exp.Select, scope: Scope, rows: Rows, order: str, reading: Reading
) -> Relation:
    # Until its groups are known, an aggregate in the select list is told by the rows alone.
    grouped = groups(select, replace(reading, aliases=aliases(select, lambda: reading)), rows)
    if grouped is not None:
        rows = grouped.rows
        reading = replace(reading, rows=grouped.seen, window_rows=rows.fingerprint)
        order = ""

    named = aliases(select, lambda: reading)
    both = replace(reading, aliases=named, alias_or_column="either")
    if select.args.get("having"):
        rows = rows.where(both.conditions(select.args["having"].this))
        reading = replace(reading, window_rows=rows.fingerprint)
        both = replace(both, window_rows=rows.fingerprint)
    if scope.dialect == "postgres":
        reading = replace(reading, aliases={})

    output = project(select, reading)
    if grouped is not None and grouped.is_by_sets:
        _as_of_sets(output, rows)
    rows = multiplied(select, rows, reading)
    if select.args.get("qualify"):
        rows = rows.where(both.conditions(select.args["qualify"].this))

    ordering = replace(reading, aliases=named, alias_or_column="alias")
    order = order_of(select, select.expressions, ordering) or order
    rows = _distinct(select, rows, order, output, both)
    rows = limited(select, rows, order, reading)
    return relation(rows, output.columns, output.openings, order)


def _as_of_sets(output: Output, rows: Rows) -> None:
    for name, column in output.columns.items():
        output.columns[name] = fingerprint("of grouping sets", rows.fingerprint, column)


def _distinct(select: exp.Select, rows: Rows, order: str, output: Output, reading: Reading) -> Rows:
    distinct = select.args.get("distinct")
    if not distinct:
        return rows
    keys = distinct.args.get("on")
    if keys is not None:
        nodes = keys.expressions if isinstance(keys, exp.Tuple) else [keys]
        found = sorted({reading.read(node) for node in nodes})
        return Rows(fingerprint("distinct on", rows.fingerprint, found, order))
    openings = [fingerprint("opening", each.base, each.tags) for each in output.openings]
    return grouped_by(rows, [*output.columns.values(), *openings])
