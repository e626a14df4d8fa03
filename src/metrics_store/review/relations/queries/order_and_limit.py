"""Order, limit and offset of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.relations.expressions.canonical_form import node_fingerprint
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.row_groups import ordinal
from metrics_store.review.relations.relation import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from metrics_store.review.relations.expressions.expression_reader import ExpressionReader


def order_fingerprint(
    node: exp.Expr, selected: Sequence[exp.Expr], reader: ExpressionReader
) -> str:
    """Give the fingerprint of the order that `order by` makes, "" where there is none.

    Args:
        node: The query.
        selected: Its select list, that numbers point into.
        reader: How the keys are read.
    """
    order = node.args.get("order")
    if order is None:
        return ""
    keys = []
    for each in order.expressions:
        key = reader.read(ordinal(each.this, selected))
        keys.append([key, *(str(bool(each.args.get(word))) for word in ("desc", "nulls_first"))])
        if each.args.get("with_fill"):
            raise NotUnderstoodError
        if ordinal(each.this, selected) is each.this and each.this.is_int:
            # A number that points into a star.
            keys.append([fingerprint("star", reader.scope.everything())])
    return fingerprint("order", keys)


def limited_rows(node: exp.Expr, rows: Rows, order: str, reader: ExpressionReader) -> Rows:
    """Give the rows that `limit`, `fetch`, `offset` and `using sample` leave.

    Args:
        node: The query.
        rows: The rows before.
        order: Their order.
        reader: How the numbers are read.
    """
    parts = []
    for key in ("limit", "offset", "sample"):
        part = node.args.get(key)
        if part is not None:
            parts.append([key, _amount(part, reader)])
    return Rows(fingerprint("limit", rows.fingerprint, order, parts)) if parts else rows


def _amount(part: exp.Expr, reader: ExpressionReader) -> str:
    amount = part.args.get("expression") or part.args.get("count")
    options = part.args.get("limit_options")
    special = options is not None and any(
        options.args.get(each) for each in ("percent", "with_ties")
    )
    others = {key for key, value in part.args.items() if value} - {
        "expression",
        "count",
        "limit_options",
        "direction",
        "this",
    }
    if amount is None or special or others:
        return node_fingerprint(part, reader.read)
    return reader.read(amount)
