"""What belongs to the chart of a metric besides its own values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

# Of so few rows a value says little: the next one may be far away by chance.
FEW = 10


@dataclass(frozen=True)
class Interval:
    """What is expected to hold the actual value.

    Attributes:
        label: How surely, such as `95 %`.
        lower: The metric of its lower bound.
        upper: The metric of its upper bound.
    """

    label: str
    lower: str
    upper: str


@dataclass(frozen=True)
class Counts:
    """Of how many rows each value is made.

    Attributes:
        by_group: The values of the group-bys -> how many.
        unit: What is counted, such as `opportunities`.
        compared: The same for the rows of an earlier time that a value compares with.
    """

    by_group: Mapping[tuple[object, ...], float] = field(default_factory=dict)
    unit: str = ""
    compared: Mapping[tuple[object, ...], float] = field(default_factory=dict)

    def few(self, group: tuple[object, ...]) -> str:
        """Say how many rows a value has, where they are few; else nothing."""
        for counts, words in ((self.by_group, "only"), (self.compared, "compares with only")):
            count = counts.get(group)
            if count is not None and count < FEW:
                return f"{words} {count:g} {self.unit or 'rows'}"
        return ""


@dataclass(frozen=True)
class ChartParts:
    """What is drawn with the values of a metric.

    Attributes:
        labels: Metric -> what people call it.
        forecast_of: The metric that tells in the end what was forecast; empty for no forecast.
        intervals: The intervals of a forecast, the widest first.
        counts: Of how many rows the values are made.
        last_period: The first day of the last period that is over; none where that is not known.
        reference: The last day that the data tell of; none where that is not known.
        ranks: Group-by -> the places of its values in their own order.
        keeps_order: Whether bars stay in the order of the rows; else the greatest comes first.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    forecast_of: str = ""
    intervals: tuple[Interval, ...] = ()
    counts: Counts = field(default_factory=Counts)
    last_period: dt.date | None = None
    reference: dt.date | None = None
    ranks: Mapping[str, Mapping[object, object]] = field(default_factory=dict)
    keeps_order: bool = False

    def label(self, metric: str) -> str:
        """Give what people call a metric."""
        return self.labels.get(metric) or metric
