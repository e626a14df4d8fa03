"""Which periods an offset moves onto others of their kind.

MetricFlow moves days, and a month before 30 June is 30 May: the value at the end of May never
counts, and in sums some days count twice. Where an offset moves the requested periods as a whole,
they are moved so here; where it moves shorter ones of which those are made, these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import DatePart, TimeGranularity

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.period_hierarchy import finest, grain_lies_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metricflow_semantics.specs.metric_spec import MetricSpec
    from metricflow_semantics.specs.simple_metric_input_spec import JoinToTimeSpineDescription
    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec
    from metricflow_semantics.specs.time_window import TimeWindow

_MONTHS = {TimeGranularity.MONTH: 1, TimeGranularity.QUARTER: 3, TimeGranularity.YEAR: 12}
_DAYS = {TimeGranularity.DAY: 1, TimeGranularity.WEEK: 7}
_PARTS_OF = {
    TimeGranularity.MONTH: {DatePart.MONTH, DatePart.QUARTER, DatePart.YEAR},
    TimeGranularity.QUARTER: {DatePart.QUARTER, DatePart.YEAR},
    TimeGranularity.YEAR: {DatePart.YEAR},
}


@dataclass(frozen=True)
class Offset:
    """How far back a metric is moved: by a window, or to the start of a period."""

    window: TimeWindow | None
    to_grain: TimeGranularity | None

    @classmethod
    def of(cls, given: MetricSpec | JoinToTimeSpineDescription) -> Offset:
        """Read the offset of a metric, or of a join to the time spine."""
        return cls(given.offset_window, given.offset_to_grain)

    def __str__(self) -> str:
        """Say it in words."""
        if self.window is None:
            return f"to the start of its {self.to_grain.value if self.to_grain else ''}"
        count = self.window.count
        return f"by {count} {self.window.granularity}" + ("" if count == 1 else "s")

    @property
    def window_grain(self) -> TimeGranularity | None:
        """What the window is counted in; none for custom grains and the start of a period."""
        if self.window is None or not self.window.is_standard_granularity:
            return None
        return TimeGranularity(self.window.granularity.lower())

    @property
    def moves_by_months(self) -> bool:
        """Whether it moves by months or what is made of them, which have unequal lengths."""
        return self.window_grain in _MONTHS


def whole_period(offset: Offset, periods: Sequence[TimeDimensionSpec]) -> TimeDimensionSpec | None:
    """Give the shortest of the periods if the offset moves each of them onto one of its kind."""
    period = finest(periods)
    if period is None or period.has_custom_grain or period.date_part is not None:
        return None
    return period if _moves_whole(offset, period.base_granularity) else None


def _moves_whole(offset: Offset, grain: TimeGranularity) -> bool:
    if offset.to_grain is not None:
        return grain is not TimeGranularity.WEEK and grain_lies_within(grain, offset.to_grain)
    moved_by = offset.window_grain
    if moved_by is None or offset.window is None:
        return False
    if grain.to_int() <= TimeGranularity.DAY.to_int():
        return bool(moved_by.to_int() >= grain.to_int())
    sizes = _DAYS if grain is TimeGranularity.WEEK else _MONTHS
    return moved_by in sizes and offset.window.count * sizes[moved_by] % sizes[grain] == 0


def consist_of(periods: Iterable[TimeDimensionSpec], grain: TimeGranularity) -> bool:
    """Whether each of the periods is made of whole ones of a grain of months or longer."""
    return all(
        period.date_part in _PARTS_OF[grain]
        if period.date_part is not None
        else not period.has_custom_grain and grain_lies_within(grain, period.base_granularity)
        for period in periods
    )


def remedy(offset: Offset, *, also_longer: bool) -> str:
    """Say what a metric with an offset can be grouped by.

    Args:
        offset: The offset.
        also_longer: Whether periods that are longer than the offset will do.
    """
    if offset.window is not None and offset.window_grain is None:
        return f"ask by {offset.window.granularity}, and by no other period beside it"
    limit = offset.to_grain or offset.window_grain
    assert limit is not None  # noqa: S101 - an offset has one of the two
    grains = [TimeGranularity.DAY, TimeGranularity.MONTH, *list(_MONTHS)[1:]]
    if limit in _DAYS:
        grains = list(_DAYS) if limit is TimeGranularity.WEEK else [TimeGranularity.DAY]
    elif not also_longer:
        grains = [grain for grain in grains if grain.to_int() <= limit.to_int()]
    *others, last = (grain.value for grain in grains)
    return f"ask by {', '.join(others)} or {last}" if others else f"ask by {last}"


def not_moved(metric: str, offset: Offset, *, also_longer: bool = False) -> MetricsStoreError:
    """Give the error for periods that do not become others of their kind by an offset."""
    return MetricsStoreError(
        "the periods of the question cannot be moved to the time that a metric compares with",
        where=f"{metric}, moved {offset}: some days would count twice, or never",
        remedy=remedy(offset, also_longer=also_longer),
    )


def without_time(metric: str, offset: Offset) -> MetricsStoreError:
    """Give the error for a request without periods that could be moved."""
    return MetricsStoreError(
        "a metric is asked for another time than the question's, and the question gives none",
        where=f"{metric}, moved {offset}",
        remedy="group by metric_time too",
    )
