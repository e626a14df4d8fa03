"""MetricFlow's builder of plans, with corrections where its steps give a wrong number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode

from metrics_store.query.corrections.balances import accumulation, accumulation_check, semi_additive
from metrics_store.query.corrections.balances.balance_builder import BalancePlanBuilder
from metrics_store.query.corrections.balances.period_values import MovedWindowNode, PeriodValuesNode
from metrics_store.query.corrections.balances.period_values_sql import PeriodRule
from metrics_store.query.corrections.offsets import simple_offsets
from metrics_store.query.corrections.offsets.moved_periods import (
    Offset,
    not_moved,
    whole_period,
)
from metrics_store.query.corrections.split_conditions import (
    SplittingQueryHelper,
    sort_conditions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
    from metricflow.dataflow.builder.simple_metric_input_spec_properties import (
        SimpleMetricInputSpecProperties,
    )
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.semi_additive_join import SemiAdditiveJoinNode
    from metricflow_semantics.specs.linkable_spec_set import LinkableSpecSet
    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.simple_metric_input_spec import (
        SimpleMetricRecipe,
    )
    from metricflow_semantics.specs.spec_set import InstanceSpecSet
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec


class CorrectingPlanBuilder(BalancePlanBuilder):
    """Builds the plans that MetricFlow builds, but for the requests it answers wrongly."""

    @classmethod
    def in_place_of(cls, builder: DataflowPlanBuilder) -> CorrectingPlanBuilder:
        """Give one that knows all that MetricFlow's own knows."""
        correcting = cls.__new__(cls)
        known = vars(builder)
        helper = SplittingQueryHelper(
            known["_metric_lookup"], known["_column_association_resolver"]
        )
        correcting.__dict__.update({**known, "_query_helper": helper})
        return correcting

    def _build_pre_aggregation_plan(
        self,
        source_node: DataflowPlanNode,
        specs_to_keep_for_aggregation: InstanceSpecSet,
        where_filter_specs: Sequence[WhereFilterSpec] = (),
        spec_properties: SimpleMetricInputSpecProperties | None = None,
        **steps: object,
    ) -> DataflowPlanNode:
        """Find the day of a semi-additive measure among all rows, and filter afterwards."""
        on_others: tuple[WhereFilterSpec, ...] = ()
        if spec_properties is not None and spec_properties.non_additive_dimension_spec is not None:
            sorted_out = sort_conditions(
                where_filter_specs,
                semi_additive.times(self._metric_lookup, spec_properties),
                self._column_association_resolver,
            )
            if sorted_out.on_others or sorted_out.on_both:
                where_filter_specs = sorted_out.require_separate(
                    semi_additive.name(spec_properties)
                ).on_time
                on_others = sorted_out.on_others
        included = specs_to_keep_for_aggregation
        for condition in on_others:
            included = included.merge(condition.instance_spec_set)
        node = super()._build_pre_aggregation_plan(
            source_node=source_node,
            specs_to_keep_for_aggregation=included.dedupe() if on_others else included,
            where_filter_specs=where_filter_specs,
            spec_properties=spec_properties,
            **steps,
        )
        if not on_others:
            return node
        return SelectorNode.create(
            parent_node=WhereFilterNode.create(parent_node=node, filter_specs=on_others),
            include_specs=specs_to_keep_for_aggregation,
        )

    def _build_semi_additive_join_node(
        self,
        spec_properties: SimpleMetricInputSpecProperties,
        queried_linkable_specs: LinkableSpecSet,
        parent_node: DataflowPlanNode,
    ) -> SemiAdditiveJoinNode:
        """Find the day of each requested period, where MetricFlow takes the first period."""
        node = super()._build_semi_additive_join_node(
            spec_properties=spec_properties,
            queried_linkable_specs=queried_linkable_specs,
            parent_node=parent_node,
        )
        periods = semi_additive.periods(self._metric_lookup, spec_properties)
        requested = [
            spec for spec in queried_linkable_specs.time_dimension_specs if spec in periods
        ]
        return semi_additive.over_periods(node, requested, self._column_association_resolver)

    def _build_cumulative_metric_output_node(
        self,
        metric_spec: MetricSpec,
        queried_linkable_specs: LinkableSpecSet,
        **steps: Any,  # noqa: ANN401 - MetricFlow's own
    ) -> DataflowPlanNode:
        """Take a period's value at its own day, where MetricFlow takes the days with rows."""
        if not metric_spec.has_time_offset:
            node = super()._build_cumulative_metric_output_node(
                metric_spec=metric_spec,
                queried_linkable_specs=queried_linkable_specs,
                **steps,
            )
            return self._period_values(node, self._periods(metric_spec, queried_linkable_specs))
        build = self._build_cumulative_metric_output_node
        offset = Offset.of(metric_spec)
        periods = self._periods(metric_spec, queried_linkable_specs)
        if not periods or whole_period(offset, periods):
            return self._moved(build, metric_spec, queried_linkable_specs, steps)
        shortest = self._get_minimum_metric_time_spec_for_metric(metric_spec.reference)
        if offset.to_grain or offset.moves_by_months or not whole_period(offset, [shortest]):
            raise not_moved(metric_spec.element_name, offset)
        # Days are moved, and a period's value is that of a day of those that it then has.
        by_day = queried_linkable_specs.add_specs(time_dimension_specs=(shortest,))
        node = MovedWindowNode(
            parent_nodes=(self._moved(build, metric_spec, by_day, steps),),
            metric_spec=self._unmoved(metric_spec),
            order_by_spec=shortest,
            partition_by_specs=queried_linkable_specs.as_tuple,
        )
        return self._period_values(node, periods)

    def _period_values(
        self, node: DataflowPlanNode, periods: Sequence[TimeDimensionSpec]
    ) -> DataflowPlanNode:
        """Take the value of a period at its day, in place of MetricFlow's node that does so."""
        if not isinstance(node, WindowReaggregationNode):
            return node
        reference = node.metric_spec.reference
        metric = accumulation.accumulation(self._metric_lookup.get_metric(reference))
        source = self._manifest_object_lookup.simple_metric_name_to_input[metric.input]
        fill = source.fill_nulls_with
        if accumulation.is_right_already(metric, periods, fill):
            return node
        on_time = sort_conditions(
            accumulation.conditions_of_days(node),
            self._metric_lookup.get_aggregation_time_dimension_specs(reference),
            self._column_association_resolver,
        )
        spine = self._build_time_spine_node(
            queried_time_spine_specs=periods,
            join_on_time_dimension_spec=node.order_by_spec,
            where_filter_specs=on_time.require_separate(node.metric_spec.element_name).on_time,
        )
        rule = PeriodRule(periods, metric.period_agg, fill)
        return PeriodValuesNode.in_place_of(node, spine, rule)

    def _build_aggregated_simple_metric_input(
        self,
        simple_metric_recipe: SimpleMetricRecipe,
        **steps: object,
    ) -> DataflowPlanNode:
        """Reject what has no right answer in MetricFlow's steps."""
        metric = simple_metric_recipe.simple_metric_input.metric_reference
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric)
        simple_offsets.check(simple_metric_recipe, times)
        accumulation_check.check_accumulated(simple_metric_recipe, times)
        return super()._build_aggregated_simple_metric_input(
            simple_metric_recipe=simple_metric_recipe,
            **steps,
        )
