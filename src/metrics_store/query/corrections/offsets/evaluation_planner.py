"""Plans which conditions and which offset the inputs of a metric have, where it has an offset.

MetricFlow groups the inputs by all that the conditions name, moves the rows, filters them, and
never puts them together again. Here conditions that are not on time reach the inputs, as they do
without an offset, and those on time stay with the metric: they are on the time that is requested.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow.metric_evaluation.dfs_me_planner import DepthFirstSearchMetricEvaluationPlanner
from metricflow.metric_evaluation.plan.query_element import MetricQueryElement
from metricflow.plan_conversion.node_processor import PredicatePushdownState
from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec

from metrics_store.query.corrections import distinct_inputs
from metrics_store.query.corrections.offsets.moved_periods import (
    Offset,
    not_moved,
    whole_period,
    without_time,
)
from metrics_store.query.corrections.offsets.simple_offsets import mixed_condition
from metrics_store.query.corrections.split_conditions import (
    OwnCondition,
    names_in,
    own,
    plain,
    sort_conditions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow.metric_evaluation.metric_query_helper import MetricQueryHelper
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup
    from metricflow_semantics.semantic_graph.lookups.manifest_object_lookup import (
        ManifestObjectLookup,
    )
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.instance_spec import LinkableInstanceSpec
    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
        WhereFilterSpecFactory,
    )


@dataclasses.dataclass(frozen=True)
class MovedConditions:
    """The conditions on a metric that is moved, by the time that they are on.

    Attributes:
        before: Those on the rows that it is made of.
        after: Those on the time that is requested.
    """

    before: tuple[WhereFilterSpec, ...]
    after: tuple[WhereFilterSpec, ...]


def moved_conditions(
    metric: MetricSpec, lookup: MetricLookup, columns: ColumnAssociationResolver
) -> MovedConditions:
    """Separate the conditions on a moved metric by the time that they are on.

    Raises:
        MetricsStoreError: One is on both.
    """
    given = metric.where_filter_specs
    found = sort_conditions(
        [one for one in given if not isinstance(one, OwnCondition)],
        lookup.get_aggregation_time_dimension_specs(metric.reference),
        columns,
    )
    if found.on_both:
        raise mixed_condition(metric.element_name, names_in(found.on_both[0]))
    owned = [one for one in given if isinstance(one, OwnCondition)]
    return MovedConditions(before=(*found.on_others, *plain(owned)), after=found.on_time)


class CorrectingEvaluationPlanner(DepthFirstSearchMetricEvaluationPlanner):  # type: ignore[misc]
    """Plans which metrics are worked out of which, as MetricFlow does without offsets."""

    def __init__(
        self,
        objects: ManifestObjectLookup,
        lookup: MetricLookup,
        columns: ColumnAssociationResolver,
        helper: MetricQueryHelper,
    ) -> None:
        super().__init__(objects, lookup, columns)
        self._lookup = lookup
        self._query_helper = helper

    def _get_input_metric_query_elements_for_derived_metric(
        self,
        metric_spec: MetricSpec,
        group_by_item_specs: Iterable[LinkableInstanceSpec],
        predicate_pushdown_state: PredicatePushdownState,
        filter_spec_factory: WhereFilterSpecFactory,
    ) -> Sequence[MetricQueryElement]:
        """Give the inputs of a ratio or derived metric."""
        group_bys = tuple(group_by_item_specs)
        moved = None
        conditions: Iterable[WhereFilterSpec] = metric_spec.where_filter_specs
        state = predicate_pushdown_state
        if metric_spec.has_time_offset:
            state = PredicatePushdownState.with_pushdown_disabled()
            if self._is_moved_whole(metric_spec, group_bys):
                conditions = moved_conditions(
                    metric_spec, self._lookup, self._column_association_resolver
                ).before
            else:
                moved = metric_spec
        inputs = self._inputs(metric_spec.element_name, conditions, moved, filter_spec_factory)
        return tuple(MetricQueryElement.create(one, group_bys, state) for one in inputs)

    def _is_moved_whole(
        self, metric: MetricSpec, group_bys: Iterable[LinkableInstanceSpec]
    ) -> bool:
        times = self._lookup.get_aggregation_time_dimension_specs(metric.reference)
        periods = [
            spec for spec in group_bys if isinstance(spec, TimeDimensionSpec) and spec in times
        ]
        offset = Offset.of(metric)
        if not periods:
            raise without_time(metric.element_name, offset)
        return whole_period(offset, periods) is not None

    def _inputs(
        self,
        metric: str,
        conditions: Iterable[WhereFilterSpec],
        moved: MetricSpec | None,
        factory: WhereFilterSpecFactory,
    ) -> Iterable[MetricSpec]:
        """Give the inputs of a metric, each with the conditions on it.

        Where the metric cannot be moved as a whole, each input takes its offset.
        """
        conditions = tuple(conditions)
        defined = self._build_input_metric_specs_for_derived_metric(
            metric_name=metric, additional_filter_specs=(), filter_spec_factory=factory
        )
        definition = self._manifest_object_lookup.get_metric(metric)
        distinct_inputs.check(definition)
        for spec, given in zip(defined, definition.input_metrics, strict=True):
            if moved is not None:
                if spec.has_time_offset:
                    raise not_moved(metric, Offset.of(moved))
                yield dataclasses.replace(
                    spec,
                    where_filter_specs=(*own(spec.where_filter_specs), *conditions),
                    offset_window=moved.offset_window,
                    offset_to_grain=moved.offset_to_grain,
                )
                continue
            filters = spec.where_filter_specs
            if spec.has_time_offset and given.filter is not None:
                # What stands beside the offset is a part of what is moved.
                count = len(given.filter.where_filters)
                filters = (*own(filters[:count]), *filters[count:])
            yield dataclasses.replace(spec, where_filter_specs=(*filters, *conditions))
