"""The chart of an answer: lines over time, else bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.charts.bar_chart import Bars, as_number, draw_bars
from metrics_store.catalogue.site.charts.line_chart import Axes, Bounds, Lines, Value, draw_lines
from metrics_store.catalogue.site.charts.number_formats import percent, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.catalogue.site.charts.chart_parts import ChartParts, Interval
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer

_MOST_LINES = 6
_NOT_OVER = "not over yet"


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        unit: What it is measured in; empty for shares and plain numbers.
        lines: Lines, where there is a time.
        bars: Bars, where there is none.
        period: The period that bars are of, where there would be too many lines.
    """

    unit: str = ""
    lines: Lines | None = None
    bars: Bars | None = None
    period: str = ""


def draw(answer: ReadableAnswer, metric: str, parts: ChartParts) -> Chart | None:
    """Draw one metric of an answer; none where it holds no number, or one alone.

    Args:
        answer: Group-bys and then metrics.
        metric: The column of the metric.
        parts: What belongs to the chart besides.
    """
    if not answer.is_number(metric) or not answer.group_bys:
        return None
    time = answer.time
    names = [name for name in answer.group_bys if name != time]
    unit = answer.unit(metric)
    if time is None:
        if not any(as_number(one) is not None for one in answer.values(metric)):
            return None
        return Chart(
            unit, bars=draw_bars(answer, range(answer.table.num_rows), metric, names, parts)
        )
    rows = _known_rows(answer, metric, time)
    if not rows:
        return None
    labels = [answer.texts(name) for name in names]
    series = [", ".join(label[row] for label in labels) for row in range(answer.table.num_rows)]
    if len({series[row] for row in rows}) <= _MOST_LINES:
        return Chart(unit, _Timeline(answer, metric, time, rows, series, parts).lines())
    # More lines cannot be told apart: the newest period shows them best.
    times: list[Any] = answer.values(time)
    last = parts.last_period
    over = [row for row in rows if last is None or _day(times[row]) <= last]
    newest = max(times[row] for row in over or rows)
    chosen = [row for row in rows if times[row] == newest]
    [period] = answer.texts(time, [newest])
    return Chart(unit, bars=draw_bars(answer, chosen, metric, names, parts), period=period)


def _known_rows(answer: ReadableAnswer, metric: str, time: str) -> list[int]:
    """Give the rows by time, without the periods before the first value and after the last one."""
    times: list[Any] = answer.values(time)
    known = [
        times[row]
        for row, value in enumerate(answer.values(metric))
        if times[row] is not None and as_number(value) is not None
    ]
    if not known:
        return []
    first, last = min(known), max(known)
    return [row for row, one in enumerate(times) if one is not None and first <= one <= last]


def _day(moment: Any) -> Any:  # noqa: ANN401 - a day or a time
    return moment.date() if hasattr(moment, "date") else moment


@dataclass(frozen=True)
class _Timeline:
    """The values of one metric over time, told apart by the labels of their series."""

    answer: ReadableAnswer
    metric: str
    time: str
    rows: Sequence[int]
    series: Sequence[str]
    parts: ChartParts

    def lines(self) -> Lines:
        """Draw them, with what is forecast and the intervals."""
        times: list[Any] = [_day(one) for one in self.answer.values(self.time)]
        names = dict(zip(times, self.answer.texts(self.time), strict=True))
        values = list(self._values(times))
        companion = self.parts.forecast_of
        if companion in self.answer.table.column_names:
            values += self._companion_values(companion, times)
        tick = percent if self.answer.is_ratio(self.metric) else short
        axes = Axes(names, tick, self.parts.reference, is_forecast=bool(self.parts.forecast_of))
        bounds = [self._bounds(one, times) for one in self.parts.intervals if self._has(one)]
        return draw_lines(values, axes, bounds)

    def _has(self, interval: Interval) -> bool:
        return {interval.lower, interval.upper} <= set(self.answer.table.column_names)

    def _values(self, times: Sequence[Any]) -> Iterator[Value]:
        numbers, texts = self.answer.values(self.metric), self.answer.texts(self.metric)
        group_bys = [self.answer.values(name) for name in self.answer.group_bys]
        is_forecast = bool(self.parts.forecast_of)
        for row in self.rows:
            few = self.parts.counts.few(tuple(column[row] for column in group_bys))
            last = self.parts.last_period
            running = not is_forecast and last is not None and times[row] > last
            remarks = [*([few] if few else []), *([_NOT_OVER] if running else [])]
            yield Value(
                times[row],
                self.series[row] or (self.parts.label(self.metric) if is_forecast else ""),
                as_number(numbers[row]),
                texts[row],
                ", ".join(remarks),
                is_faint=bool(few),
            )

    def _companion_values(self, companion: str, times: Sequence[Any]) -> Iterator[Value]:
        numbers, texts = self.answer.values(companion), self.answer.texts(companion)
        label = self.parts.label(companion)
        return (Value(times[row], label, as_number(numbers[row]), texts[row]) for row in self.rows)

    def _bounds(self, interval: Interval, times: Sequence[Any]) -> Bounds:
        lower, upper = self.answer.values(interval.lower), self.answer.values(interval.upper)
        low_texts = self.answer.texts(interval.lower)
        high_texts = self.answer.texts(interval.upper)
        found = {}
        for row in self.rows:
            low, high = as_number(lower[row]), as_number(upper[row])
            if low is not None and high is not None:
                found[times[row]] = (low, high, f"{low_texts[row]} to {high_texts[row]}")
        return Bounds(interval.label, found)
