"""The SELECTs that a client puts around a call: columns, a condition, an order and a limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.call_finder import find_call
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.parser.filter_parser import parse_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.query.filters.filter_tree import Filter

# What a server's one schema of saved queries is called, and its catalog.
SCHEMA = "metrics"
_CALL = "the_call"
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,254}", re.ASCII)
_DEEPEST = 20
_LONGEST = 100_000
_COMMENTS = re.compile(r"(?:\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/))+", re.DOTALL)
_PING = re.compile(r"\s*select\s+1\s*(?:as\s+[a-z_][a-z0-9_]*\s*)?;?\s*", re.IGNORECASE)
_EXPECTED = "columns or *, WHERE, ORDER BY and LIMIT, around one call"


@dataclass(frozen=True)
class SelectLayer:
    """One SELECT around a call.

    Attributes:
        columns: The columns in their order, each with the name that it gets; none for all.
        where: What must hold for a row.
        order_by: Columns, each with whether the greatest comes first.
        limit: Greatest number of rows.
    """

    columns: tuple[tuple[str, str], ...] | None = None
    where: Filter | None = None
    order_by: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None


def without_comments(text: str) -> str:
    """Give a statement with spaces in the place of the comments that it begins with."""
    found = _COMMENTS.match(text)
    return " " * found.end() + text[found.end() :] if found else text


def is_ping(text: str) -> bool:
    """Whether a statement is the `select 1` by which pools check that a server answers."""
    return _PING.fullmatch(without_comments(text)) is not None


def find_call_and_layers(text: str) -> tuple[str, int, tuple[SelectLayer, ...]]:
    """Give what stands in the braces of a statement, where it begins, and what is around it.

    The layers come from the inside out.

    Raises:
        MetricsStoreError: There is no call, or something around it that is not allowed.
    """
    bare = without_comments(text)
    try:
        return (*find_call(bare), ())
    except MetricsStoreError:
        start, end = bare.find("{{"), bare.rfind("}}")
        around = bare[:start] + _CALL + bare[end + 2 :] if 0 < start < end else bare
        tree = None if _CALL in bare else _parsed(around)
        name = None if tree is None or around is not bare else _table(tree)
        if tree is None or (around is bare and name is None):
            raise
    layers = tuple(_layers(tree))
    if name is not None:
        return f"semantic_layer.query(saved_query='{name}')", 0, layers
    return bare[start + 2 : end], start + 2, layers


def _table(tree: exp.Select) -> str | None:
    """Give the saved query that is selected from as a table, in whose place the call is put."""
    tables = list(tree.find_all(exp.Table))
    if len(tables) != 1 or not _NAME.fullmatch(tables[0].name):
        return None
    (table,) = tables
    if any(part.lower() != SCHEMA for part in (table.db, table.catalog) if part):
        return None
    name = table.name
    for key in ("db", "catalog"):
        table.set(key, None)
    table.set("this", exp.to_identifier(_CALL))
    return str(name)


def _parsed(around: str) -> exp.Select | None:
    """Give the one SELECT around a call; none where there is another statement, or none."""
    if len(around) > _LONGEST or around.count("(") > _DEEPEST or "{{" in around:
        return None
    try:
        trees = [tree for tree in sqlglot.parse(around) if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    return trees[0] if len(trees) == 1 and isinstance(trees[0], exp.Select) else None


def _layers(tree: exp.Select) -> Iterator[SelectLayer]:
    source = tree.args.get("from_")
    inner = source.this if isinstance(source, exp.From) else None
    _check(tree, {"expressions", "from_", "where", "order", "limit"})
    if isinstance(inner, exp.Subquery) and isinstance(inner.this, exp.Select):
        _check(inner, {"this", "alias"})
        yield from _layers(inner.this)
    elif not (isinstance(inner, exp.Table) and inner.name == _CALL):
        raise rejected("a statement selects from a call only", str(inner or ""), expected=_EXPECTED)
    else:
        _check(inner, {"this", "alias"})
    yield SelectLayer(_columns(tree), _where(tree), tuple(_order(tree)), _limit(tree))


def _check(node: exp.Expr, allowed: set[str]) -> None:
    for key, value in node.args.items():
        if key not in allowed and value not in (None, False, []):
            what = "a statement has a part that cannot stand around a call"
            raise rejected(what, str(value), expected=_EXPECTED)


def _columns(tree: exp.Select) -> tuple[tuple[str, str], ...] | None:
    if len(tree.expressions) == 1 and tree.expressions[0].is_star:
        return None
    found = []
    for one in tree.expressions:
        column = one.this if isinstance(one, exp.Alias) else one
        found.append((_column(column), one.alias if isinstance(one, exp.Alias) else column.name))
    return tuple(found)


def _column(node: exp.Expr) -> str:
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        what = "a statement works something out of the columns of a call"
        raise rejected(what, str(node), expected="columns of the call")
    # A table's name in front is the call's alias: there is no other.
    _check(node, {"this", "table", "db", "catalog"})
    return str(node.name)


def _where(tree: exp.Select) -> Filter | None:
    where = tree.args.get("where")
    if where is None:
        return None
    condition = where.this.copy()
    for column in condition.find_all(exp.Column):
        for key in ("table", "db", "catalog"):
            column.set(key, None)
        column.this.set("quoted", None)
    return parse_filter(condition.sql())


def _order(tree: exp.Select) -> Iterator[tuple[str, bool]]:
    order = tree.args.get("order")
    for one in order.expressions if order is not None else ():
        yield _column(one.this), bool(one.args.get("desc"))


def _limit(tree: exp.Select) -> int | None:
    limit = tree.args.get("limit")
    if limit is None:
        return None
    text = str(limit.expression.this) if isinstance(limit.expression, exp.Literal) else ""
    if not isinstance(limit, exp.Limit) or not (text.isdecimal() and text.isascii()):
        raise rejected("a limit is a whole number", str(limit), expected="such as LIMIT 10")
    return int(text[:18])
