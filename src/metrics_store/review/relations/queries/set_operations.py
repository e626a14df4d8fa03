"""Set operations: union, except, intersect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.row_groups import grouped_by
from metrics_store.review.relations.relation import OpenColumns, Rows, relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.relation import Relation

_PARTS = {"with_", "this", "expression", "distinct", "by_name", "order", "limit", "offset"}
_MODIFIERS = ("order", "limit", "offset", "with_")


def set_relation(node: exp.SetOperation, read: Callable[[exp.Expr], Relation]) -> Relation:
    """Give the relation of a set operation, before its own order and limit.

    Args:
        node: The operation.
        read: Gives the relation of one of its sides.
    """
    if {key for key, value in node.args.items() if value} - _PARTS:
        raise NotUnderstoodError
    by_name = bool(node.args.get("by_name"))
    sides = [read(each) for each in _branches(node)]
    is_open = any(side.open_columns for side in sides)
    columns = _by_name(sides) if by_name else _by_position(sides)
    if isinstance(node, exp.Union):
        found = _union(sides, columns, is_open=is_open, by_name=by_name)
    else:
        rows = Rows(fingerprint(node.key, [[side.rows, side.all_columns()] for side in sides]))
        found = _set_relation(rows, node.key, columns, sides, is_open=is_open)
    if not node.args.get("distinct"):
        return found
    open_columns = [fingerprint("opening", each.base) for each in found.open_columns]
    return relation(
        grouped_by(found.filtered, [*found.columns.values(), *open_columns]),
        found.columns,
        found.open_columns,
    )


def _branches(node: exp.SetOperation) -> list[exp.Expr]:
    """Give the sides; of a chain of `union all`, all of them."""
    rights: list[exp.Expr] = []
    left: exp.Expr = node
    while _continues(left, node) or left is node:
        rights.append(left.args["expression"])
        left = left.this
        if not isinstance(node, exp.Union) or node.args.get("distinct"):
            break
    return [left, *reversed(rights)]


def _continues(left: exp.Expr, node: exp.SetOperation) -> bool:
    return (
        type(left) is type(node)
        and bool(left.args.get("by_name")) == bool(node.args.get("by_name"))
        and not left.args.get("distinct")
        and not any(left.args.get(key) for key in _MODIFIERS)
    )


def _by_position(sides: list[Relation]) -> dict[str, list[str]]:
    width = min(len(side.columns) for side in sides)
    values = [list(side.columns.values()) for side in sides]
    names = list(sides[0].columns)[:width]
    return {name: [each[place] for each in values] for place, name in enumerate(names)}


def _by_name(sides: list[Relation]) -> dict[str, list[str]]:
    names = dict.fromkeys(name for side in sides for name in side.columns)
    return {name: [_column_or_null(side, name) for side in sides] for name in names}


def _column_or_null(side: Relation, name: str) -> str:
    missing = side.known(name) is None and not side.open_columns
    return fingerprint("null") if missing else side.column(name)


def _union(
    sides: list[Relation], columns: dict[str, list[str]], *, is_open: bool, by_name: bool
) -> Relation:
    # The order of the sides is nothing, as long as the same one holds for every column.
    places = sorted(range(len(sides)), key=lambda place: sides[place].rows)
    rows = Rows(fingerprint("union all", [sides[place].rows for place in places]))
    ordered = {name: [column[place] for place in places] for name, column in columns.items()}
    ordered_sides = [sides[place] for place in places]
    if by_name:
        found = {name: fingerprint("union", column) for name, column in ordered.items()}
        open_columns = [_opening("by name", ordered_sides)] if is_open else []
        return relation(rows, found, open_columns)
    return _set_relation(rows, "union", ordered, ordered_sides, is_open=is_open)


def _set_relation(
    rows: Rows,
    kind: str,
    columns: dict[str, list[str]],
    sides: list[Relation],
    *,
    is_open: bool,
) -> Relation:
    if is_open:
        # Columns go by their place, which is not known.
        return relation(rows, {}, [_opening(kind, sides)])
    return relation(rows, {name: fingerprint(kind, column) for name, column in columns.items()})


def _opening(kind: str, sides: list[Relation]) -> OpenColumns:
    return OpenColumns(fingerprint(kind, [[side.whole, side.all_columns()] for side in sides]))
