"""MetricFlow's builder of plans with a last step that makes them faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.dataflow_plan import DataflowPlan

from metrics_store.query.corrections.dataflow_plan_builder import CorrectingPlanBuilder
from metrics_store.query.optimisation.plan_rewriter import PlanRewriter
from metrics_store.query.optimisation.whole_sums import WholeSums, none_is_whole

if TYPE_CHECKING:
    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet


class OptimisingPlanBuilder(CorrectingPlanBuilder):
    """Builds the plans of the correcting builder, rewritten where that is faster."""

    rewrites: tuple[str, ...] = ()
    whole_sums: WholeSums = staticmethod(none_is_whole)
    days_first = False

    def _optimize_plan(self, plan: DataflowPlan, option_set: DataflowPlanOptionSet) -> DataflowPlan:
        """Rewrite a plan after MetricFlow's own steps that make it simpler."""
        plan = super()._optimize_plan(plan=plan, option_set=option_set)
        rewriter = PlanRewriter(
            self._manifest_object_lookup,
            self._metric_lookup,
            self.whole_sums,
            days_first=self.days_first,
        )
        node = rewriter.rewritten(plan.sink_node)
        self.rewrites = tuple(rewriter.notes)
        return DataflowPlan(sink_nodes=[node], plan_id=plan.dag_id)
