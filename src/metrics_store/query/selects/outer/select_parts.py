"""The parts of a SELECT: its own expressions, and the queries within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions

if TYPE_CHECKING:
    from collections.abc import Iterator


def within(select: exp.Expr) -> list[exp.Expr]:
    """Give the parts of a SELECT's own expressions, and the queries in them as one part each."""
    found: list[exp.Expr] = []

    def look(node: exp.Expr) -> None:
        found.append(node)
        if isinstance(node, exp.Query) and node is not select:
            return
        for name, value in node.args.items():
            if node is select and name in ("from_", "with_"):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, exp.Join):
                    if one.args.get("on") is not None:
                        look(one.args["on"])
                elif isinstance(one, exp.Expr):
                    look(one)

    look(select)
    return found[1:] if isinstance(select, exp.Select) else found


def nested_queries(select: exp.Select) -> list[exp.Expr]:
    """Give the queries in a SELECT's own expressions, the outermost ones."""
    return [one for one in within(select) if isinstance(one, exp.Query)]


def columns_in(select: exp.Select) -> Iterator[tuple[str, exp.Column]]:
    """Give the columns in a SELECT's own expressions, each with the part that it stands in."""
    for part, value in select.args.items():
        for node in value if isinstance(value, list) else [value]:
            if part not in ("from_", "with_") and isinstance(node, exp.Expr):
                for one in node.walk(prune=lambda one: isinstance(one, exp.Query)):
                    if isinstance(one, exp.Column):
                        yield part, one


def aggregates(node: exp.Expr) -> bool:
    """Whether a part is a call over many rows."""
    return isinstance(node, exp.AggFunc) or functions.is_explicit(node)


def said(node: exp.Expr) -> list[str]:
    """Give the names of the parts that a piece of SQL has."""
    return [name for name, part in node.args.items() if part not in (None, False, [])]
