"""Builds plans of metrics with an offset: computed at their own time, then moved."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from metricflow.dataflow.nodes.join_to_time_spine import JoinToTimeSpineNode
from metricflow.plan_conversion.node_processor import PredicateInputType, PredicatePushdownState
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_location import (
    WhereFilterLocation,
)
from metricflow_semantics.specs.metric_spec import MetricSpec
from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
    WhereFilterSpecFactory,
)
from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.query.corrections.conversions.conversion_builder import ConversionPlanBuilder
from metrics_store.query.corrections.offsets import simple_offsets
from metrics_store.query.corrections.offsets.distinct_spine import DistinctSpineNode
from metrics_store.query.corrections.offsets.evaluation_planner import (
    CorrectingEvaluationPlanner,
    moved_conditions,
)
from metrics_store.query.corrections.offsets.moved_periods import (
    Offset,
    not_moved,
    whole_period,
    without_time,
)
from metrics_store.query.corrections.offsets.named_periods import named_periods
from metrics_store.query.corrections.split_conditions import (
    OwnConditionFactory,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet
    from metricflow.dataflow.builder.simple_metric_input_spec_properties import (
        SimpleMetricInputSpecProperties,
    )
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.metric_evaluation.plan.me_plan import MetricEvaluationPlan
    from metricflow_semantic_interfaces.type_enums import TimeGranularity
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.linkable_spec_set import LinkableSpecSet
    from metricflow_semantics.specs.query_spec import MetricFlowQuerySpec
    from metricflow_semantics.specs.simple_metric_input_spec import (
        JoinToTimeSpineDescription,
        SimpleMetricRecipe,
    )
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec


class OffsetPlanBuilder(ConversionPlanBuilder):
    """Builds plans that work a metric out at its own time, and move it to the time requested."""

    def _build_query_output_node(
        self,
        query_spec: MetricFlowQuerySpec,
        option_set: DataflowPlanOptionSet,
        me_plan_override: MetricEvaluationPlan | None = None,
    ) -> DataflowPlanNode:
        """Plan what is worked out of what by our rules for metrics of another time."""
        if me_plan_override is None:
            me_plan_override = self._evaluation_plan(query_spec)
        node = super()._build_query_output_node(query_spec, option_set, me_plan_override)
        return self._completed(node, query_spec, option_set)

    def _completed(
        self,
        node: DataflowPlanNode,
        query_spec: MetricFlowQuerySpec,  # noqa: ARG002 - for those who override it
        option_set: DataflowPlanOptionSet,  # noqa: ARG002
    ) -> DataflowPlanNode:
        """Give the node of a whole request with what is still to be done to it: nothing here."""
        return node

    def _evaluation_plan(self, query_spec: MetricFlowQuerySpec) -> MetricEvaluationPlan:
        # As in MetricFlow's own step, which makes a planner where it is given no plan.
        factory = WhereFilterSpecFactory(
            column_association_resolver=self._column_association_resolver,
            spec_resolution_lookup=query_spec.filter_spec_resolution_lookup,
            custom_grain_names=self._semantic_model_lookup.custom_granularity_names,
        )
        metrics = tuple(spec.reference for spec in query_spec.metric_specs)
        filters = factory.create_from_where_filter_intersection(
            filter_location=WhereFilterLocation.for_query(metrics),
            filter_intersection=query_spec.filter_intersection,
        )
        planner = CorrectingEvaluationPlanner(
            self._manifest_object_lookup,
            self._metric_lookup,
            self._column_association_resolver,
            self._query_helper,
        )
        return planner.build_plan(
            metric_specs=tuple(
                MetricSpec.create(one.element_name, where_filter_specs=filters)
                for one in query_spec.metric_specs
            ),
            group_by_item_specs=query_spec.linkable_specs.without_aliases.as_tuple,
            predicate_pushdown_state=PredicatePushdownState.create(
                time_range_constraint=None,
                where_filter_specs=(),
                pushdown_enabled_types=frozenset({PredicateInputType.TIME_RANGE_CONSTRAINT}),
            ),
            filter_spec_factory=factory,
        )

    def _periods(self, metric: MetricSpec, specs: LinkableSpecSet) -> list[TimeDimensionSpec]:
        """Give the group-bys that are the metric's own time."""
        times = self._metric_lookup.get_aggregation_time_dimension_specs(metric.reference)
        return [spec for spec in specs.time_dimension_specs if spec in times]

    def _moved(
        self,
        build: Callable[..., DataflowPlanNode],
        metric_spec: MetricSpec,
        queried_linkable_specs: LinkableSpecSet,
        steps: dict[str, Any],
    ) -> DataflowPlanNode:
        """Give the values of another time: worked out where they are, and moved as they are."""
        periods = self._periods(metric_spec, queried_linkable_specs)
        offset = Offset.of(metric_spec)
        if not periods:
            raise without_time(metric_spec.element_name, offset)
        if whole_period(offset, periods) is None:
            raise not_moved(metric_spec.element_name, offset)
        values = build(
            metric_spec=self._unmoved(metric_spec),
            queried_linkable_specs=queried_linkable_specs,
            **steps,
        )
        return self._joined_to_moved_periods(values, metric_spec, periods)

    def _unmoved(self, metric_spec: MetricSpec) -> MetricSpec:
        conditions = moved_conditions(
            metric_spec, self._metric_lookup, self._column_association_resolver
        )
        return dataclasses.replace(
            metric_spec,
            where_filter_specs=conditions.before,
            offset_window=None,
            offset_to_grain=None,
        )

    def _joined_to_moved_periods(
        self,
        values: DataflowPlanNode,
        metric_spec: MetricSpec,
        periods: Sequence[TimeDimensionSpec],
    ) -> DataflowPlanNode:
        period = whole_period(Offset.of(metric_spec), periods)
        assert period is not None  # noqa: S101 - who calls has asked
        conditions = moved_conditions(
            metric_spec, self._metric_lookup, self._column_association_resolver
        )
        spine = self._build_time_spine_node(
            queried_time_spine_specs=periods,
            join_on_time_dimension_spec=period,
            where_filter_specs=conditions.after,
        )
        return JoinToTimeSpineNode.create(
            metric_source_node=values,
            time_spine_node=spine,
            requested_agg_time_dimension_specs=periods,
            join_on_time_dimension_spec=period,
            join_type=SqlJoinType.INNER,
            standard_offset_window=metric_spec.standard_offset_window,
            offset_to_grain=metric_spec.offset_to_grain,
        )

    def _build_time_spine_join_node_for_nested_offset(
        self,
        queried_agg_time_dimension_specs: tuple[TimeDimensionSpec, ...],
        metric_spec: MetricSpec,
        metric_source_node: DataflowPlanNode,
        **_steps: object,
    ) -> DataflowPlanNode:
        """Move a ratio or derived metric, unless its inputs are moved already."""
        if whole_period(Offset.of(metric_spec), queried_agg_time_dimension_specs) is None:
            return metric_source_node
        return self._joined_to_moved_periods(
            metric_source_node,
            metric_spec,
            queried_agg_time_dimension_specs,
        )

    def _build_time_spine_join_node_for_before_aggregation(
        self,
        join_description: JoinToTimeSpineDescription,
        spec_properties: SimpleMetricInputSpecProperties,
        **steps: object,
    ) -> DataflowPlanNode:
        """Move rows by whole months, where MetricFlow moves days by them."""
        grain = simple_offsets.grain_of_rows(
            Offset.of(join_description), spec_properties.agg_time_dimension_grain
        )
        return super()._build_time_spine_join_node_for_before_aggregation(
            join_description=join_description,
            spec_properties=dataclasses.replace(spec_properties, agg_time_dimension_grain=grain),
            **steps,
        )

    def _build_time_spine_node(
        self,
        queried_time_spine_specs: Sequence[TimeDimensionSpec],
        join_on_time_dimension_spec: TimeDimensionSpec,
        where_filter_specs: Sequence[WhereFilterSpec] = (),
        **steps: Any,  # noqa: ANN401 - MetricFlow's own
    ) -> DataflowPlanNode:
        """Take the periods from their own spine, whatever the conditions on them name.

        A condition by day makes MetricFlow take them from the spine of days, which may go on where
        that of longer periods ends.
        """
        wanted = {*queried_time_spine_specs, join_on_time_dimension_spec}
        named = {spec for one in where_filter_specs for spec in one.linkable_specs}

        def build(**given: Any) -> DataflowPlanNode:  # noqa: ANN401 - as above
            node = super(OffsetPlanBuilder, self)._build_time_spine_node(**given)
            return DistinctSpineNode.in_place_of(node)

        if steps.get("custom_offset_window"):
            # The last periods of the spine have none after them to be moved to.
            node = named_periods(
                build(
                    queried_time_spine_specs=queried_time_spine_specs,
                    join_on_time_dimension_spec=join_on_time_dimension_spec,
                    **steps,
                ),
                queried_time_spine_specs,
                self._column_association_resolver,
            )
            # Moved days have the first day of their period, on which no condition may be.
            return self._in_requested_periods(node, queried_time_spine_specs, where_filter_specs)
        node = build(
            queried_time_spine_specs=queried_time_spine_specs,
            join_on_time_dimension_spec=join_on_time_dimension_spec,
            where_filter_specs=where_filter_specs,
            **steps,
        )
        own_spine, named_spine = (
            self._choose_time_spine_sources(tuple(specs))[0] for specs in (wanted, wanted | named)
        )
        if own_spine == named_spine:
            return node
        return JoinToTimeSpineNode.create(
            metric_source_node=node,
            time_spine_node=build(
                queried_time_spine_specs=queried_time_spine_specs,
                join_on_time_dimension_spec=join_on_time_dimension_spec,
                **steps,
            ),
            requested_agg_time_dimension_specs=queried_time_spine_specs,
            join_on_time_dimension_spec=join_on_time_dimension_spec,
            join_type=SqlJoinType.INNER,
        )

    def _in_requested_periods(
        self,
        node: DataflowPlanNode,
        periods: Sequence[TimeDimensionSpec],
        conditions: Sequence[WhereFilterSpec],
    ) -> DataflowPlanNode:
        """Leave the periods of which a condition asks for a day, or for all."""
        if not conditions:
            return node
        return JoinToTimeSpineNode.create(
            metric_source_node=node,
            time_spine_node=self._build_time_spine_node(
                queried_time_spine_specs=periods,
                join_on_time_dimension_spec=periods[0],
                where_filter_specs=conditions,
            ),
            requested_agg_time_dimension_specs=periods,
            join_on_time_dimension_spec=periods[0],
            join_type=SqlJoinType.INNER,
        )

    def _build_conversion_metric_output_node(self, **steps: Any) -> DataflowPlanNode:  # noqa: ANN401
        """Move a conversion as a whole."""
        build = super()._build_conversion_metric_output_node
        if not steps["metric_spec"].has_time_offset:
            return build(**steps)
        return self._moved(
            build,
            steps.pop("metric_spec"),
            steps.pop("queried_linkable_specs"),
            steps,
        )

    def _build_simple_metric_recipe(
        self,
        simple_metric_input: SimpleMetricInput,
        child_metric_offset_window: TimeWindow | None,
        child_metric_offset_to_grain: TimeGranularity | None,
        queried_linkable_specs: LinkableSpecSet,
        filter_spec_factory: WhereFilterSpecFactory,
        **given: object,
    ) -> SimpleMetricRecipe:
        """Leave the conditions of a definition on the time of the rows that are moved."""
        offset = Offset(child_metric_offset_window, child_metric_offset_to_grain)
        if not (offset.window or offset.to_grain):
            return super()._build_simple_metric_recipe(
                simple_metric_input=simple_metric_input,
                child_metric_offset_window=None,
                child_metric_offset_to_grain=None,
                queried_linkable_specs=queried_linkable_specs,
                filter_spec_factory=filter_spec_factory,
                **given,
            )
        metric = MetricSpec.from_reference(simple_metric_input.metric_reference)
        if not self._periods(metric, queried_linkable_specs):
            raise without_time(simple_metric_input.name, offset)
        recipe = super()._build_simple_metric_recipe(
            simple_metric_input=simple_metric_input,
            child_metric_offset_window=child_metric_offset_window,
            child_metric_offset_to_grain=child_metric_offset_to_grain,
            queried_linkable_specs=queried_linkable_specs,
            filter_spec_factory=OwnConditionFactory(filter_spec_factory),
            **given,
        )
        return simple_offsets.corrected(recipe)
