"""The metrics, dimensions and entities that a filter refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.filters.renamed_filter import names_of

if TYPE_CHECKING:
    from metrics_store.query.filters.filter_tree import Filter


def filter_references(tree: Filter | None) -> tuple[frozenset[str], frozenset[str]]:
    """Give the metrics that a filter refers to, and its dimensions and entities."""
    names = [] if tree is None else list(names_of(tree))
    metrics = {name.path for name in names if name.kind is Kind.METRIC}
    paths = {name.path for name in names if name.kind is not Kind.METRIC}
    return frozenset(metrics), frozenset(paths.union(*(name.group_by for name in names)))
