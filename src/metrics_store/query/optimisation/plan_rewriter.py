"""Rewrites the plan of a request so that it reads and joins less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
    AggregateSimpleMetricInputsNode,
)
from metricflow.dataflow.nodes.combine_aggregated_outputs import CombineAggregatedOutputsNode
from metricflow.dataflow.nodes.semi_additive_join import SemiAdditiveJoinNode
from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode

from metrics_store.query.corrections.balances.period_values import PeriodValuesNode
from metrics_store.query.corrections.conversions.matched_events import MatchedEventsNode
from metrics_store.query.optimisation.conversion_stretches import matched_by_stretches
from metrics_store.query.optimisation.early_aggregation import aggregated_early
from metrics_store.query.optimisation.joined_metrics import joined_metrics
from metrics_store.query.optimisation.periods.balance_days import found_among_days
from metrics_store.query.optimisation.periods.period_ends import at_period_ends
from metrics_store.query.optimisation.periods.recorded_days import RecordedDays
from metrics_store.query.optimisation.shared_reads import parts_of, shared_branches
from metrics_store.query.optimisation.whole_sums import NotRewrittenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup
    from metricflow_semantics.semantic_graph.lookups.manifest_object_lookup import (
        ManifestObjectLookup,
    )

    from metrics_store.query.optimisation.whole_sums import WholeSums


class PlanRewriter:
    """Rewrites one plan.

    Args:
        lookup: What MetricFlow knows of the inputs of metrics.
        metrics: What it knows of metrics.
        whole_sums: Says which sums are whole numbers that the engine makes others of.
        days_first: Whether the engine finds days sooner than longer periods, and cuts times off
            to days as fast as it reads them.

    Attributes:
        notes: What was rewritten, and what was not and why.
    """

    def __init__(
        self,
        lookup: ManifestObjectLookup,
        metrics: MetricLookup,
        whole_sums: WholeSums,
        *,
        days_first: bool,
    ) -> None:
        self._lookup = lookup
        self._metrics = metrics
        self._whole_sums = whole_sums
        self._days_first = days_first
        self._recorded_days = None if days_first else RecordedDays()
        self._early: dict[DataflowPlanNode, DataflowPlanNode] = {}
        self._rebuilt: dict[DataflowPlanNode, DataflowPlanNode] = {}
        self.notes: list[str] = []

    def rewritten(self, plan: DataflowPlanNode) -> DataflowPlanNode:
        """Give a plan with the same answer."""
        plan = self._aggregated_early(plan)
        groups, alone = shared_branches(plan, self._lookup, days_first=self._days_first)
        parts: dict[DataflowPlanNode, DataflowPlanNode] = {}
        for group in groups:
            parts.update(parts_of(group))
            if len(group.branches) > 1:
                self._note(f"read once: {'; '.join(group.names)}")
            if group.day is not None:
                self._note(f"grouped by day before by longer periods: {'; '.join(group.names)}")
        if len(alone) > 1 or (alone and groups):
            for one in alone:
                if one.is_of_rows:
                    self._note(f"read by itself: {one.names}")
        return self._with_parts(plan, parts) if parts else plan

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _aggregated_early(self, node: DataflowPlanNode) -> DataflowPlanNode:
        if node not in self._early:
            found = _over(node, [self._aggregated_early(one) for one in node.parent_nodes])
            if type(found) is AggregateSimpleMetricInputsNode:
                found = self._early_aggregation(found)
            elif type(found) is SemiAdditiveJoinNode:
                found = self._among_days(found)
            elif type(found) in (WindowReaggregationNode, PeriodValuesNode):
                found = self._at_period_ends(found)
            elif type(found) is MatchedEventsNode:
                found = self._by_stretches(found)
            self._early[node] = found
        return self._early[node]

    def _early_aggregation(self, node: AggregateSimpleMetricInputsNode) -> DataflowPlanNode:
        try:
            found = aggregated_early(node, self._lookup, self._whole_sums)
        except NotRewrittenError as reason:
            self._note(str(reason))
            return node
        if found is None:
            return node
        names = ", ".join(
            one.element_name for one in node.parent_node.include_specs.simple_metric_input_specs
        )
        self._note(f"aggregated before it is joined to the days it counts on: {names}")
        return found

    def _among_days(self, node: SemiAdditiveJoinNode) -> DataflowPlanNode:
        found = found_among_days(node, self._recorded_days)
        if found is None:
            return node
        self._note(f"days of periods found among days: {node.time_dimension_spec.element_name}")
        return found

    def _at_period_ends(self, node: WindowReaggregationNode) -> DataflowPlanNode:
        found = at_period_ends(node, self._metrics)
        if found is None:
            return node
        name = node.metric_spec.element_name
        self._note(f"accumulated to the first and last days of periods only: {name}")
        return found

    def _by_stretches(self, node: MatchedEventsNode) -> DataflowPlanNode:
        found = matched_by_stretches(node)
        if found.base_node is not node.base_node:
            events = node.conversion_input_metric_spec.element_name
            self._note(f"matched with base events of about their time only: {events}")
        return found

    def _with_parts(
        self, node: DataflowPlanNode, parts: Mapping[DataflowPlanNode, DataflowPlanNode]
    ) -> DataflowPlanNode:
        if node not in self._rebuilt:
            one = parts.get(node, node)
            found = _over(one, [self._with_parts(above, parts) for above in one.parent_nodes])
            if type(found) is CombineAggregatedOutputsNode:
                found = joined_metrics(found)
            self._rebuilt[node] = found
        return self._rebuilt[node]


def _over(node: DataflowPlanNode, parents: list[DataflowPlanNode]) -> DataflowPlanNode:
    """Give a node over other parents; the same one over its own, so that it is read once."""
    if all(one is other for one, other in zip(parents, node.parent_nodes, strict=True)):
        return node
    return node.with_new_parents(tuple(parents))
