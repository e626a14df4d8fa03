"""The offset of a simple metric: whether its rows or its periods are joined to the time spine."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow_semantics.sql.sql_join_type import SqlJoinType

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.offsets.moved_periods import (
    Offset,
    consist_of,
    not_moved,
    whole_period,
)
from metrics_store.query.corrections.split_conditions import OwnCondition, names_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metricflow_semantic_interfaces.type_enums import TimeGranularity
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def check(recipe: SimpleMetricRecipe, times: Collection[TimeDimensionSpec]) -> None:
    """Reject an offset that would take some days twice and others never.

    Raises:
        MetricsStoreError: The requested periods cannot be moved by it, or a condition does not
            say which time it is on.
    """
    by_row = recipe.before_aggregation_time_spine_join_description
    moves_rows = by_row is not None and by_row.uses_offset
    if moves_rows:
        _check_rows(recipe, Offset.of(by_row), list(recipe.queried_agg_time_dimension_specs))
    elif not _moves_periods(recipe):
        return
    for condition in recipe.pre_aggregation_filter_specs:
        if not any(spec in times for spec in condition.linkable_specs):
            continue
        if not isinstance(condition, OwnCondition):
            raise mixed_condition(recipe.simple_metric_input.name, names_in(condition))
        if moves_rows:
            # The rows have the time that is requested by then.
            raise not_moved(recipe.simple_metric_input.name, Offset.of(by_row))


def mixed_condition(metric: str, names: str) -> MetricsStoreError:
    """Give the error for a condition that is both on the request's time and on rows of another."""
    return MetricsStoreError(
        f"{metric} is asked for another time than the question's, and a condition says in one "
        "breath which days and which rows count",
        where=names,
        expected="conditions on time and on the rest, joined by AND",
        remedy="ask once for each side of the OR",
    )


def corrected(recipe: SimpleMetricRecipe) -> SimpleMetricRecipe:
    """Join rows where periods do not become others of their kind, and leave own conditions be."""
    deferred = tuple(
        one for one in recipe.deferred_filter_specs if not isinstance(one, OwnCondition)
    )
    recipe = dataclasses.replace(recipe, deferred_filter_specs=deferred)
    by_period = recipe.after_aggregation_time_spine_join_description
    if by_period is None or not _moves_periods(recipe):
        return recipe
    if whole_period(Offset.of(by_period), list(recipe.queried_agg_time_dimension_specs)):
        return recipe
    by_row = dataclasses.replace(by_period, join_type=SqlJoinType.INNER)
    again = dataclasses.replace(by_period, offset_window=None, offset_to_grain=None)
    return dataclasses.replace(
        recipe,
        before_aggregation_time_spine_join_description=by_row,
        after_aggregation_time_spine_join_description=(
            again if recipe.simple_metric_input.join_to_timespine else None
        ),
    )


def grain_of_rows(offset: Offset, grain: TimeGranularity) -> TimeGranularity:
    """Give the grain that rows are moved at: months as a whole, where it is by months."""
    moved_by = offset.window_grain
    return moved_by if offset.moves_by_months and moved_by is not None else grain


def _moves_periods(recipe: SimpleMetricRecipe) -> bool:
    by_period = recipe.after_aggregation_time_spine_join_description
    return by_period is not None and bool(by_period.uses_offset)


def _check_rows(
    recipe: SimpleMetricRecipe, offset: Offset, periods: Sequence[TimeDimensionSpec]
) -> None:
    metric = recipe.simple_metric_input
    moved_by = offset.window_grain
    if offset.moves_by_months and moved_by is not None:
        possible = consist_of(periods, moved_by)
    elif moved_by is not None:
        possible = metric.agg_time_dimension_grain.to_int() <= moved_by.to_int()
    elif offset.window is not None:
        possible = all(
            period.time_granularity_name == offset.window.granularity and period.date_part is None
            for period in periods
        )
    else:
        possible = not any(
            period.has_custom_grain or period.date_part is not None for period in periods
        )
    if not possible:
        raise not_moved(metric.name, offset, also_longer=True)
