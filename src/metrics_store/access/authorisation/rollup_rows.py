"""The rows of a roll-up that a scope shows, where the roll-up tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.access.join_paths import JoinPath, JoinPaths
from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.row_filters import Scope
    from metrics_store.query.filters.filter_tree import Value
    from metrics_store.query.rollups.rollup_table import RollupTable


def row_names(
    manifest: PydanticSemanticManifest, scope: Scope, model: str
) -> tuple[str, ...] | None:
    """Give the names that decide which of a semantic model's rows a scope shows.

    None where one of them cannot be found from the model by one way.
    """
    paths = JoinPaths(manifest)
    semantic_model = next(one for one in manifest.semantic_models if one.name == model)
    found = []
    for one in (one for filters in scope.rows.any_of for one in filters):
        path = paths.find(semantic_model, one.dimension)
        if path is None:
            return None
        found.append(_whole_name(one.dimension, path))
    return tuple(dict.fromkeys(found))


def row_condition(
    manifest: PydanticSemanticManifest,
    scope: Scope,
    table: RollupTable,
    render: Callable[[Value], str],
) -> str:
    """Give the condition for the rows of a roll-up that a scope shows, on columns of `source`.

    Args:
        manifest: The definitions.
        scope: The rows; the roll-up has all names that decide on them.
        table: The roll-up.
        render: Gives a value as SQL. It is called once for each of `scope.rows.values`, in order.
    """
    paths = JoinPaths(manifest)
    model = next(one for one in manifest.semantic_models if one.name == table.model)
    theirs = dict(table.columns)
    alternatives = []
    for filters in scope.rows.any_of:
        conditions = []
        for one in filters:
            values = [render(value) for value in one.values]
            path = paths.find(model, one.dimension)
            assert path is not None  # noqa: S101 - the roll-up has its name
            column = next(
                stored.column
                for stored in table.stored(_whole_name(one.dimension, path))
                if stored.kind is not StoredKind.TIME
            )
            stored = JoinPath((), f'"{theirs[column]}"' if column in theirs else column)
            others = len(values) - one.texts
            conditions.append(f"({stored.predicate(values[others:], values[:others])})")
        alternatives.append(" AND ".join(conditions) or "1 = 1")
    return " OR ".join(f"({one})" for one in alternatives) or "1 = 0"


def _whole_name(dimension: str, path: JoinPath) -> str:
    """Give a name with all entities that lead to it from the model."""
    *links, name = dimension.split("__")
    return "__".join([*(path.entities or links[-1:]), name])
