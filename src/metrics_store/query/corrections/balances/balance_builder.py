"""Builds plans of balances beside other metrics, by period."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from metricflow.dataflow.builder.builder_cache import FindSourceNodeRecipeInput
from metricflow.dataflow.nodes.combine_aggregated_outputs import CombineAggregatedOutputsNode
from metricflow.plan_conversion.node_processor import PredicatePushdownState
from metricflow_semantics.specs.linkable_spec_set import LinkableSpecSet
from metricflow_semantics.specs.metric_spec import MetricSpec
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
from metricflow_semantics.specs.spec_set import InstanceSpecSet

from metrics_store.query.corrections.balances.known_periods import KnownPeriodsNode
from metrics_store.query.corrections.offsets.distinct_spine import DistinctSpineNode
from metrics_store.query.corrections.offsets.offset_builder import OffsetPlanBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.query_spec import MetricFlowQuerySpec
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


class BalancePlanBuilder(OffsetPlanBuilder):
    """Builds plans that fill balances in only in periods that have any."""

    def _completed(
        self,
        node: DataflowPlanNode,
        query_spec: MetricFlowQuerySpec,
        option_set: DataflowPlanOptionSet,
    ) -> DataflowPlanNode:
        specs = query_spec.linkable_specs.without_aliases
        return self._in_known_periods(node, query_spec.metric_specs, specs, option_set)

    def _build_derived_metric_output_node(
        self,
        metric_spec: MetricSpec,
        queried_linkable_specs: LinkableSpecSet,
        option_set: DataflowPlanOptionSet,
        input_dataflow_plan_nodes: Sequence[DataflowPlanNode],
        **steps: Any,  # noqa: ANN401 - MetricFlow's own
    ) -> DataflowPlanNode:
        nodes = input_dataflow_plan_nodes
        if len(nodes) > 1:
            inputs = [
                MetricSpec.create(one.name, alias=one.alias)
                for one in self._metric_lookup.get_metric(metric_spec.reference).input_metrics
                if not (one.offset_window or one.offset_to_grain)
            ]
            combined = CombineAggregatedOutputsNode.create(nodes)
            known = self._in_known_periods(combined, inputs, queried_linkable_specs, option_set)
            nodes = nodes if known is combined else [known]
        return super()._build_derived_metric_output_node(
            metric_spec=metric_spec,
            queried_linkable_specs=queried_linkable_specs,
            option_set=option_set,
            input_dataflow_plan_nodes=nodes,
            **steps,
        )

    def _in_known_periods(
        self,
        node: DataflowPlanNode,
        metrics: Iterable[MetricSpec],
        specs: LinkableSpecSet,
        option_set: DataflowPlanOptionSet,
    ) -> DataflowPlanNode:
        """Leave balances empty in periods without any, where other metrics have rows."""
        if not isinstance(node, CombineAggregatedOutputsNode):
            return node
        metrics = tuple(metrics)
        inputs = self._manifest_object_lookup.simple_metric_name_to_input
        sources = {_source(inputs.get(one.element_name)) for one in metrics}
        if len(sources) == 1 and None not in sources:
            # No row is of a period that has no balances.
            return node
        of_source: dict[Any, list[MetricSpec]] = defaultdict(list)
        for one in metrics:
            source = inputs.get(one.element_name)
            if source is not None and _is_filled_balance(source):
                of_source[source.model_id, source.agg_time_dimension_name].append(one)
        for balances in of_source.values():
            periods = self._periods(balances[0], specs)
            if periods:
                known = self._known_periods(balances[0].element_name, periods, option_set)
                columns = [
                    self._column_association_resolver.resolve_spec(one).column_name
                    for one in balances
                ]
                node = KnownPeriodsNode.over(node, known, periods, columns)
        return node

    def _known_periods(
        self, metric: str, periods: Sequence[TimeDimensionSpec], option_set: DataflowPlanOptionSet
    ) -> DataflowPlanNode:
        recipe = self._find_source_node_recipe(
            FindSourceNodeRecipeInput(
                simple_metric_input_specs=(SimpleMetricInputSpec(metric),),
                predicate_pushdown_state=PredicatePushdownState.with_pushdown_disabled(),
                linkable_spec_set=LinkableSpecSet(time_dimension_specs=tuple(periods)),
                optimizations=option_set.optimizations,
            )
        )
        assert recipe is not None  # noqa: S101 - the metric itself is asked by them
        node = self._build_pre_aggregation_plan(
            source_node=recipe.source_node,
            join_targets=recipe.join_targets,
            custom_granularity_specs=[one for one in periods if one.has_custom_grain],
            specs_to_keep_for_aggregation=InstanceSpecSet(time_dimension_specs=tuple(periods)),
            distinct=True,
        )
        return DistinctSpineNode.in_place_of(node)


def _source(metric: SimpleMetricInput | None) -> tuple[object, str] | None:
    """Say which rows a metric is made of; nothing where it has others beside them."""
    if metric is None or metric.join_to_timespine:
        return None
    return metric.model_id, metric.agg_time_dimension_name


def _is_filled_balance(source: SimpleMetricInput) -> bool:
    return (
        source.fill_nulls_with is not None
        and source.non_additive_dimension is not None
        and not source.join_to_timespine
    )
