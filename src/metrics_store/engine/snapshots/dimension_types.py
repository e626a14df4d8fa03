"""The types of dimensions in the warehouse: which are boolean, as definitions do not say.

DuckDB takes 1 for true, PostgreSQL knows no such comparison. Both reject it here, by name.
"""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
from metricflow_semantic_interfaces.type_enums import DimensionType

from metrics_store.access.join_paths import keys
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Default,
    Filter,
    Kind,
    Membership,
    Name,
    Not,
    Range,
    Term,
    Value,
)
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel


class DimensionTypes:
    """The types of dimensions, read once for each semantic model, without rows.

    Args:
        manifest: The definitions.
        read: Runs a statement.
    """

    def __init__(
        self, manifest: PydanticSemanticManifest, read: Callable[[Statement], pa.Table]
    ) -> None:
        self._models = manifest.semantic_models
        self._read = read
        self._truths: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def check(self, tree: Filter) -> None:
        """Reject a filter that compares a boolean dimension with a number.

        Args:
            tree: A filter whose names are known.

        Raises:
            MetricsStoreError: It does.
        """
        for name, value in _compared_with_numbers(tree):
            if self._is_truth(name.path):
                raise MetricsStoreError(
                    f"{name} is true or false and is compared with a number",
                    where=str(value),
                    expected="true or false",
                    remedy=f"write {name} = true, or {name} = false",
                )

    def _is_truth(self, path: str) -> bool:
        *links, last = path.split("__")
        return any(
            last in self._of(model)
            for model in self._models
            if links
            and links[-1] in keys(model)
            and any(one.name == last for one in model.dimensions)
        )

    def _of(self, model: PydanticSemanticModel) -> frozenset[str]:
        """Give the dimensions of a model that are true or false."""
        with self._lock:
            found = self._truths.get(model.name)
            if found is None:
                try:
                    found = self._truths[model.name] = self._found(model)
                except MetricsStoreError:
                    # Whatever is wrong with the model shows when it is used.
                    found = frozenset()
            return found

    def _found(self, model: PydanticSemanticModel) -> frozenset[str]:
        words = [one for one in model.dimensions if one.type is DimensionType.CATEGORICAL]
        columns = ", ".join(
            f"({one.expr or one.name}) AS dimension_{number}" for number, one in enumerate(words)
        )
        # All of it is out of the definitions.
        sql = f"SELECT {columns} FROM {model.node_relation.relation_name} WHERE 1 = 0"  # noqa: S608
        types = self._read(Statement(sql)).schema.types
        return frozenset(
            one.name for one, kind in zip(words, types, strict=True) if pa.types.is_boolean(kind)
        )


def _compared_with_numbers(tree: Filter) -> Iterator[tuple[Name, Value]]:
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _compared_with_numbers(part)
        case Not(part):
            yield from _compared_with_numbers(part)
        case Comparison(term, _, value):
            yield from _numbers(term, [value])
        case Membership(term, values):
            yield from _numbers(term, values)
        case Range(term, low, high):
            yield from _numbers(term, [low, high])


def _numbers(term: Term, values: Sequence[Value]) -> Iterator[tuple[Name, Value]]:
    while isinstance(term, Default):
        values, term = [*values, term.value], term.term
    if isinstance(term, Name) and term.kind is Kind.DIMENSION:
        for value in values:
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                yield term, value
