"""Splits a filter at its ANDs, so that conditions on time are apart from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow.metric_evaluation.metric_query_helper import (
    AggregationTimeDimensionFilterSplit,
    MetricQueryHelper,
)
from metricflow_semantics.semantic_graph.attribute_resolution.group_by_item_set import (
    GroupByItemSet,
)
from metricflow_semantics.specs.where_filter.where_filter_spec import WhereFilterSpec

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from metricflow_semantic_interfaces.references import MetricReference
    from metricflow_semantics.model.semantics.metric_lookup import MetricLookup
    from metricflow_semantics.specs.column_assoc import ColumnAssociationResolver
    from metricflow_semantics.specs.instance_spec import InstanceSpec
    from metricflow_semantics.specs.where_filter.where_filter_spec_factory import (
        WhereFilterSpecFactory,
    )


@dataclass(frozen=True)
class Conditions:
    """The conditions of some filters: all of them together say what the filters said.

    Attributes:
        on_time: Those that name nothing but the given times.
        on_others: Those that name none of them, or nothing at all.
        on_both: Those that name both in one condition, such as two sides of an OR.
    """

    on_time: tuple[WhereFilterSpec, ...]
    on_others: tuple[WhereFilterSpec, ...]
    on_both: tuple[WhereFilterSpec, ...]

    def require_separate(self, metric: str) -> Conditions:
        """Give them again if every one is on time or on others.

        Raises:
            MetricsStoreError: One is on both, and so does not say which times count.
        """
        if self.on_both:
            raise MetricsStoreError(
                f"{metric} takes one day of a period, and a condition says in one breath which "
                "days and which rows count",
                where=names_in(self.on_both[0]),
                expected="conditions on time and on the rest, joined by AND",
                remedy="ask once for each side of the OR",
            )
        return self


class OwnCondition(WhereFilterSpec):  # type: ignore[misc]
    """A condition of a metric's own, on the time of its rows wherever the metric is moved to."""


def own(conditions: Iterable[WhereFilterSpec]) -> tuple[OwnCondition, ...]:
    """Make conditions those of a metric that is moved."""
    return tuple(
        OwnCondition(one.where_sql, one.bind_parameters, one.element_set) for one in conditions
    )


def plain(conditions: Iterable[WhereFilterSpec]) -> tuple[WhereFilterSpec, ...]:
    """Make them conditions like others: those of a metric that stays where it is."""
    return tuple(
        WhereFilterSpec(one.where_sql, one.bind_parameters, one.element_set) for one in conditions
    )


class OwnConditionFactory:
    """Reads a metric's definition as MetricFlow's factory does, for a metric that is moved."""

    def __init__(self, factory: WhereFilterSpecFactory) -> None:
        self._factory = factory

    def create_from_where_filter_intersection(self, **given: object) -> tuple[OwnCondition, ...]:
        """Read the filters of a definition."""
        return own(self._factory.create_from_where_filter_intersection(**given))


def names_in(condition: WhereFilterSpec) -> str:
    """Give the names that a condition is on; its text may hold a marker for a value."""
    return ", ".join(sorted(spec.dunder_name for spec in condition.linkable_specs))


def sort_conditions(
    filters: Iterable[WhereFilterSpec],
    times: Collection[InstanceSpec],
    columns: ColumnAssociationResolver,
) -> Conditions:
    """Take filters apart and say of each condition whether it is on the given times."""
    sorted_by: dict[tuple[bool, bool], list[WhereFilterSpec]] = {}
    for whole in filters:
        on_time, on_others = _sides(whole, times)
        # Most filters are on one thing, and stay the text that they were.
        parts = _parts(whole, columns) if on_time and on_others else [whole]
        for part in parts:
            sorted_by.setdefault(_sides(part, times), []).append(part)
    return Conditions(
        on_time=tuple(sorted_by.get((True, False), ())),
        on_others=(*sorted_by.get((False, True), ()), *sorted_by.get((False, False), ())),
        on_both=tuple(sorted_by.get((True, True), ())),
    )


class SplittingQueryHelper(MetricQueryHelper):  # type: ignore[misc]
    """Tells conditions on time from others also where one filter holds both.

    MetricFlow keeps such a filter whole, and an offset metric then compares the days of the one
    period with the days of the other.
    """

    def __init__(self, lookup: MetricLookup, columns: ColumnAssociationResolver) -> None:
        super().__init__(lookup)
        self._columns = columns

    def split_filters_by_aggregation_time_dimension_references(
        self, metric_reference: MetricReference, filter_specs: Iterable[WhereFilterSpec]
    ) -> AggregationTimeDimensionFilterSplit:
        """Split as MetricFlow does, and then what it leaves mixed.

        A metric's own conditions are on no time of the request's.
        """
        given = tuple(filter_specs)
        owned = tuple(one for one in given if isinstance(one, OwnCondition))
        split = super().split_filters_by_aggregation_time_dimension_references(
            metric_reference, [one for one in given if not isinstance(one, OwnCondition)]
        )
        if not split.filters_with_mixed_references and not owned:
            return split
        found = sort_conditions(
            split.filters_with_mixed_references,
            self._metric_lookup.get_aggregation_time_dimension_specs(metric_reference),
            self._columns,
        )
        return AggregationTimeDimensionFilterSplit(
            filters_with_only_agg_time_dimension_references=(
                *split.filters_with_only_agg_time_dimension_references,
                *found.on_time,
            ),
            filters_without_agg_time_dimension_references=(
                *owned,
                *split.filters_without_agg_time_dimension_references,
                *found.on_others,
            ),
            filters_with_mixed_references=found.on_both,
        )


def _sides(condition: WhereFilterSpec, times: Collection[InstanceSpec]) -> tuple[bool, bool]:
    named = [spec in times for spec in condition.linkable_specs]
    return any(named), not all(named)


def _parts(whole: WhereFilterSpec, columns: ColumnAssociationResolver) -> list[WhereFilterSpec]:
    # Few requests have such a filter, and this library is slow to import.
    from metrics_store.query.corrections.conjuncts import conjuncts  # noqa: PLC0415

    parts = []
    for text, words in conjuncts(whole.where_sql):
        named = [
            one
            for one in whole.element_set.annotated_specs
            if columns.resolve_spec(one.spec).column_name.strip('"`').lower() in words
        ]
        parts.append(WhereFilterSpec(text, whole.bind_parameters, GroupByItemSet.create(*named)))
    return parts
