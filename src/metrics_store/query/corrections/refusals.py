"""Questions to which no plan of MetricFlow's gives the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.conditions import names_in
from metrics_store.query.corrections.moved_periods import moves_unevenly, not_moved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from metricflow_semantics.filters.time_constraint import TimeRangeConstraint
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def check_offset(recipe: SimpleMetricRecipe, times: Collection[TimeDimensionSpec]) -> None:
    """Refuse an offset that would take some days twice and others never.

    Raises:
        MetricsStoreError: The periods asked cannot be moved by the offset.
    """
    metric = recipe.simple_metric_input
    by_day = recipe.before_aggregation_time_spine_join_description
    by_period = recipe.after_aggregation_time_spine_join_description
    if by_day is not None and by_day.offset_to_grain is not None:
        raise MetricsStoreError(
            "a metric compares with the start of a period, and the question asks by longer ones",
            where=metric.name,
            remedy=f"ask by {by_day.offset_to_grain.value} or finer, but not by week",
        )
    if by_day is not None and moves_unevenly(
        by_day.standard_offset_window, metric.agg_time_dimension_grain
    ):
        window = by_day.standard_offset_window
        raise not_moved(metric.name, window, f"ask by {window.granularity} or finer")
    weeks_moved = (
        by_period is not None
        and moves_unevenly(by_period.standard_offset_window, TimeGranularity.WEEK)
        and _finest_is_week(recipe.queried_agg_time_dimension_specs)
    )
    if weeks_moved:
        raise not_moved(
            metric.name, by_period.standard_offset_window, "ask by day, month or longer"
        )
    if not any(one is not None and one.uses_offset for one in (by_day, by_period)):
        return
    for condition in recipe.pre_aggregation_filter_specs:
        if any(spec in times for spec in condition.linkable_specs):
            raise MetricsStoreError(
                f"{metric.name} is asked for another time than the question's, and a condition "
                "says in one breath which days and which rows count",
                where=names_in(condition),
                expected="conditions on time and on the rest, joined by AND",
                remedy="ask once for each side of the OR",
            )


def check_accumulated(
    recipe: SimpleMetricRecipe,
    times: Collection[TimeDimensionSpec],
    time_range: TimeRangeConstraint | None,
) -> None:
    """Refuse times for an accumulation that is not asked by time.

    MetricFlow counts a row once for each day of the times, leaves out what came before them, or
    fails.

    Raises:
        MetricsStoreError: There are such times.
    """
    if recipe.cumulative_description is None or recipe.queried_agg_time_dimension_specs:
        return
    named = [
        spec for one in recipe.combined_filter_specs for spec in one.linkable_specs if spec in times
    ]
    if named or time_range is not None:
        raise MetricsStoreError(
            "an accumulated metric has a value at a time, and the question gives times without "
            "asking by them",
            where=recipe.simple_metric_input.name,
            remedy="group by metric_time too",
        )


def _finest_is_week(periods: Iterable[TimeDimensionSpec]) -> bool:
    # Parts of dates have a grain too, and custom grains are moved in another way.
    plain = [one for one in periods if one.date_part is None and not one.has_custom_grain]
    shortest = min((one.base_granularity.to_int() for one in plain), default=0)
    return bool(shortest == TimeGranularity.WEEK.to_int())
