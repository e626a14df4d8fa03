"""The metrics, dimensions and entities that a filter refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Constant,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Range,
    Truth,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def filter_names(tree: Filter) -> Iterator[Name]:
    """Give all names in a filter; an unknown node is an error, never skipped."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from filter_names(part)
        case Not(part):
            yield from filter_names(part)
        case Comparison() | Membership() | Range() | Pattern() | Missing() | Truth():
            yield name_of(tree.term)
        case Constant():
            return
        case _:
            assert_never(tree)


def filter_references(tree: Filter | None) -> tuple[frozenset[str], frozenset[str]]:
    """Give the metrics that a filter refers to, and its dimensions and entities."""
    names = [] if tree is None else list(filter_names(tree))
    metrics = {name.path for name in names if name.kind is Kind.METRIC}
    paths = {name.path for name in names if name.kind is not Kind.METRIC}
    return frozenset(metrics), frozenset(paths.union(*(name.group_by for name in names)))
