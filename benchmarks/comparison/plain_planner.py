"""Plans as MetricFlow does by itself: none of our corrections, and nothing rewritten."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from metrics_store.query.metricflow.metricflow_engine import PlanOnlyClient, run_isolated
from metrics_store.query.metricflow.metricflow_request import metricflow_request
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest


class PlainPlanner(Planner):
    """Reads names and filters as the store does, and leaves the SQL to MetricFlow."""

    @functools.cached_property
    def _lookup(self) -> SemanticManifestLookup:
        return SemanticManifestLookup(self.manifest)

    @functools.cached_property
    def _engine(self) -> MetricFlowEngine:
        return MetricFlowEngine(self._lookup, PlanOnlyClient(self._dialect))

    def plan_resolved(self, request: MetricRequest) -> str:
        """Give MetricFlow's SQL as it is."""
        explained = run_isolated(self._engine.explain, metricflow_request(request, self._options))
        return str(explained.sql_statement.without_descriptions.sql)
