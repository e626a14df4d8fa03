"""MetricFlow's builder of plans, with the steps that would give a wrong number made right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metricflow.dataflow.nodes.filter_elements import SelectorNode
from metricflow.dataflow.nodes.join_to_time_spine import JoinToTimeSpineNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow.dataflow.nodes.window_reaggregation_node import WindowReaggregationNode
from metricflow.plan_conversion.node_processor import PredicatePushdownState
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_location import (
    WhereFilterLocation,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.query.corrections import cumulative, refusals, semi_additive
from metrics_store.query.corrections.conditions import SplittingQueryHelper, sort_conditions
from metrics_store.query.corrections.conversions import ConversionPlanBuilder
from metrics_store.query.corrections.moved_periods import moves_unevenly, period_to_move
from metrics_store.query.corrections.period_values import PeriodValuesNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet
    from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
    from metricflow.dataflow.builder.simple_metric_input_spec_properties import (
        SimpleMetricInputSpecProperties,
    )
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.semi_additive_join import SemiAdditiveJoinNode
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.linkable_spec_set import LinkableSpecSet
    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.spec_set import InstanceSpecSet
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
        WhereFilterSpecFactory,
    )


class CorrectingPlanBuilder(ConversionPlanBuilder):
    """Builds the plans that MetricFlow builds, but for the questions it answers wrongly."""

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
                where_filter_specs = sorted_out.apart(semi_additive.name(spec_properties)).on_time
                on_others = sorted_out.on_others
        kept = specs_to_keep_for_aggregation
        for condition in on_others:
            kept = kept.merge(condition.instance_spec_set)
        node = super()._build_pre_aggregation_plan(
            source_node=source_node,
            specs_to_keep_for_aggregation=kept.dedupe() if on_others else kept,
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
        """Find the day for each of the periods asked together, where MetricFlow takes the first."""
        node = super()._build_semi_additive_join_node(
            spec_properties=spec_properties,
            queried_linkable_specs=queried_linkable_specs,
            parent_node=parent_node,
        )
        periods = semi_additive.periods(self._metric_lookup, spec_properties)
        asked = [spec for spec in queried_linkable_specs.time_dimension_specs if spec in periods]
        return semi_additive.over_periods(node, asked, self._column_association_resolver)

    def _build_cumulative_metric_output_node(
        self,
        metric_spec: MetricSpec,
        queried_linkable_specs: LinkableSpecSet,
        predicate_pushdown_state: PredicatePushdownState,
        filter_spec_factory: WhereFilterSpecFactory,
        option_set: DataflowPlanOptionSet,
    ) -> DataflowPlanNode:
        """Take a period's value at its own day, where MetricFlow takes the days with rows."""
        steps = {
            "queried_linkable_specs": queried_linkable_specs,
            "filter_spec_factory": filter_spec_factory,
            "option_set": option_set,
        }
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric_spec.reference)
        periods = [spec for spec in queried_linkable_specs.time_dimension_specs if spec in times]
        node = super()._build_cumulative_metric_output_node(
            metric_spec=metric_spec, predicate_pushdown_state=predicate_pushdown_state, **steps
        )
        if not isinstance(node, WindowReaggregationNode):
            return node
        metric = cumulative.accumulation(self._metric_lookup.get_metric(metric_spec.reference))
        if moves_unevenly(self._days_moved_by(metric_spec), node.order_by_spec.base_granularity):
            return self._moved_periods(metric_spec, periods, predicate_pushdown_state, steps)
        source = self._manifest_object_lookup.simple_metric_name_to_input[metric.input]
        fill = source.fill_nulls_with
        if cumulative.is_right_already(metric, periods, fill):
            return node
        filters, time_range = cumulative.conditions_of_days(node)
        on_time = sort_conditions(filters, times, self._column_association_resolver)
        spine = self._build_time_spine_node(
            queried_time_spine_specs=periods,
            join_on_time_dimension_spec=node.order_by_spec,
            where_filter_specs=on_time.apart(metric_spec.element_name).on_time,
            time_range_constraint=time_range,
        )
        return PeriodValuesNode.in_place_of(node, spine, periods, metric.period_agg, fill)

    def _days_moved_by(self, metric_spec: MetricSpec) -> TimeWindow | None:
        return metric_spec.standard_offset_window

    def _moved_periods(
        self,
        metric_spec: MetricSpec,
        periods: Sequence[TimeDimensionSpec],
        state: PredicatePushdownState,
        steps: dict[str, Any],
    ) -> DataflowPlanNode:
        """Give the values of earlier periods: worked out where they are, and moved as they are."""
        window = metric_spec.standard_offset_window
        period = period_to_move(metric_spec.element_name, periods, window)
        definition = self._metric_lookup.get_metric(metric_spec.reference).filter
        filters = (
            *steps["filter_spec_factory"].create_from_where_filter_intersection(
                filter_location=WhereFilterLocation.for_metric(metric_spec.reference),
                filter_intersection=definition,
            ),
            *metric_spec.where_filter_specs,
        )
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric_spec.reference)
        on_time = sort_conditions(filters, times, self._column_association_resolver)
        values = _UnmovedPlanBuilder.in_place_of(self)._build_cumulative_metric_output_node(  # noqa: SLF001
            metric_spec=metric_spec,
            predicate_pushdown_state=PredicatePushdownState.without_time_range_constraint(state),
            **steps,
        )
        spine = self._build_time_spine_node(
            queried_time_spine_specs=periods,
            join_on_time_dimension_spec=period,
            where_filter_specs=on_time.apart(metric_spec.element_name).on_time,
            time_range_constraint=state.time_range_constraint,
        )
        return JoinToTimeSpineNode.create(
            metric_source_node=values,
            time_spine_node=spine,
            requested_agg_time_dimension_specs=periods,
            join_on_time_dimension_spec=period,
            join_type=SqlJoinType.INNER,
            standard_offset_window=window,
        )

    def _build_aggregated_simple_metric_input(
        self,
        simple_metric_recipe: SimpleMetricRecipe,
        predicate_pushdown_state: PredicatePushdownState,
        **steps: object,
    ) -> DataflowPlanNode:
        """Refuse what has no right answer in MetricFlow's steps."""
        metric = simple_metric_recipe.simple_metric_input.metric_reference
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric)
        refusals.check_offset(simple_metric_recipe, times)
        refusals.check_accumulated(
            simple_metric_recipe, times, predicate_pushdown_state.time_range_constraint
        )
        return super()._build_aggregated_simple_metric_input(
            simple_metric_recipe=simple_metric_recipe,
            predicate_pushdown_state=predicate_pushdown_state,
            **steps,
        )


class _UnmovedPlanBuilder(CorrectingPlanBuilder):
    """Builds the plan of a cumulative metric as if it were not asked for another time."""

    def _days_moved_by(self, metric_spec: MetricSpec) -> None:  # noqa: ARG002 - none, whatever
        return None

    def _build_simple_metric_recipe(
        self,
        simple_metric_input: SimpleMetricInput,
        additional_filter_specs: Sequence[WhereFilterSpec],
        **given: object,
    ) -> SimpleMetricRecipe:
        # Conditions on time are on the time that is asked, not on that of the values.
        metric = simple_metric_input.metric_reference
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric)
        conditions = sort_conditions(
            additional_filter_specs, times, self._column_association_resolver
        )
        unmoved = {"child_metric_offset_window": None, "child_metric_offset_to_grain": None}
        return super()._build_simple_metric_recipe(
            simple_metric_input=simple_metric_input,
            additional_filter_specs=conditions.on_others,
            **{**given, **unmoved},
        )
