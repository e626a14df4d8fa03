"""Builds plans of conversion metrics.

First each conversion is given the base event that it follows, among all base events that the
definition counts. Only then do the request's conditions say which base events are requested, so
that a slice is one number however it is requested. MetricFlow filters before it matches, and a
conversion whose own base event is left out goes to an earlier one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow.dataflow.builder.builder_cache import FindSourceNodeRecipeInput
from metricflow.dataflow.builder.dataflow_plan_builder import DataflowPlanBuilder
from metricflow.dataflow.builder.source_node_recipe import SourceNodeRecipe
from metricflow.dataflow.nodes.add_generated_uuid import AddGeneratedUuidColumnNode
from metricflow.dataflow.nodes.combine_aggregated_outputs import CombineAggregatedOutputsNode
from metricflow.dataflow.nodes.join_conversion_events import JoinConversionEventsNode
from metricflow.dataflow.nodes.where_filter import WhereFilterNode
from metricflow.plan_conversion.node_processor import PredicatePushdownState
from metricflow_semantic_interfaces.implementations.filters.where_filter import (
    PydanticWhereFilterIntersection,
)
from metricflow_semantic_interfaces.type_enums import AggregationType
from metricflow_semantic_interfaces.validations.unique_valid_name import MetricFlowReservedKeywords
from metricflow_semantics.query.group_by_item.filter_spec_resolution.filter_location import (
    WhereFilterLocation,
)
from metricflow_semantics.specs.constant_property_spec import ConstantPropertySpec
from metricflow_semantics.specs.entity_spec import EntitySpec
from metricflow_semantics.specs.linkable_spec_set import LinkableSpecSet
from metricflow_semantics.specs.metadata_spec import MetadataSpec
from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricInputSpec
from metricflow_semantics.specs.spec_set import InstanceSpecSet
from metricflow_semantics.specs.time_window import TimeWindow

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.conversions.conversion_filters import defined_filters
from metrics_store.query.corrections.conversions.event_keys import key_of, time_of
from metrics_store.query.corrections.conversions.event_times import EVENT_TIME, with_event_time
from metrics_store.query.corrections.conversions.matched_events import MatchedEventsNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow.dataflow.builder.builder_cache import DataflowPlanOptionSet
    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput
    from metricflow_semantics.specs.instance_spec import InstanceSpec
    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
        WhereFilterSpecFactory,
    )

_CONVERSION_ID = MetadataSpec(MetricFlowReservedKeywords.MF_INTERNAL_UUID.value)


@dataclasses.dataclass(frozen=True)
class ConversionStep:
    """What MetricFlow knows when it plans a conversion metric."""

    metric_spec: MetricSpec
    queried_linkable_specs: LinkableSpecSet
    filter_spec_factory: WhereFilterSpecFactory
    predicate_pushdown_state: PredicatePushdownState
    option_set: DataflowPlanOptionSet


class ConversionPlanBuilder(DataflowPlanBuilder):  # type: ignore[misc]
    """Builds plans that match conversions with base events before anything is left out."""

    def _build_conversion_metric_output_node(self, **steps: object) -> DataflowPlanNode:
        """Count the base events and the conversions that are requested."""
        step = ConversionStep(**steps)
        metric = self._metric_lookup.get_metric(step.metric_spec.reference)
        parameters = metric.type_params.conversion_type_params
        inputs = self._manifest_object_lookup.simple_metric_name_to_input
        base = inputs[parameters.base_metric.name]
        conversion = inputs[parameters.conversion_metric.name]

        create = step.filter_spec_factory.create_from_where_filter_intersection
        of_base = create(
            WhereFilterLocation.for_input_metric(parameters.base_metric.as_reference),
            parameters.base_metric.filter,
        )
        conditions = (
            *create(WhereFilterLocation.for_metric(step.metric_spec.reference), metric.filter),
            *step.metric_spec.where_filter_specs,
        )
        counted = self._recipe(step, base, (*of_base, *conditions))
        matched = self._matched(
            step,
            base,
            self._recipe(step, base, of_base).combined_filter_specs,
            self._required(step.queried_linkable_specs, counted.combined_filter_specs),
        )
        if conditions:
            matched = WhereFilterNode.create(matched, filter_specs=conditions)
        queried = step.queried_linkable_specs
        node = CombineAggregatedOutputsNode.create(
            parent_nodes=(
                self.build_aggregated_simple_metric_input(
                    simple_metric_recipe=counted,
                    predicate_pushdown_state=step.predicate_pushdown_state,
                    option_set=step.option_set,
                ),
                self.build_aggregated_simple_metric_input(
                    simple_metric_recipe=dataclasses.replace(
                        self._recipe(step, _once_matched(conversion), conditions),
                        pre_aggregation_filter_specs=(),
                    ),
                    predicate_pushdown_state=step.predicate_pushdown_state,
                    option_set=step.option_set,
                    source_node_recipe=SourceNodeRecipe(
                        source_node=matched,
                        required_local_linkable_specs=queried,
                        join_linkable_instances_recipes=(),
                        all_linkable_specs_required_for_source_nodes=queried,
                    ),
                ),
            )
        )
        return self.build_computed_metrics_node(
            metric_spec=step.metric_spec,
            aggregated_node=node,
            option_set=step.option_set,
            aggregated_to_elements=set(queried.as_tuple),
        )

    def _recipe(
        self,
        step: ConversionStep,
        events: SimpleMetricInput,
        filters: Iterable[WhereFilterSpec],
    ) -> SimpleMetricRecipe:
        return self._build_simple_metric_recipe(
            filter_spec_factory=step.filter_spec_factory,
            simple_metric_input=events,
            cumulative_description=None,
            queried_linkable_specs=step.queried_linkable_specs,
            child_metric_offset_window=None,
            child_metric_offset_to_grain=None,
            additional_filter_specs=tuple(filters),
        )

    def _matched(
        self,
        step: ConversionStep,
        base: SimpleMetricInput,
        base_filters: Sequence[WhereFilterSpec],
        required: LinkableSpecSet,
    ) -> DataflowPlanNode:
        """Give each conversion of the definition with what is requested of its base event."""
        metric = self._metric_lookup.get_metric(step.metric_spec.reference)
        parameters = metric.type_params.conversion_type_params
        inputs = self._manifest_object_lookup.simple_metric_name_to_input
        conversion = inputs[parameters.conversion_metric.name]
        conversion_filters = defined_filters(
            parameters.conversion_metric,
            conversion,
            self._semantic_manifest_lookup,
            self._column_association_resolver,
        )
        entity = EntitySpec(element_name=parameters.entity, entity_links=())
        time = self._get_minimum_metric_time_spec_for_metric(
            metric_reference=step.metric_spec.reference
        )
        spec_of = self._semantic_model_lookup.get_element_spec_for_name
        constant = [
            ConstantPropertySpec(spec_of(one.base_property), spec_of(one.conversion_property))
            for one in parameters.constant_properties or ()
        ]
        key = key_of(base, self._semantic_model_lookup)
        counted = SimpleMetricInputSpec(element_name=conversion.name)
        base_events = self._events(
            step,
            base,
            base_filters,
            required,
            (entity, time, EVENT_TIME, *(one.base_spec for one in constant), *key),
        )
        conversions = self._events(
            step,
            conversion,
            conversion_filters,
            self._required(LinkableSpecSet(), conversion_filters),
            (counted, entity, time, EVENT_TIME, *(one.conversion_spec for one in constant)),
        )
        window = parameters.window
        return MatchedEventsNode.in_place_of(
            JoinConversionEventsNode.create(
                base_node=base_events,
                base_time_dimension_spec=time,
                conversion_node=AddGeneratedUuidColumnNode.create(parent_node=conversions),
                conversion_simple_metric_input_spec=counted,
                conversion_time_dimension_spec=time,
                unique_identifier_keys=(_CONVERSION_ID,),
                entity_spec=entity,
                window=None if window is None else TimeWindow.create_from_dsi_time_window(window),
                constant_properties=constant,
            ),
            key,
        )

    def _events(
        self,
        step: ConversionStep,
        events: SimpleMetricInput,
        filters: Sequence[WhereFilterSpec],
        linkable: LinkableSpecSet,
        more: Iterable[InstanceSpec],
    ) -> DataflowPlanNode:
        """Read the events of one kind with all that is needed of them."""
        recipe = self._find_source_node_recipe(
            FindSourceNodeRecipeInput(
                simple_metric_input_specs=(SimpleMetricInputSpec(element_name=events.name),),
                predicate_pushdown_state=PredicatePushdownState.with_pushdown_disabled(),
                linkable_spec_set=linkable,
                optimizations=step.option_set.optimizations,
            )
        )
        if recipe is None:
            raise MetricsStoreError(
                "the events of a conversion metric do not have what is asked of them",
                where=f"{step.metric_spec.element_name}: {events.name}",
            )
        return self._build_pre_aggregation_plan(
            source_node=with_event_time(
                recipe.source_node,
                time_of(events, self._semantic_model_lookup),
                self._column_association_resolver,
            ),
            join_targets=recipe.join_targets,
            custom_granularity_specs=linkable.time_dimension_specs_with_custom_grain,
            where_filter_specs=filters,
            specs_to_keep_for_aggregation=InstanceSpecSet.create_from_specs(more)
            .merge(linkable.as_instance_spec_set)
            .dedupe(),
        )

    def _required(
        self, queried: LinkableSpecSet, filters: Sequence[WhereFilterSpec]
    ) -> LinkableSpecSet:
        return self._DataflowPlanBuilder__get_required_linkable_specs(
            queried_linkable_specs=queried, filter_specs=filters
        )

    @property
    def _semantic_manifest_lookup(self) -> SemanticManifestLookup:
        known: SemanticManifestLookup = vars(self._source_node_builder)["_semantic_manifest_lookup"]
        return known


def _once_matched(events: SimpleMetricInput) -> SimpleMetricInput:
    """Give conversions as they are counted: those that do not count are left out already.

    A count of distinct values over no rows is 0: so is that of a group without conversions, as it
    is where the same group is requested by a filter.
    """
    fill = events.fill_nulls_with
    if fill is None and events.agg is AggregationType.COUNT_DISTINCT:
        fill = 0
    everything = PydanticWhereFilterIntersection(where_filters=[])
    return dataclasses.replace(events, filter=everything, fill_nulls_with=fill)
