"""A common table expression over metrics is put where it is named: each use is asked by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.select_errors import inexpressible

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMON = "metrics_common_table"
_MOST = 200


def is_common_table(node: exp.Table) -> bool:
    """Whether a name in FROM is that of a common table expression."""
    return bool(node.meta.get(_COMMON))


def inline_common_tables(tree: exp.Expr, is_metrics: Callable[[exp.Expr], bool]) -> None:
    """Put common table expressions over metrics where they are named.

    Raises:
        MetricsStoreError: One of them is recursive, or all together become too large.
    """
    _inline(tree, {}, is_metrics, [0])


def _inline(  # noqa: C901 - names are followed through all parts
    node: exp.Expr,
    known: dict[str, exp.CTE | None],
    is_metrics: Callable[[exp.Expr], bool],
    count: list[int],
) -> None:
    own = node.args.get("with_")
    if own is not None:
        known = dict(known)
        kept = []
        for cte in own.expressions:
            name = identifier(cte.args["alias"].this)
            if own.args.get("recursive"):
                known[name] = None
            _inline(cte.this, known, is_metrics, count)
            touches = any(is_metrics(one) for one in cte.this.find_all(exp.Table))
            if touches and own.args.get("recursive"):
                raise inexpressible("a recursive query over metrics", cte, "write it without")
            known[name] = cte if touches else None
            if not touches:
                kept.append(cte)
        own.set("expressions", kept)
        if not kept:
            node.set("with_", None)
    for name, value in list(node.args.items()):
        if name == "with_":
            continue
        for one in list(value) if isinstance(value, list) else [value]:
            if isinstance(one, exp.Table) and _name(one) in known:
                _place(one, known[_name(one)], count)
            elif isinstance(one, exp.Expr):
                _inline(one, known, is_metrics, count)


def _name(node: exp.Table) -> str:
    return "" if node.args.get("db") else identifier(node.this)


def _place(node: exp.Table, cte: exp.CTE | None, count: list[int]) -> None:
    if cte is None:
        node.meta[_COMMON] = True
        return
    count[0] += 1
    if count[0] > _MOST:
        raise inexpressible("common table expressions over metrics are named too often")
    outer, inner = node.args.get("alias"), cte.args["alias"]
    columns = (outer.args.get("columns") if outer is not None else None) or inner.args.get(
        "columns"
    )
    alias = exp.TableAlias(
        this=(outer if outer is not None else inner).this.copy(),
        columns=[one.copy() for one in columns or []],
    )
    node.replace(exp.Subquery(this=cte.this.copy(), alias=alias))
