"""Aggregates by day before rows are joined to the days of a time spine.

MetricFlow joins each row to every day that it counts on, and aggregates then. Sums of sums are the
same, and there are few days. What rows are joined to and filtered by comes before the days too,
as long as it is not on time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.dataflow.nodes.join_over_time import JoinOverTimeRangeNode
from metricflow.dataflow.nodes.join_to_base import JoinOnEntitiesNode
from metricflow.dataflow.nodes.join_to_custom_granularity import JoinToCustomGranularityNode
from metricflow.dataflow.nodes.join_to_time_spine import JoinToTimeSpineNode
from metricflow_semantic_interfaces.type_enums import AggregationType
from metricflow_semantics.specs.spec_set import InstanceSpecSet

from metrics_store.query.optimisation.aggregates.aggregation_steps import (
    ADDITIVE,
    AggregationSteps,
    steps_of,
    steps_to_rows,
)
from metrics_store.query.optimisation.aggregates.partial_aggregate import PartialAggregateNode
from metrics_store.query.optimisation.whole_sums import (
    NotRewrittenError,
    WholeSums,
    WholeSumsNode,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metricflow.dataflow.dataflow_plan import DataflowPlanNode
    from metricflow.dataflow.nodes.aggregate_simple_metric_inputs import (
        AggregateSimpleMetricInputsNode,
    )
    from metricflow_semantics.semantic_graph.lookups.manifest_object_lookup import (
        ManifestObjectLookup,
    )
    from metricflow_semantics.specs.instance_spec import InstanceSpec
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


@dataclass(frozen=True)
class _TimeJoin:
    """Rows between where they are read and where they are aggregated, joined to a time spine.

    Attributes:
        source: Where the rows come from.
        node: The join to the time spine.
        given: The times that come from the spine.
        joined_on: The time of the rows that is compared with the spine's.
        entities: The join to other semantic models, if there is one.
        calendars: The joins to custom calendars.
    """

    source: DataflowPlanNode
    node: JoinOverTimeRangeNode | JoinToTimeSpineNode
    given: frozenset[TimeDimensionSpec]
    joined_on: TimeDimensionSpec
    entities: JoinOnEntitiesNode | None
    calendars: tuple[JoinToCustomGranularityNode, ...]


def aggregated_early(
    node: AggregateSimpleMetricInputsNode, lookup: ManifestObjectLookup, whole_sums: WholeSums
) -> AggregateSimpleMetricInputsNode | None:
    """Give an aggregation of days in the place of one of rows; none where no spine is joined.

    Args:
        node: The aggregation.
        lookup: What MetricFlow knows of what is aggregated.
        whole_sums: Says which sums are whole numbers that the engine makes others of.

    Raises:
        NotRewrittenError: It would not give the same.
    """
    steps = steps_of(node)
    join = None if steps is None else _time_join(steps.rows)
    if steps is None or join is None:
        return None
    _check(steps, join, lookup)
    inputs = [lookup.simple_metric_name_to_input[one.element_name] for one in steps.inputs]
    whole = [one.name for one in inputs if one.agg is AggregationType.SUM and whole_sums(one)]
    from_calendars = {one.time_dimension_spec for one in join.calendars}
    later = [
        one
        for one in steps.conditions
        if any(spec in join.given or spec in from_calendars for spec in one.linkable_specs)
    ]
    sooner = tuple(one for one in steps.conditions if one not in later)
    needed = [*steps.keys, *(spec for one in later for spec in one.linkable_specs)]
    own = [spec for spec in needed if spec not in join.given and spec not in from_calendars]
    kept = _specs([*own, join.joined_on, *steps.inputs])
    named = [spec for one in sooner for spec in one.linkable_specs]
    rows = join.source
    if join.entities is not None:
        rows = join.entities.with_new_parents((rows, *join.entities.parent_nodes[1:]))
    days: DataflowPlanNode = PartialAggregateNode(
        parent_nodes=(steps_to_rows(rows, _specs([*kept.all_specs, *named]), sooner, kept),),
        null_fill_value_mapping=node.null_fill_value_mapping,
        joined_on=join.joined_on,
        given=tuple(sorted(join.given, key=lambda spec: str(spec.dunder_name))),
    )
    days = join.node.with_new_parents((days, *join.node.parent_nodes[1:]))
    for calendar in reversed(join.calendars):
        days = calendar.with_new_parents((days,))
    read = _specs([*needed, *steps.inputs])
    node = node.with_new_parents((steps_to_rows(days, read, tuple(later), steps.kept),))
    return WholeSumsNode.in_place_of(node, whole) if whole else node


def _time_join(rows: DataflowPlanNode) -> _TimeJoin | None:
    calendars = []
    node = rows
    while type(node) is JoinToCustomGranularityNode:
        calendars.append(node)
        node = node.parent_node
    entities = None
    if type(node) is JoinOnEntitiesNode:
        entities = node
        node = node.left_node
    if type(node) is JoinOverTimeRangeNode:
        given = frozenset(node.queried_agg_time_dimension_specs)
        # As MetricFlow chooses it.
        dated = [spec for spec in node.queried_agg_time_dimension_specs if not spec.date_part]
        joined_on = min(dated, key=lambda spec: spec.base_granularity_sort_key)
        source = node.parent_node
    elif type(node) is JoinToTimeSpineNode:
        joined_on = node.join_on_time_dimension_spec
        given = frozenset({*node.requested_agg_time_dimension_specs, joined_on})
        source = node.metric_source_node
    else:
        return None
    return _TimeJoin(source, node, given, joined_on, entities, tuple(calendars))


def _check(steps: AggregationSteps, join: _TimeJoin, lookup: ManifestObjectLookup) -> None:
    for one in steps.inputs:
        agg = lookup.simple_metric_name_to_input[one.element_name].agg
        if agg not in ADDITIVE:
            raise NotRewrittenError(
                f"{one.element_name} is not aggregated by day first: the {agg.value} of all days "
                "does not follow from that of each"
            )
    name = steps.inputs[0].element_name
    if type(join.source) in (JoinOverTimeRangeNode, JoinToTimeSpineNode):
        raise NotRewrittenError(f"{name} is not aggregated by day first: it is moved twice")
    if join.entities is not None and any(
        one.validity_window or one.join_on_partition_time_dimensions
        for one in join.entities.join_targets
    ):
        raise NotRewrittenError(
            f"{name} is not aggregated by day first: what it is grouped or filtered by is looked "
            "up as of the day"
        )
    if any(one.time_dimension_spec.with_base_grain() not in join.given for one in join.calendars):
        raise NotRewrittenError(
            f"{name} is not aggregated by day first: it is asked by a custom period of another time"
        )


def _specs(specs: Iterable[InstanceSpec]) -> InstanceSpecSet:
    return InstanceSpecSet.create_from_specs(specs).dedupe()
