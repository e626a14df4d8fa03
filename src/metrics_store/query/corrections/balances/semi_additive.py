"""Semi-additive measures: which times they go by, and the periods whose day they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataflow.nodes.semi_additive_join import SemiAdditiveJoinNode
from metricflow_semantic_interfaces.references import EntityReference, MetricReference
from metricflow_semantics.model.semantics.element_filter import GroupByItemSetFilter
from metricflow_semantics.specs.spec_set import group_specs_by_type

from metrics_store.query.corrections.period_hierarchy import finest
from metrics_store.query.corrections.plan_nodes import nodes_above

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metricflow.dataflow.builder.simple_metric_input_spec_properties import (
        SimpleMetricInputSpecProperties,
    )
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def name(properties: SimpleMetricInputSpecProperties) -> str:
    """Give the name of the metric that MetricFlow makes of a measure."""
    element: str = properties.simple_metric_input_specs[0].element_name
    return element


def times(
    lookup: MetricLookup, properties: SimpleMetricInputSpecProperties
) -> Collection[TimeDimensionSpec]:
    """Give every form in which a request can name a time that such a measure goes by."""
    counted_by = lookup.get_aggregation_time_dimension_specs(MetricReference(name(properties)))
    return {*counted_by, *periods(lookup, properties)}


def periods(
    lookup: MetricLookup, properties: SimpleMetricInputSpecProperties
) -> Collection[TimeDimensionSpec]:
    """Give the forms of the time of which the first or last day is taken."""
    metric = MetricReference(name(properties))
    dimension = properties.non_additive_dimension_spec
    assert dimension is not None  # noqa: S101 - who calls asked
    if dimension.name == properties.agg_time_dimension.element_name:
        return set(lookup.get_aggregation_time_dimension_specs(metric))
    items = lookup.get_common_group_by_items(
        metric_references=(metric,),
        set_filter=GroupByItemSetFilter.create(element_name_allowlist=(dimension.name,)),
        joins_disallowed=True,
    )
    return set(group_specs_by_type(items.specs).time_dimension_specs)


def over_periods(
    node: SemiAdditiveJoinNode,
    requested: Sequence[TimeDimensionSpec],
    columns: ColumnAssociationResolver,
) -> SemiAdditiveJoinNode:
    """Give a node that takes a day in each of the periods requested, not in one of them."""
    # Accumulated, one row stands under many days: the day has to be found for each of these.
    is_accumulated = any(
        isinstance(one, JoinOverTimeRangeNode) for one in nodes_above(node.parent_node)
    )
    period = finest(requested)
    joined: tuple[EntityReference, ...] = ()
    if is_accumulated or (period is None and requested):
        # MetricFlow takes one period, and any number of columns that have to be equal.
        joined = tuple(EntityReference(columns.resolve_spec(one).column_name) for one in requested)
        period = None
    if period == node.queried_time_dimension_spec and not joined:
        return node
    return SemiAdditiveJoinNode.create(
        parent_node=node.parent_node,
        entity_references=(*node.entity_references, *joined),
        time_dimension_spec=node.time_dimension_spec,
        agg_by_function=node.agg_by_function,
        queried_time_dimension_spec=period,
    )
