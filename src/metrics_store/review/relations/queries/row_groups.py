"""Grouping: the rows and keys of `group by`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import unwrapped
from metrics_store.review.relations.expressions.sql_functions import has_aggregate
from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.relation import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.review.relations.expressions.expression_reader import ExpressionReader

_SETS = (exp.GroupingSets, exp.Rollup, exp.Cube)


@dataclass(frozen=True)
class Groups:
    """How a select groups its rows.

    Attributes:
        rows: The rows that it gives: one a group.
        aggregated: What an aggregate sees: the rows before, and by what they are grouped.
        is_by_sets: Whether a key may be null because a grouping set leaves it out.
    """

    rows: Rows
    aggregated: str
    is_by_sets: bool = False


def groups(select: exp.Select, reader: ExpressionReader, rows: Rows) -> Groups | None:
    """Give how a select groups, None where it does not.

    Args:
        select: The select.
        reader: How the keys are read.
        rows: The rows to be grouped.
    """
    group = select.args.get("group")
    if group is None:
        clauses = [select.args[key] for key in ("qualify", "order") if select.args.get(key)]
        if not select.args.get("having") and not any(
            has_aggregate(node) for node in [*select.expressions, *clauses]
        ):
            return None
        return _grouped(rows, [])
    nodes = list(group.expressions)
    if group.args.get("all"):
        nodes += [each for each in select.expressions if not has_aggregate(each)]
    others = {
        key: value
        for key, value in group.args.items()
        if value and key not in {"expressions", "all"}
    }
    if others or any(isinstance(unwrapped(node), _SETS) for node in nodes):
        keys = [_set(node, select, reader) for node in nodes]
        for key, value in sorted(others.items()):
            nodes_of_key = value if isinstance(value, list) else [value]
            keys.append(fingerprint(key, [_set(each, select, reader) for each in nodes_of_key]))
        aggregated = fingerprint("grouping sets", rows.fingerprint, sorted(keys))
        return Groups(Rows(aggregated), aggregated, is_by_sets=True)
    return _grouped(rows, [_key(node, select, reader) for node in nodes])


def grouped_by(rows: Rows, keys: Sequence[str]) -> Rows:
    """Give one row for each set of values that the keys have."""
    return Rows(fingerprint("group", rows.fingerprint, sorted(set(keys))))


def _grouped(rows: Rows, keys: Sequence[str]) -> Groups:
    found = grouped_by(rows, keys)
    return Groups(found, found.base)


def _set(node: object, select: exp.Select, reader: ExpressionReader) -> str:
    if not isinstance(node, exp.Expr):
        return str(node)
    node = unwrapped(node)
    if isinstance(node, (*_SETS, exp.Tuple)):
        return fingerprint(node.key, [_set(each, select, reader) for each in node.expressions])
    return _key(node, select, reader)


def _key(node: exp.Expr, select: exp.Select, reader: ExpressionReader) -> str:
    return reader.read(ordinal(node, select.expressions))


def ordinal(node: exp.Expr, selected: Sequence[exp.Expr]) -> exp.Expr:
    """Give what a number in `group by` or `order by` stands for."""
    node = unwrapped(node)
    if not isinstance(node, exp.Literal) or node.is_string or not node.name.isdigit():
        return node
    place = int(node.name) - 1
    is_countable = not any(each.is_star for each in selected[: place + 1])
    return selected[place] if 0 <= place < len(selected) and is_countable else node
