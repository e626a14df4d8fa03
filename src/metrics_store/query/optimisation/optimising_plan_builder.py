"""MetricFlow's builder of plans with a last step that makes them faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.corrections.dataflow_plan_builder import CorrectingPlanBuilder

if TYPE_CHECKING:
    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet
    from metricflow.dataflow.dataflow_plan import DataflowPlan


class OptimisingPlanBuilder(CorrectingPlanBuilder):
    """Builds the plans of the correcting builder, rewritten where that is faster."""

    rewrites: tuple[str, ...] = ()

    def _optimize_plan(self, plan: DataflowPlan, option_set: DataflowPlanOptionSet) -> DataflowPlan:
        """Rewrite a plan after MetricFlow's own steps that make it simpler."""
        self.rewrites = ()
        return super()._optimize_plan(plan=plan, option_set=option_set)
