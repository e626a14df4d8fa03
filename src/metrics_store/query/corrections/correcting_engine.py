"""MetricFlow's engine with the corrections in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.engine.metricflow_engine import MetricFlowEngine

from metrics_store.query.corrections.dataflow_plan_builder import CorrectingPlanBuilder

if TYPE_CHECKING:
    from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
    from metricflow.protocols.sql_client import SqlClient
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class CorrectingEngine(MetricFlowEngine):  # type: ignore[misc]
    """Plans what MetricFlow plans, but right where MetricFlow is wrong."""

    def __init__(
        self,
        semantic_manifest_lookup: SemanticManifestLookup,
        sql_client: SqlClient,
        **more: object,
    ) -> None:
        super().__init__(semantic_manifest_lookup, sql_client, **more)
        plain: DataflowPlanBuilder = vars(self)["_dataflow_plan_builder"]
        self._dataflow_plan_builder = CorrectingPlanBuilder.in_place_of(plain)
