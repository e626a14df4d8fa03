"""Joins: the rows that they give, and the inputs that they put into the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
from metrics_store.review.relations.expressions.query_scope import Input
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.from_clause import alias_of, input_relation
from metrics_store.review.relations.relation import Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.expressions.query_scope import QueryScope
    from metrics_store.review.relations.relation import Relation

_JOIN_PARTS = {"this", "on", "side", "kind", "using", "method"}

NO_INPUT = Rows(fingerprint("one row"))


def join_inputs(
    first: exp.Expr | None,
    later: list[exp.Expr],
    scope: QueryScope,
    table: Callable[[exp.Table], Relation | None],
) -> tuple[Rows, str]:
    """Put the inputs into the scope.

    Args:
        first: What stands in `from`; None where nothing does.
        later: The joins and laterals after it.
        scope: The select's scope, without inputs yet.
        table: Gives the relation of a table or common table expression.

    Returns:
        The rows of the join, and the order in which they come.
    """
    if first is None:
        return NO_INPUT, ""
    joins = [*_nested(first), *later]
    found = input_relation(first, scope, table)
    scope.inputs.append(Input(alias_of(first), found, "0" if joins else ""))
    # With one input its rows stand for themselves, conditions and all.
    joined = (Rows(found.rows) if joins else found.filtered, found.order)
    for join in joins:
        joined = _join(join, joined, scope, table)
    return joined


def _nested(first: exp.Expr) -> list[exp.Expr]:
    """Give the joins that stand at a table: `(a join b on ...)`, and lateral views."""
    if not isinstance(first, exp.Table):
        return []
    return [*(first.args.get("joins") or []), *(first.args.get("laterals") or [])]


def _join(
    node: exp.Expr,
    before: tuple[Rows, str],
    scope: QueryScope,
    table: Callable[[exp.Table], Relation | None],
) -> tuple[Rows, str]:
    rows, order = before
    if not isinstance(node, exp.Join):
        node = exp.Join(this=node)
    if {key for key, value in node.args.items() if value} - _JOIN_PARTS:
        raise NotUnderstoodError
    if isinstance(node.this, exp.Table) and _nested(node.this):
        raise NotUnderstoodError
    method, side, kind = (str(node.args.get(key) or "").upper() for key in _HOW)
    kind = "" if kind in {"INNER", "OUTER", "CROSS"} else kind
    right = input_relation(node.this, scope, table)
    added = Input(
        alias_of(node.this), right, str(len(scope.inputs)), is_hidden=kind in {"SEMI", "ANTI"}
    )
    using = [each.name.lower() for each in node.args.get("using") or []]
    conditions: frozenset[str] = frozenset()
    if method == "NATURAL":
        using, conditions = _natural(scope, added)
        method = ""
    conditions |= _using(using, scope, added, side or kind)
    scope.inputs.append(added)
    if node.args.get("on") is not None:
        conditions |= ExpressionReader(scope).conditions(node.args["on"]) - _ALWAYS
    if (method, side, kind) == ("", "", ""):
        return Rows(
            fingerprint("cross", rows.base, right.rows), rows.conditions | conditions
        ), order
    orders = [order, right.order] if method == "POSITIONAL" else []
    joined = fingerprint(
        "join", method, side, kind, rows.fingerprint, right.rows, sorted(conditions), orders
    )
    return Rows(joined), order


_HOW = ("method", "side", "kind")

# `on true` is no condition.
_ALWAYS = frozenset([fingerprint("boolean", [["this", "True"]])])


def _using(names: list[str], scope: QueryScope, added: Input, how: str) -> frozenset[str]:
    """Join by columns of the same name, of which one is seen from here on."""
    conditions = []
    for name in names:
        left = ExpressionReader(scope).name(name)
        right = added.column(name)
        conditions.append(fingerprint("eq", sorted([left, right])))
        both = fingerprint("coalesce", [["expressions", [right]], ["this", left]])
        scope.merged[name] = {"RIGHT": right, "FULL": both}.get(how, left)
    return frozenset(conditions)


def _natural(scope: QueryScope, added: Input) -> tuple[list[str], frozenset[str]]:
    """Give the names that both sides have; where they are not known, all that both are."""
    if added.relation.open_columns or any(each.relation.open_columns for each in scope.inputs):
        return [], frozenset([fingerprint("natural", scope.everything(), added.whole)])
    return [name for name in added.relation.columns if scope.known(name) is not None], frozenset()
