"""Restricts the definitions to the rows of a scope: sources are replaced, not queries.

A filter on a query does not reach everything that goes into a number: not the events of a
conversion, not what a filter by a metric counts, not the rows that a window takes in. What is cut
away at the source is nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, SupportsIndex

from metrics_store.access.join_paths import JoinPaths
from metrics_store.query.dialects.known_dialects import USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

    from metrics_store.access.row_filters import RowFilter, Scope
    from metrics_store.query.dialects.dialect import Dialect
    from metrics_store.query.filters.filter_tree import Value

_NOTHING = "1 = 0"


class _Rendered(NamedTuple):
    """A filter and its values as SQL."""

    filter: RowFilter
    values: list[str]


class _SubSelect(str):
    """A sub-select in the place of a relation's name.

    MetricFlow takes names apart at their dots and puts them together again; it accepts two or three
    parts, and a sub-select has any number.
    """

    __slots__ = ()

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        """Part it in two at the first dot."""
        return super().split(sep, 1 if sep == "." else maxsplit)


def restricted(
    manifest: PydanticSemanticManifest,
    scope: Scope,
    render: Callable[[Value], str],
    dialect: Dialect = USUAL,
) -> PydanticSemanticManifest:
    """Give the definitions with every source restricted to the rows of a scope.

    A model that the filters do not reach stays as it is where metrics are requested: the metrics of
    its own measures were rejected, so that it is joined to filtered rows only. Where no metric is
    requested it has no rows, as MetricFlow may begin with any model.

    Args:
        manifest: The definitions; they are not changed.
        scope: The rows.
        render: Gives a value as SQL. It is called once for each of `scope.rows.values`, in order.
        dialect: The SQL.
    """
    if scope.is_everything:
        return manifest
    rendered = iter([render(value) for value in scope.rows.values])
    alternatives = [
        [_Rendered(one, [next(rendered) for _ in one.values]) for one in filters]
        for filters in scope.rows.any_of
    ]
    join_paths = JoinPaths(manifest)
    models = []
    for model in manifest.semantic_models:
        conditions = [
            list(_conditions(model, filters, join_paths, dialect.text_type))
            for filters in alternatives
        ]
        predicate = _predicate(conditions, has_metrics=scope.has_metrics)
        models.append(model if predicate is None else _substituted(model, predicate))
    return manifest.copy(update={"semantic_models": models})


def _predicate(alternatives: list[list[str | None]], *, has_metrics: bool) -> str | None:
    written = []
    for conditions in alternatives:
        if None not in conditions:
            written.append(" AND ".join(f"({condition})" for condition in conditions))
        elif has_metrics:
            return None
    return " OR ".join(f"({condition})" for condition in written) or _NOTHING


def _conditions(
    model: PydanticSemanticModel,
    filters: list[_Rendered],
    join_paths: JoinPaths,
    text_type: str,
) -> Iterator[str | None]:
    for one in filters:
        path = join_paths.find(model, one.filter.dimension)
        others = len(one.values) - one.filter.texts
        yield (
            None
            if path is None
            else path.predicate(one.values[others:], one.values[:others], text_type)
        )


def _substituted(model: PydanticSemanticModel, predicate: str) -> PydanticSemanticModel:
    relation = model.node_relation
    visible = _SubSelect(
        f"(SELECT source.* FROM {relation.relation_name} AS source WHERE {predicate})"  # noqa: S608
    )
    return model.copy(update={"node_relation": relation.copy(update={"relation_name": visible})})
