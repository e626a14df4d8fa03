"""Queries within conditions of a SELECT from a metric table, which are answered before it is asked.

A name takes the place of each: what stands there has no columns of the SELECT, and one value or one
array of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.select_errors import inexpressible

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = "_query"


def is_staged(node: exp.Expr) -> bool:
    """Whether a part stands for a query."""
    return isinstance(node, exp.Var) and node.name.endswith(f'{_MARK}"()')


def has_staged(node: exp.Expr) -> bool:
    """Whether a part of an expression stands for a query."""
    return any(map(is_staged, node.walk()))


def place(name: str) -> str:
    """Give what a query's name is in SQL."""
    return f'"{name}"()'


def stage_queries(
    select: exp.Select, token: str, queries: dict[str, str], rewrite: Callable[[exp.Expr], object]
) -> None:
    """Put names in the place of the queries in the WHERE and the HAVING of a SELECT.

    Args:
        select: The SELECT.
        token: What names begin with.
        queries: Gets the queries by their names.
        rewrite: Rewrites a query that stands by itself.

    Raises:
        MetricsStoreError: A query is compared in a way that has no such place.
    """
    for part in ("where", "having"):
        clause = select.args.get(part)
        while clause is not None and (query := clause.find(exp.Query)) is not None:
            _stage(query, token, queries, rewrite)


def _stage(
    query: exp.Expr, token: str, queries: dict[str, str], rewrite: Callable[[exp.Expr], object]
) -> None:
    around = query.parent
    inner = query
    while isinstance(inner, exp.Subquery) and not inner.alias:
        inner = inner.this
    rewrite(inner)
    name = f"{token}{len(queries)}{_MARK}"
    staged = exp.Var(this=place(name))
    text = inner.sql(dialect="postgres", comments=False)
    if isinstance(around, exp.In):
        queries[name] = f"ARRAY({text})"
        one_of = exp.Any(this=exp.Paren(this=staged))
        around.replace(exp.EQ(this=around.this.copy(), expression=one_of))
    elif isinstance(around, exp.Any):
        queries[name] = f"ARRAY({text})"
        around.set("this", exp.Paren(this=staged))
    elif isinstance(around, exp.Exists):
        queries[name] = f"EXISTS({text})"
        around.replace(staged)
    elif isinstance(around, exp.All) or not isinstance(query, exp.Subquery):
        raise inexpressible("a sub-select stands where it cannot", around)
    else:
        queries[name] = f"({text})"
        query.replace(staged)
