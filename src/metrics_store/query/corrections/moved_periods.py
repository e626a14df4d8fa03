"""A cumulative metric of an earlier period: that period's own value, moved here as a whole.

MetricFlow moves days. A month before 30 June is 30 May, so that the value at the end of May never
comes into question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.grains import finest, grain_lies_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow


def moves_unevenly(window: TimeWindow | None, grain: TimeGranularity) -> bool:
    """Say whether days or weeks are moved by months, which have unequal lengths."""
    month = TimeGranularity.MONTH.to_int()
    return bool(
        window is not None
        and window.is_standard_granularity
        and TimeGranularity(window.granularity).to_int() >= month > grain.to_int()
    )


def period_to_move(
    metric: str, periods: Sequence[TimeDimensionSpec], window: TimeWindow
) -> TimeDimensionSpec:
    """Give the periods that the window moves onto others of their kind.

    Raises:
        MetricsStoreError: It moves none of them so, such as weeks by a month.
    """
    period = finest(periods)
    if (
        period is None
        or period.has_custom_grain
        or period.date_part is not None
        or not grain_lies_within(period.base_granularity, TimeGranularity(window.granularity))
    ):
        raise not_moved(metric, window, f"ask by {window.granularity} or a part of it but weeks")
    return period


def not_moved(metric: str, window: TimeWindow, remedy: str) -> MetricsStoreError:
    """Say that the periods asked do not become others when they are moved by a window."""
    by = f"{window.count} {window.granularity}" + ("s" if window.count > 1 else "")
    return MetricsStoreError(
        "the periods of the question cannot be moved to the time that a metric compares with",
        where=f"{metric}, moved by {by}: some days would count twice, and others never",
        remedy=remedy,
    )
