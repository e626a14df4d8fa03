"""A SELECT around a SELECT from a metric table becomes one, where both together mean one question.

Tools put a SELECT around whatever they ask. What the inner one says of the table's columns is put
in the place of its columns in the outer one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.tables.metric_tables import MetricColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.query.selects.tables.metric_tables import MetricTable

_PLAIN = {"expressions", "from_", "where"}


@dataclass(frozen=True)
class Projection:
    """What a SELECT from a metric table says of it.

    Attributes:
        table: The table in FROM.
        metrics: The metric table that it is.
        columns: The name of a column -> what it is of the table's columns.
        where: What must hold, over the table's columns.
        is_grouped: Whether it has a GROUP BY, or a call for metrics.
    """

    table: exp.Table
    metrics: MetricTable
    columns: dict[str, exp.Expr]
    where: exp.Expr | None
    is_grouped: bool


def projection_of(
    query: exp.Expr, table_of: Callable[[exp.Expr], MetricTable | None], names: list[str]
) -> Projection | None:
    """Give what a SELECT says of a metric table; none where it says more than columns and filters.

    Args:
        query: The SELECT.
        table_of: Gives the metric table that a name in FROM is.
        names: The names that its columns get around it, as in `AS t (a, b)`.
    """
    if not isinstance(query, exp.Select):
        return None
    parts = {name for name, part in query.args.items() if part not in (None, False, [])}
    source = query.args.get("from_")
    if (
        source is None
        or not parts <= _PLAIN | {"group"}
        or any(
            isinstance(one, exp.Query | exp.Window)
            and one is not query
            and not _is_source(one, source)
            for one in query.walk()
        )
    ):
        return None
    inner = source_of(source.this, table_of)
    if inner is None or (inner.is_grouped and "group" in parts):
        return None
    columns: dict[str, exp.Expr] = {}
    for node in query.expressions:
        if isinstance(node, exp.Star) or (
            isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
        ):
            columns |= inner.columns
            continue
        bare = node.this if isinstance(node, exp.Alias) else node
        columns[output_name(node)] = substituted(bare, inner.columns)
    where = query.args.get("where")
    conditions = [] if inner.where is None else [inner.where]
    if where is not None:
        if inner.is_grouped:
            return None
        conditions.append(substituted(where.this, inner.columns))
    calls = [one for node in columns.values() for one in node.walk() if _is_call(one)]
    if any(not functions.is_of_metric(one) for one in calls):
        return None
    grouped = inner.is_grouped or "group" in parts or bool(calls)
    if names:
        columns = dict(zip([*names, *list(columns)[len(names) :]], columns.values(), strict=True))
    whole = exp.and_(*conditions) if conditions else None
    return Projection(inner.table, inner.metrics, columns, whole, grouped)


def _is_source(node: exp.Expr, source: exp.From) -> bool:
    found: exp.Expr | None = node
    while found is not None and found is not source:
        found = found.parent
    return found is source


def _is_call(node: exp.Expr) -> bool:
    return isinstance(node, exp.AggFunc) or functions.is_explicit(node)


def source_of(
    node: exp.Expr, table_of: Callable[[exp.Expr], MetricTable | None]
) -> Projection | None:
    """Give what a name or a sub-select in FROM says of a metric table; none for others.

    Args:
        node: The name or the sub-select.
        table_of: Gives the metric table that a name in FROM is.
    """
    table = table_of(node)
    if table is not None:
        assert isinstance(node, exp.Table)  # noqa: S101 - only tables have names in FROM
        columns: dict[str, exp.Expr] = {name: _column(name) for name in table.columns}
        is_grouped = table.saved_query is not None
        return Projection(node, table, columns, None, is_grouped)
    if isinstance(node, exp.Subquery) and set(_said(node)) <= {"this", "alias"}:
        return projection_of(node.this, table_of, column_names(node))
    return None


def _said(node: exp.Expr) -> list[str]:
    return [name for name, part in node.args.items() if part not in (None, False, [])]


def column_names(node: exp.Expr) -> list[str]:
    """Give the names that an alias gives to columns."""
    alias = node.args.get("alias")
    return [] if alias is None else [identifier(one) for one in alias.args.get("columns") or ()]


def _column(name: str) -> exp.Column:
    return exp.Column(this=exp.Identifier(this=name, quoted=True))


def substituted(node: exp.Expr, columns: dict[str, exp.Expr]) -> exp.Expr:
    """Put what columns are in their place; a name that is none of them stays, for the error."""

    def change(one: exp.Expr) -> exp.Expr:
        if not isinstance(one, exp.Column) or isinstance(one.this, exp.Star):
            return one
        name = identifier(one.this)
        found = columns.get(name)
        if found is None:
            return _column(name)
        return found.copy() if isinstance(found, exp.Column) else exp.Paren(this=found.copy())

    return node.transform(change)


def is_metric_of(node: exp.Expr, table: MetricTable) -> MetricColumn | None:
    """Give the metric that a column of a projection is, alone or in a call; none for others."""
    while isinstance(node, exp.Paren) or functions.is_of_metric(node):
        node = functions.argument(node) if functions.is_explicit(node) else node.this
    if not isinstance(node, exp.Column):
        return None
    column = table.column(identifier(node.this))
    return column if isinstance(column, MetricColumn) else None


def substitute(select: exp.Select, columns: dict[str, exp.Expr], where: exp.Expr | None) -> None:
    """Put what columns are in their place in a SELECT, and add a condition to it."""
    projections: list[exp.Expr] = []
    for node in select.expressions:
        if isinstance(node, exp.Star) or (
            isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
        ):
            projections += [_alias(one.copy(), name) for name, one in columns.items()]
        else:
            bare = node.this if isinstance(node, exp.Alias) else node
            projections.append(_alias(substituted(bare, columns), output_name(node)))
    select.set("expressions", projections)
    names = {one.alias for one in projections}
    for part in ("group", "having"):
        if select.args.get(part) is not None:
            select.set(part, substituted(select.args[part], columns))
    for one in select.args["order"].expressions if select.args.get("order") else ():
        column = one.this
        if not (isinstance(column, exp.Column) and identifier(column.this) in names):
            one.set("this", substituted(column, columns))
    own = select.args.get("where")
    conditions = [] if where is None else [where.copy()]
    if own is not None:
        conditions.append(substituted(own.this, columns))
    if conditions:
        select.set("where", exp.Where(this=exp.and_(*conditions)))


def _alias(node: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=node, alias=exp.Identifier(this=name, quoted=True))
