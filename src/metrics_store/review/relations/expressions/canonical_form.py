"""The canonical form of a syntax node: without aliases, parentheses and layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.fingerprints import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.fingerprints import Part

SYMMETRIC = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)

# What holds where a comparison does not, and is null where it is null.
OPPOSITES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.NullSafeEQ: exp.NullSafeNEQ,
    exp.NullSafeNEQ: exp.NullSafeEQ,
}

_TEXT = exp.DataType.build("text")

# Words, of which upper and lower case mean the same.
_WORDS = (exp.Var, exp.WindowSpec, exp.Anonymous, exp.AnonymousAggFunc, exp.Join, exp.Interval)


def unwrapped(node: exp.Expr) -> exp.Expr:
    """Remove parentheses and the alias."""
    while isinstance(node, exp.Paren | exp.Alias):
        node = node.this
    return node


def chain_operands(node: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    """Give the operands of a chain of one associative operator, in their order."""
    waiting, found = [node], []
    while waiting:
        each = unwrapped(waiting.pop())
        if isinstance(each, kind):
            waiting += [each.expression, each.this]
        else:
            found.append(each)
    return found


def node_fingerprint(node: exp.Expr, read: Callable[[exp.Expr], str]) -> str:
    """Give the fingerprint of a node by its kind and parts.

    Args:
        node: The node.
        read: Gives the fingerprint of a node inside it.
    """
    if isinstance(node, exp.Literal):
        return fingerprint("text" if node.is_string else "number", node.name)
    if isinstance(node, exp.Binary):
        return _left_chain(node, read)
    if isinstance(node, exp.DataType):
        node = _same_type(node)
    parts: list[Part] = [
        [key, _part(value, read, fold_case=isinstance(node, _WORDS))]
        for key, value in sorted(node.args.items())
        if value is not None and value is not False and value != []
    ]
    return fingerprint(node.key, parts)


def _left_chain(node: exp.Expr, read: Callable[[exp.Expr], str]) -> str:
    """Read `a + b + c + ...` without going deeper with every operand."""
    kind = type(node)
    rights: list[exp.Expr] = []
    extras: list[Part] = []
    left: exp.Expr = node
    while isinstance(left, kind) and type(left) is kind:
        rights.append(left.expression)
        extras += [
            [len(rights), key, _part(value, read, fold_case=False)]
            for key, value in sorted(left.args.items())
            if key not in {"this", "expression"} and value not in (None, False, [])
        ]
        left = unwrapped(left.this)
    return fingerprint(node.key, read(left), [read(each) for each in reversed(rights)], extras)


def _part(value: object, read: Callable[[exp.Expr], str], *, fold_case: bool) -> Part:
    if isinstance(value, exp.Expr):
        return read(value)
    if isinstance(value, list):
        return [_part(each, read, fold_case=fold_case) for each in value]
    text = str(value)
    return text.lower() if fold_case else text


def _same_type(node: exp.DataType) -> exp.DataType:
    """Give `text` for a `varchar` of any length: one type by two names."""
    if node.this == exp.DType.VARCHAR and not node.expressions:
        return _TEXT
    return node
