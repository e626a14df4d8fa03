"""Questions to which no plan of MetricFlow's gives the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import PeriodAggregation, TimeGranularity

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Collection

    from metricflow_semantics.filters.time_constraint import TimeRangeConstraint
    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow


def check_offset(recipe: SimpleMetricRecipe, times: Collection[TimeDimensionSpec]) -> None:
    """Refuse an offset that would take some days twice and others never.

    Raises:
        MetricsStoreError: The periods asked cannot be moved by the offset.
    """
    before = recipe.before_aggregation_time_spine_join_description
    after = recipe.after_aggregation_time_spine_join_description
    name = recipe.simple_metric_input.name
    if before is not None and before.offset_to_grain is not None:
        raise _not_moved(
            name, f"the start of the {before.offset_to_grain.value}",
            f"ask by {before.offset_to_grain.value} or finer",
        )
    day_by_day = before is not None and before.standard_offset_window
    if day_by_day and _moves_unevenly(day_by_day, recipe.simple_metric_input.agg_time_dimension_grain):
        raise _not_moved(
            name, _words(day_by_day), f"ask by {_singular(day_by_day)} or finer, but not by week"
        )
    by_period = after is not None and after.standard_offset_window
    weeks = [
        spec for spec in recipe.queried_agg_time_dimension_specs
        if spec.base_granularity is TimeGranularity.WEEK and not spec.has_custom_grain
    ]
    finest = min(
        (spec.base_granularity.to_int() for spec in recipe.queried_agg_time_dimension_specs),
        default=0,
    )
    if by_period and _moves_unevenly(by_period, TimeGranularity.WEEK) and weeks and (
        finest == TimeGranularity.WEEK.to_int()
    ):
        raise _not_moved(name, _words(by_period), "ask by day, month or longer")
    uses_offset = (before is not None and before.uses_offset) or (
        after is not None and after.uses_offset
    )
    if uses_offset:
        for condition in recipe.pre_aggregation_filter_specs:
            if any(spec in times for spec in condition.linkable_specs):
                raise MetricsStoreError(
                    f"{name} is asked for another time than the question's, and a condition says "
                    "in one breath which days and which rows count",
                    where=condition.where_sql,
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


def check_period_values(
    metric: MetricSpec, day: TimeDimensionSpec, period_agg: PeriodAggregation
) -> None:
    """Refuse the value at the end of another period, found from the end of this one.

    Raises:
        MetricsStoreError: A month back from 30 June is 30 May, and not the end of May.
    """
    window = metric.standard_offset_window
    if window is None or period_agg is PeriodAggregation.FIRST:
        return
    if _moves_unevenly(window, day.base_granularity):
        raise _not_moved(
            metric.element_name, _words(window), f"ask by {day.base_granularity.value}"
        )


def _moves_unevenly(window: TimeWindow, grain: TimeGranularity) -> bool:
    """Say whether months of unequal length lie between the two ends of the window."""
    month = TimeGranularity.MONTH.to_int()
    return TimeGranularity(_singular(window)).to_int() >= month > grain.to_int()


def _singular(window: TimeWindow) -> str:
    return window.granularity.removesuffix("s")


def _words(window: TimeWindow) -> str:
    return f"{window.count} {_singular(window)}" + ("s" if window.count > 1 else "")


def _not_moved(metric: str, by: str, remedy: str) -> MetricsStoreError:
    return MetricsStoreError(
        "the periods of the question cannot be moved to the time that a metric compares with",
        where=f"{metric}, moved by {by}: months have unequal lengths, and some days would count "
        "twice and others never",
        remedy=remedy,
    )
