"""Rejects times in a request for an accumulated metric that is not grouped by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Collection

    from metricflow_semantics.specs.simple_metric_input_spec import SimpleMetricRecipe
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def check_accumulated(recipe: SimpleMetricRecipe, times: Collection[TimeDimensionSpec]) -> None:
    """Reject times for an accumulated metric that is not grouped by time.

    MetricFlow leaves out what came before them, or fails.

    Raises:
        MetricsStoreError: There are such times.
    """
    if recipe.cumulative_description is None or recipe.queried_agg_time_dimension_specs:
        return
    named = [
        spec for one in recipe.combined_filter_specs for spec in one.linkable_specs if spec in times
    ]
    if named:
        raise MetricsStoreError(
            "an accumulated metric has a value at a time, and the question gives times without "
            "asking by them",
            where=recipe.simple_metric_input.name,
            remedy="group by metric_time too",
        )
