"""Finds out the types of metrics and dimensions by asking for none of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.selects.tables.column_types import TEXT, postgres_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.engine import Engine
    from metrics_store.query.definitions.definition_entries import MetricDefinition

# So many metrics are planned in one question, of which each costs less than alone.
_TOGETHER = 30


@dataclass(frozen=True)
class CatalogTypes:
    """The types that a principal's answers have.

    Attributes:
        engine: The engine.
        principal: The principal.
        dialect: The SQL that the warehouse speaks.
    """

    engine: Engine
    principal: Principal
    dialect: str

    def of_metrics(self, metrics: Sequence[MetricDefinition]) -> list[str]:
        """Give the types of metrics of the same tables: many in one question where that is one."""
        by_grain: dict[str, list[MetricDefinition]] = {}
        for metric in metrics:
            needs_time = metric.requires_metric_time and metric.grains
            by_grain.setdefault(metric.grains[0] if needs_time else "", []).append(metric)
        found: dict[str, str] = {}
        for grain, some in by_grain.items():
            for start in range(0, len(some), _TOGETHER):
                found |= self._of_some(some[start : start + _TOGETHER], grain)
        return [found[metric.name] for metric in metrics]

    def _of_some(self, metrics: Sequence[MetricDefinition], grain: str) -> dict[str, str]:
        if len(metrics) == 1:
            return {metrics[0].name: self._of_metric(metrics[0])}
        by, names = [f"{METRIC_TIME}__{grain}"] if grain else [], [one.name for one in metrics]
        try:
            schema = self.engine.schema(MetricRequest(metrics=names, group_by=by), self.principal)
        except MetricsStoreError:
            half = len(metrics) // 2
            return self._of_some(metrics[:half], grain) | self._of_some(metrics[half:], grain)
        return dict(zip(names, map(self._type, schema.types[len(by) :]), strict=True))

    def _of_metric(self, metric: MetricDefinition) -> str:
        by = [f"{METRIC_TIME}__{metric.grains[0]}"] if metric.grains else []
        for group_by in ([], by) if not metric.requires_metric_time else (by,):
            try:
                schema = self.engine.schema(
                    MetricRequest(metrics=[metric.name], group_by=group_by), self.principal
                )
            except MetricsStoreError:
                continue
            return self._type(schema.types[-1])
        # Whatever is wrong with it is said when it is asked for.
        return "double precision"

    def of_dimensions(self, metric: MetricDefinition, names: Sequence[str]) -> list[str]:
        """Give the types of dimensions that a metric has."""
        found = self._types(metric, names)
        if found is not None:
            return found
        if len(names) == 1:
            return [TEXT]
        half = len(names) // 2
        parts = (names[:half], names[half:])
        return [kind for part in parts for kind in self.of_dimensions(metric, part)]

    def _types(self, metric: MetricDefinition, names: Sequence[str]) -> list[str] | None:
        by = [f"{METRIC_TIME}__{metric.grains[0]}"] if metric.requires_metric_time else []
        try:
            schema = self.engine.schema(
                MetricRequest(metrics=[metric.name], group_by=[*names, *by]), self.principal
            )
        except MetricsStoreError:
            return None
        return [self._type(kind) for kind in schema.types[: len(names)]]

    def _type(self, kind: pa.DataType) -> str:
        found = postgres_type(kind)
        # Without rows PostgreSQL's exact numbers look like whole ones.
        return "numeric" if self.dialect == "postgres" and found == "bigint" else found
