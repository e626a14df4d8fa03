"""Metrics, and what each kind of them is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.interchange.layer.semantic_model import Described

if TYPE_CHECKING:
    from metrics_store.interchange.layer.condition import Condition


@dataclass(frozen=True)
class Window:
    """A span of time, such as seven days."""

    count: int
    grain: str

    def __str__(self) -> str:
        """Write it as definitions do: `7 day`."""
        return f"{self.count} {self.grain}"


@dataclass(frozen=True)
class Percentile:
    """Which value of a row of values is meant.

    Attributes:
        share: The share of values below it, from 0 to 1.
        discrete: Whether it is one of the values, and not between two of them.
        approximate: Whether an estimate will do.
    """

    share: float
    discrete: bool
    approximate: bool


@dataclass(frozen=True)
class Balance:
    """What does not add up over time, such as a stock.

    Attributes:
        time: The time dimension over which it does not add up.
        choice: Which row of a period counts: that of the `max` or of the `min` time.
        groupings: The entities for each of which a row is chosen; none: one time for all.
    """

    time: str
    choice: str
    groupings: tuple[str, ...]


@dataclass(frozen=True)
class Aggregate:
    """Rows of a semantic model, aggregated.

    Attributes:
        model: The semantic model.
        function: `sum`, `min`, `max`, `average`, `count_distinct`, `median`, `percentile`. Counts
            are sums of 1 for each row that has a value, booleans of 1 for each that is true.
        expr: What is aggregated, as SQL over the columns of the model's table.
        time: The time dimension of that model on which rows count, its `metric_time`.
        percentile: Which percentile.
        balance: What does not add up over time.
        fill: What stands where there are no rows; None: nothing.
        every_period: Whether periods without rows have a value too.
    """

    model: str
    function: str
    expr: str
    time: str
    percentile: Percentile | None = None
    balance: Balance | None = None
    fill: int | None = None
    every_period: bool = False


@dataclass(frozen=True)
class MetricInput:
    """A metric as a part of another.

    Attributes:
        name: The metric's name.
        alias: What the whole calls it.
        conditions: What its rows have to fulfil beside what the metric itself says.
        offset: How long before the asked period it is read; None: in that period.
        offset_to_grain: The grain to the start of whose period it is moved; empty: to none.
    """

    name: str
    alias: str
    conditions: tuple[Condition, ...] = ()
    offset: Window | None = None
    offset_to_grain: str = ""


@dataclass(frozen=True)
class Ratio:
    """One metric over another; of nothing where the lower is 0."""

    numerator: MetricInput
    denominator: MetricInput


@dataclass(frozen=True)
class Derived:
    """An expression over metrics, which it calls by their aliases."""

    expr: str
    inputs: tuple[MetricInput, ...]


@dataclass(frozen=True)
class Cumulative:
    """A metric that is accumulated over time.

    Attributes:
        of: What is accumulated.
        window: Over how long; None: over all time, or since a period's start.
        grain_to_date: The grain since the start of whose period; empty: since ever.
        period_agg: Which of a period's days counts for it: `first`, `last` or their `average`.
    """

    of: MetricInput
    window: Window | None
    grain_to_date: str
    period_agg: str


@dataclass(frozen=True)
class Conversion:
    """How many of an entity's events are followed by others of it.

    Attributes:
        base: The events.
        conversion: What follows.
        entity: Whose.
        calculation: `conversion_rate` or `conversions`.
        window: How soon; None: at any time.
        constants: Properties that both have in common, of the base and of what follows.
    """

    base: MetricInput
    conversion: MetricInput
    entity: str
    calculation: str
    window: Window | None
    constants: tuple[tuple[str, str], ...]


Definition = Aggregate | Ratio | Derived | Cumulative | Conversion


@dataclass(frozen=True)
class Metric(Described):
    """A metric.

    Attributes:
        type: `simple`, `ratio`, `derived`, `cumulative` or `conversion`.
        definition: What it is made of.
        conditions: What its rows have to fulfil.
        is_private: Whether it is only a part of others.
    """

    type: str = "simple"
    definition: Definition = Aggregate("", "", "", "")
    conditions: tuple[Condition, ...] = ()
    is_private: bool = False

    @property
    def inputs(self) -> tuple[MetricInput, ...]:
        """The metrics that it is made of."""
        match self.definition:
            case Ratio(numerator, denominator):
                return (numerator, denominator)
            case Derived(_, inputs):
                return inputs
            case Cumulative(of):
                return (of,)
            case Conversion(base, conversion):
                return (base, conversion)
        return ()
