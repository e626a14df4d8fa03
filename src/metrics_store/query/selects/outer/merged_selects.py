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
from metrics_store.query.selects.outer.select_parts import aggregates, columns_in, said
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
        is_open: Whether it has all columns of the table, also those that the table does not list.
    """

    table: exp.Table
    metrics: MetricTable
    columns: dict[str, exp.Expr]
    where: exp.Expr | None
    is_grouped: bool
    is_open: bool = False

    @property
    def selects_metrics(self) -> bool:
        """Whether it has metrics."""
        return bool(self.metrics_in(exp.Tuple(expressions=[*map(_column, self.columns)])))

    def metrics_in(self, node: exp.Expr) -> list[MetricColumn]:
        """Give the metrics that its columns in an expression around it are."""
        names = [identifier(one.this) for one in node.find_all(exp.Column)]
        columns = [self.columns[name] for name in names if name in self.columns]
        parts = [part for one in columns for part in one.find_all(exp.Column)]
        known = [self.metrics.column(identifier(one.this)) for one in parts]
        return [one for one in known if isinstance(one, MetricColumn)]

    def knows_columns(self, around: exp.Select, *, own: frozenset[str] = frozenset()) -> bool:
        """Whether each column of a SELECT around it is one of its own.

        Args:
            around: The SELECT.
            own: What GROUP BY and ORDER BY may name as well.
        """
        return self.is_open or all(
            identifier(one.this) in self.columns
            or isinstance(one.this, exp.Star)
            or (part in ("group", "order") and identifier(one.this) in own)
            for part, one in columns_in(around)
        )


def projection_of(
    query: exp.Expr, table_of: Callable[[exp.Expr], MetricTable | None], names: list[str]
) -> Projection | None:
    """Give what a SELECT says of a metric table; none where it says more than columns and filters.

    Args:
        query: The SELECT.
        table_of: Gives the metric table that a name in FROM is.
        names: The names that its columns get around it, as in `AS t (a, b)`.
    """
    source = query.args.get("from_")
    if not isinstance(query, exp.Select) or source is None or not _is_plain(query, source):
        return None
    inner = source_of(source.this, table_of)
    # PostgreSQL says which column there is not, or it is one of this SELECT's own.
    if inner is None or not inner.knows_columns(query):
        return None
    where, groups = query.args.get("where"), "group" in said(query)
    if inner.is_grouped and (groups or where is not None):
        return None
    columns, is_open = _columns(query, inner)
    conditions = [] if inner.where is None else [inner.where]
    if where is not None:
        conditions.append(substituted(where.this, inner.columns))
    calls = [one for node in columns.values() for one in node.walk() if aggregates(one)]
    found = Projection(
        inner.table,
        inner.metrics,
        dict(zip([*names, *list(columns)[len(names) :]], columns.values(), strict=True)),
        exp.and_(*conditions) if conditions else None,
        inner.is_grouped or groups or bool(calls),
        is_open,
    )
    # The rows of metrics are theirs; the values of a dimension alone are all that it has.
    drops = not inner.is_open and inner.selects_metrics and not found.selects_metrics
    return None if drops or not all(map(functions.is_of_metric, calls)) else found


def _is_plain(query: exp.Select, source: exp.From) -> bool:
    """Whether a SELECT says no more than columns and filters, of one source."""
    return set(said(query)) <= _PLAIN | {"group"} and all(
        one is query or _is_source(one, source)
        for one in query.walk()
        if isinstance(one, exp.Query | exp.Window)
    )


def _columns(query: exp.Select, inner: Projection) -> tuple[dict[str, exp.Expr], bool]:
    """Give what the columns of a SELECT are of the table's, and whether it has all of them."""
    columns: dict[str, exp.Expr] = {}
    is_open = False
    for node in query.expressions:
        if isinstance(node, exp.Star) or (
            isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
        ):
            columns |= inner.columns
            is_open = inner.is_open
            continue
        bare = node.this if isinstance(node, exp.Alias) else node
        columns[output_name(node)] = substituted(bare, inner.columns)
    return columns, is_open


def _is_source(node: exp.Expr, source: exp.From) -> bool:
    found: exp.Expr | None = node
    while found is not None and found is not source:
        found = found.parent
    return found is source


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
        return Projection(node, table, columns, None, is_grouped, is_open=True)
    if isinstance(node, exp.Subquery) and set(said(node)) <= {"this", "alias"}:
        return projection_of(node.this, table_of, column_names(node))
    return None


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
    group: exp.Group | None = select.args.get("group")
    having: exp.Having | None = select.args.get("having")
    if group is not None:
        # A name is a column of the SELECT within, before it is one of this.
        own = {one.alias: one.this for one in reversed(projections)}
        select.set("group", substituted(group, {**own, **columns}))
    if having is not None:
        select.set("having", substituted(having, columns))
    for one in select.args["order"].expressions if select.args.get("order") else ():
        node = one.this
        is_own = isinstance(node, exp.Column) and not node.args.get("table")
        if not (is_own and identifier(node.this) in names):
            one.set("this", substituted(node, columns))
    outer = select.args.get("where")
    conditions = [] if where is None else [where.copy()]
    if outer is not None:
        conditions.append(substituted(outer.this, columns))
    if conditions:
        select.set("where", exp.Where(this=exp.and_(*conditions)))


def _alias(node: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=node, alias=exp.Identifier(this=name, quoted=True))
