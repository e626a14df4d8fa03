"""MetricFlow's engine with the corrections in it, and plans made faster."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metricflow.protocols.sql_client import SqlEngine

from metrics_store.query.corrections.correcting_engine import CorrectingEngine
from metrics_store.query.optimisation.optimising_plan_builder import OptimisingPlanBuilder
from metrics_store.query.optimisation.whole_sums import counts_are_whole

if TYPE_CHECKING:
    from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
    from metricflow.protocols.sql_client import SqlClient
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    from metrics_store.query.optimisation.whole_sums import IsInteger


class OptimisingEngine(CorrectingEngine):
    """Plans what the correcting engine plans, so that it is answered sooner."""

    def __init__(
        self,
        semantic_manifest_lookup: SemanticManifestLookup,
        sql_client: SqlClient,
        is_integer: IsInteger | None = None,
        **more: object,
    ) -> None:
        super().__init__(semantic_manifest_lookup, sql_client, **more)
        correcting: DataflowPlanBuilder = vars(self)["_dataflow_plan_builder"]
        builder = OptimisingPlanBuilder.in_place_of(correcting)
        if sql_client.sql_engine_type is SqlEngine.POSTGRES:
            builder.whole_sums = functools.partial(counts_are_whole, is_integer=is_integer)
        # PostgreSQL takes as long for a day as for a month.
        builder.days_first = sql_client.sql_engine_type is SqlEngine.DUCKDB
        self._dataflow_plan_builder = builder

    @property
    def rewrites(self) -> tuple[str, ...]:
        """What was rewritten in the last plan, and what was not and why."""
        rewrites: tuple[str, ...] = self._dataflow_plan_builder.rewrites
        return rewrites
