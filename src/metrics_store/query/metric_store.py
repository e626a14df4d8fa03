"""The metrics of one target: their definitions, and answers to requests."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.planner import Planner
from metrics_store.query.resolution.time_columns import time_columns
from metrics_store.warehouse.answer_types import with_timestamps
from metrics_store.warehouse.live_warehouse import LiveWarehouse, find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.project.profile import Target
    from metrics_store.query.metric_request import MetricRequest


@dataclass(frozen=True)
class MetricStore:
    """A target's metrics, pinned to what was live when it was opened.

    Attributes:
        warehouse: Where the marts are, and the definitions that belong to them.
    """

    warehouse: LiveWarehouse

    @property
    def semantic_manifest(self) -> Path:
        """The definitions that belong to the marts."""
        return self.warehouse.artifacts / SEMANTIC_MANIFEST

    @property
    def database(self) -> Path | None:
        """The DuckDB file that the marts are in; none for PostgreSQL."""
        return self.warehouse.database

    @functools.cached_property
    def planner(self) -> Planner:
        """The planner of these metrics, made when it is first needed."""
        dialect = self.warehouse.target.adapter_type
        return Planner(read_semantic_manifest(self.semantic_manifest), dialect)

    def answer(self, request: MetricRequest) -> pa.Table:
        """Answer a request; the columns come in its order.

        Raises:
            MetricsStoreError: The request does not fit the metrics, or the warehouse fails.
        """
        known = self.planner.resolve(request)
        table = self.read(self.planner.plan_resolved(known))
        return with_timestamps(table, time_columns(self.planner, known))

    def read(self, sql: str) -> pa.Table:
        """Run SQL that a planner made, of these definitions or of newer ones.

        Raises:
            MetricsStoreError: The warehouse fails.
        """
        return self.warehouse.read(sql)


def open_store(target: Target) -> MetricStore:
    """Open the metrics of a target as they are now.

    Raises:
        MetricsStoreError: Nothing was built yet.
    """
    return MetricStore(find_live_warehouse(target))
