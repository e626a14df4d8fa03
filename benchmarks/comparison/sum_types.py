"""The types of sums, which PostgreSQL's plans depend on, out of the DuckDB file that is copied."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


def sums_of_integers(
    database: Path, manifest: PydanticSemanticManifest
) -> Callable[[str, str], bool]:
    """Give what tells of a semantic model and an expression whether integers are summed.

    Args:
        database: The DuckDB file.
        manifest: The definitions.
    """
    relations = {one.name: one.node_relation.relation_name for one in manifest.semantic_models}

    @functools.cache
    def is_integer(model: str, expression: str) -> bool:
        sql = f"select typeof(sum({expression})) from {relations[model]} where false"  # noqa: S608
        with duckdb.connect(str(database), read_only=True) as connection:
            found = connection.execute(sql).fetchone()
        return found is None or found[0] in {"HUGEINT", "BIGINT"}

    return is_integer
