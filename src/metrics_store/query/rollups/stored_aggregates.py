"""What simple metrics are stored as: sums, counts, the least, the greatest, and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import AggregationType

from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredInput, StoredKind
from metrics_store.query.rollups.rollup_table import StoredAggregate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput

    from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredName
    from metrics_store.query.rollups.rollup_table import RollupTable

# MetricFlow has made sums of counts and of truths before.
_PLAIN = {
    AggregationType.SUM: "sum",
    AggregationType.MIN: "min",
    AggregationType.MAX: "max",
}
_STORED = (*_PLAIN, AggregationType.AVERAGE, AggregationType.COUNT_DISTINCT)


def unrollable_reason(given: SimpleMetricInput) -> str:
    """Say why a simple metric cannot be rolled up by any grain; empty where it can be."""
    if given.agg in _STORED:
        return ""
    what = "median" if _is_median(given) else "percentile"
    return f"{given.name} is a {what}, which cannot be worked out from parts"


def is_distinct_count(given: SimpleMetricInput) -> bool:
    """Whether it counts distinct keys, which have to be in the grain."""
    return bool(given.agg is AggregationType.COUNT_DISTINCT)


def _is_median(given: SimpleMetricInput) -> bool:
    middle = 0.5
    return given.agg is AggregationType.MEDIAN or (
        given.agg_params is not None and given.agg_params.percentile == middle
    )


def _parts(given: SimpleMetricInput) -> list[tuple[str, str, str]]:
    """Give the columns of a simple metric: how they are aggregated, of what, and their ending."""
    if given.agg is AggregationType.AVERAGE:
        count = f"CASE WHEN ({given.expr}) IS NOT NULL THEN 1 ELSE 0 END"
        return [("sum", given.expr, "sum"), ("sum", count, "count")]
    return [(_PLAIN[given.agg], given.expr, _PLAIN[given.agg])]


class AggregateSet:
    """Collects the columns that the simple metrics of one table need, each once.

    Args:
        table: The table, without columns yet.
        names: The columns of its grain.
        manifest: The definitions.
    """

    def __init__(
        self,
        table: RollupTable,
        names: Sequence[StoredName],
        manifest: PydanticSemanticManifest,
    ) -> None:
        self._names = names
        self._table = table
        self._model = next(one for one in manifest.semantic_models if one.name == table.model)
        self._measures = {
            metric.name: metric.type_params.measure.name
            for metric in manifest.metrics
            if metric.type_params.measure is not None
        }
        self._aggregates: dict[tuple[str, str], StoredAggregate] = {}
        self._inputs: dict[str, StoredInput] = {}

    @property
    def aggregates(self) -> tuple[StoredAggregate, ...]:
        """The columns, by name."""
        return tuple(sorted(self._aggregates.values(), key=lambda one: one.column))

    @property
    def inputs(self) -> tuple[StoredInput, ...]:
        """What each simple metric is worked out from, by name."""
        return tuple(self._inputs[name] for name in sorted(self._inputs))

    def add(self, given: SimpleMetricInput) -> str:
        """Add what a simple metric needs, or say why that cannot be stored."""
        if given.agg is AggregationType.COUNT_DISTINCT:
            key = self._key(given.expr)
            if key is None:
                return (
                    f"{given.name} counts distinct {given.expr}, which is not in the grain: group "
                    f"by what has it, of {self._model.name} itself"
                )
            self._inputs[given.name] = StoredInput(given.name, (key.column,))
            return ""
        base = self._measures.get(given.name, given.name)
        columns = tuple(self._column(base, *one) for one in _parts(given))
        self._inputs[given.name] = StoredInput(given.name, columns)
        return ""

    def add_if_stored(self, given: SimpleMetricInput) -> None:
        """Add a simple metric if all that it needs is stored for others."""
        if given.agg is AggregationType.COUNT_DISTINCT:
            is_stored = self._key(given.expr) is not None
        else:
            parts = _parts(given) if given.agg in _STORED else []
            is_stored = bool(parts) and all(part[:2] in self._aggregates for part in parts)
        if is_stored:
            self.add(given)

    def _column(self, base: str, aggregation: str, expression: str, suffix: str) -> str:
        key = (aggregation, expression)
        if key not in self._aggregates:
            taken = {one.column for one in self._aggregates.values()}
            column = f"{base}__{suffix}"
            # Two simple metrics may be of one measure's name with other expressions.
            while column in taken:
                column += "_"
            self._aggregates[key] = StoredAggregate(column, aggregation, expression)
        return self._aggregates[key].column

    def _key(self, expression: str) -> StoredName | None:
        """Give the column of the grain that holds an expression of the model's own."""
        own = {
            one.name: one.expr or one.name
            for one in (*self._model.entities, *self._model.dimensions)
        }
        for name in self._names:
            element = self._table.key(name.path)
            if name.kind is not StoredKind.TIME and own.get(element) == expression:
                return name
        return None
