"""A filter with other names in it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, assert_never

from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Constant,
    Filter,
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
    from collections.abc import Callable, Iterator

    from metrics_store.query.filters.filter_tree import Term


def names_of(tree: Filter) -> Iterator[Name]:
    """Give all names in a filter, as often as they stand there; no unknown node is skipped."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from names_of(part)
        case Not(part):
            yield from names_of(part)
        case Comparison() | Membership() | Range() | Pattern() | Missing() | Truth():
            yield name_of(tree.term)
        case Constant():
            return
        case _:
            assert_never(tree)


def renamed(tree: Filter, rename: Callable[[Name], Name]) -> Filter:
    """Give a filter with each name as another."""
    match tree:
        case All(parts):
            return All(tuple(renamed(part, rename) for part in parts))
        case Any(parts):
            return Any(tuple(renamed(part, rename) for part in parts))
        case Not(part):
            return Not(renamed(part, rename))
        case Constant():
            return tree
        case _:
            return dataclasses.replace(tree, term=_term(tree.term, rename))


def _term(term: Term, rename: Callable[[Name], Name]) -> Term:
    if isinstance(term, Name):
        return rename(term)
    return dataclasses.replace(term, term=_term(term.term, rename))
