"""An answer as a chart in the terminal: lines over time, bars over everything else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import plotille
import pyarrow as pa

from metrics_store.errors import MetricsStoreError
from metrics_store.query.output.column_units import is_metric, unit_name_of, unit_of
from metrics_store.query.output.text_formats import cell_width, printable, shown
from metrics_store.query.output.value_texts import NO_GROUP, RATIO, grain_of, texts_of
from metrics_store.query.periods import GRAINS, first_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Point = tuple[dt.datetime, float]

_MARKS = ("", "x", "o", "+", "*", "#", "@", "%")
_HEIGHT = 14
_BLOCKS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class ChartStyle:
    """How a chart is drawn.

    Attributes:
        adds_up: Whether values of a metric may be put together as those of `other` lines.
        keeps_order: Whether bars stay in the order of the rows; else the greatest comes first.
    """

    adds_up: Callable[[str], bool] = lambda _: False
    keeps_order: bool = True


def as_chart(answer: pa.Table, width: int, style: ChartStyle | None = None) -> str:
    """Draw every metric of an answer.

    Args:
        answer: The answer; its first time column becomes the axis, other group-bys tell the lines
            apart. Without a time, each row becomes a bar.
        width: How many characters wide.
        style: How it is drawn.

    Raises:
        MetricsStoreError: There is nothing to draw, or more lines than can be told apart.
    """
    metrics = [field for field in answer.schema if is_metric(field)]
    if not metrics or answer.num_rows == 0:
        raise MetricsStoreError(
            "there is nothing to draw", expected="an answer with rows and a metric"
        )
    group_bys = [field for field in answer.schema if not is_metric(field)]
    time = next((field.name for field in group_bys if _is_time(field)), None)
    labels = [field.name for field in group_bys if field.name != time]
    style = style or ChartStyle()
    rows = answer.to_pylist()
    drawn = []
    for field in metrics:
        if time is not None and answer.num_rows > 1:
            chart = _lines(rows, field, answer.schema.field(time), labels, width, style)
        else:
            chart = _bars(answer, field, width, style)
        drawn.append(_title(field) + "\n" + chart)
    return "\n\n".join(drawn)


def _title(field: pa.Field) -> str:
    unit = "" if unit_of(field) == RATIO else unit_name_of(field)
    return f"{field.name} ({unit})" if unit else str(field.name)


def _is_time(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type) or pa.types.is_date(field.type))


def _label(row: dict[str, Any], names: list[str]) -> str:
    return ", ".join(shown(row[name]) or NO_GROUP for name in names)


def _lines(  # noqa: PLR0913, PLR0917 - an argument a part of the chart
    rows: list[dict[str, Any]],
    field: pa.Field,
    time: pa.Field,
    labels: list[str],
    width: int,
    style: ChartStyle,
) -> str:
    metric = str(field.name)
    series: dict[str, list[Point]] = {}
    for row in rows:
        if row[time.name] is not None and row[metric] is not None:
            series.setdefault(_label(row, labels), []).append(
                (_instant(row[time.name]), float(row[metric]))
            )
    if not series:
        raise MetricsStoreError("there is nothing to draw", where=f"{metric} has no values")
    if len(series) > len(_MARKS):
        series = _few(series, metric, style)
    figure = plotille.Figure()
    figure.with_colors = False
    # Beside the lines stand numbers, and below them days that reach over the end.
    figure.width, figure.height = max(width - 24, 20), _HEIGHT
    figure.register_label_formatter(dt.datetime, _PeriodLabels(time))
    figure.register_label_formatter(float, _percent if unit_of(field) == RATIO else _number)
    figure.x_label = figure.y_label = ""
    moments = [moment for points in series.values() for moment, _ in points]
    if min(moments) < max(moments):
        figure.set_x_limits(min_=min(moments), max_=max(moments))
    values = [value for points in series.values() for _, value in points]
    if min(values) >= 0:
        figure.set_y_limits(min_=0, max_=max(values) * 1.05 or 1)
    for (label, points), mark in zip(series.items(), _MARKS, strict=False):
        points.sort()
        figure.plot(*zip(*points, strict=True), label=label or metric, marker=mark or None)
    return _tidied(figure.show(legend=len(series) > 1))


def _few(series: dict[str, list[Point]], metric: str, style: ChartStyle) -> dict[str, list[Point]]:
    """Give the greatest lines, and one of all others together."""
    if not style.adds_up(metric):
        raise MetricsStoreError(
            f"{len(series)} lines cannot be told apart in a terminal, and the values of {metric} "
            "do not add up to those of others",
            expected=f"at most {len(_MARKS)}",
            remedy="add a --where, or leave a group-by out",
        )
    totals = {label: sum(abs(value) for _, value in points) for label, points in series.items()}
    greatest = sorted(totals, key=lambda label: -totals[label])[: len(_MARKS) - 1]
    rest: dict[dt.datetime, float] = {}
    for label, points in series.items():
        if label not in greatest:
            for moment, value in points:
                rest[moment] = rest.get(moment, 0.0) + value
    others = f"other ({len(series) - len(greatest)})"
    return {label: series[label] for label in greatest} | {others: list(rest.items())}


def _bars(answer: pa.Table, metric: pa.Field, width: int, style: ChartStyle) -> str:
    column = answer.column(metric.name).to_pylist()
    values = [float(one or 0) for one in column]
    texts = texts_of(metric, column)
    groups = [field for field in answer.schema if not is_metric(field)]
    parts = [texts_of(field, answer.column(field.name).to_pylist()) for field in groups]
    names = [printable(", ".join(one)) for one in zip(*parts, strict=True)] or [""] * len(values)
    name_width, text_width = max(map(cell_width, names)), max(map(len, texts))
    size = max(width - name_width - text_width - 3, 10)
    largest = max(map(abs, values)) or 1.0
    order = list(range(len(values)))
    if not style.keeps_order:
        order.sort(key=lambda row: -values[row])
    return "\n".join(
        f"{names[row]}{' ' * (name_width - cell_width(names[row]))} "
        f"{_bar(abs(values[row]) / largest * size):<{size}} {texts[row]:>{text_width}}"
        for row in order
    )


def _bar(length: float) -> str:
    whole, eighths = divmod(round(length * 8), 8)
    return _BLOCKS[-1] * whole + (_BLOCKS[eighths] if eighths else "")


def _instant(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())


class _PeriodLabels:
    """Writes the axis of times: the period that each place lies in, once."""

    def __init__(self, time: pa.Field) -> None:
        self._time = time
        self._grain = grain_of(time)
        self._last = ""

    def __call__(
        self,
        value: dt.datetime,
        chars: int,
        delta: object,
        left: bool = False,  # noqa: FBT001, FBT002 - plotille's form
    ) -> str:
        del delta
        day = value.date()
        if self._grain in GRAINS:
            day = first_day(day, self._grain)
        [text] = texts_of(self._time, [day])
        again, self._last = text == self._last, text
        text = "" if again else text
        return text.ljust(chars) if left else text.rjust(chars)


def _number(value: float, chars: int, delta: object, left: bool = False) -> str:  # noqa: FBT001, FBT002 - plotille's form
    del delta
    text = f"{value:,.{max(0, 3 - len(str(int(abs(value)))))}f}"
    return text.ljust(chars) if left else text.rjust(chars)


def _percent(value: float, chars: int, delta: object, left: bool = False) -> str:  # noqa: FBT001, FBT002 - plotille's form
    del delta
    text = f"{value * 100:.1f} %"
    return text.ljust(chars) if left else text.rjust(chars)


def _tidied(drawn: str) -> str:
    """Drop the empty lines that braille leaves, and spaces at line ends."""
    return "\n".join(_stripped(drawn.splitlines()))


def _stripped(lines: list[str]) -> Iterator[str]:
    for line in lines:
        # The axes' names are empty; what stands around them goes too.
        yield line.replace("\u2800", " ").replace("-> ()", "->").replace("()  ", "    ").rstrip()
