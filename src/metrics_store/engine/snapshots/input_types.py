"""The types of what measures sum: PostgreSQL gives the sum of integers another type than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )


class InputTypes:
    """The types of sums in PostgreSQL, asked for once each, without rows.

    Args:
        manifest: The definitions.
        read: Runs a statement.
    """

    def __init__(
        self, manifest: PydanticSemanticManifest, read: Callable[[Statement], pa.Table]
    ) -> None:
        self._relations = {
            model.name: model.node_relation.relation_name for model in manifest.semantic_models
        }
        self._read = read
        self._known: dict[tuple[str, str], bool] = {}

    def is_integer(self, model: str, expression: str) -> bool:
        """Whether the sum of an expression is a `bigint`; what cannot be asked might be one.

        Args:
            model: The semantic model that it is of.
            expression: What is summed, in SQL out of the definitions.
        """
        key = model, expression
        if key not in self._known:
            sql = (
                f"SELECT CAST(pg_typeof(SUM({expression})) AS text) "  # noqa: S608
                f"FROM {self._relations[model]} WHERE 1 = 0"
            )
            try:
                [found] = self._read(Statement(sql)).column(0).to_pylist()
            except MetricsStoreError:
                # Whatever is wrong with the model shows when it is used.
                return True
            self._known[key] = found == "bigint"
        return self._known[key]
