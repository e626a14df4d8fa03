"""An answer as a chart in the terminal: lines over time, bars over everything else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import plotille
import pyarrow as pa

from metrics_store.errors import MetricsStoreError
from metrics_store.query.output.column_units import is_metric, unit_of
from metrics_store.query.output.text_formats import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    Point = tuple[dt.datetime, float]

_MARKS = ("", "x", "o", "+", "*", "#", "@", "%")
_HEIGHT = 14
_BLOCKS = " ▏▎▍▌▋▊▉█"


def as_chart(answer: pa.Table, width: int) -> str:
    """Draw every metric of an answer.

    Args:
        answer: The answer; its first time column becomes the axis, other group-bys tell the lines
            apart. Without a time, each row becomes a bar.
        width: How many characters wide.

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
    rows = answer.to_pylist()
    drawn = []
    for field in metrics:
        if time is not None and answer.num_rows > 1:
            chart = _lines(rows, field.name, time, labels, width)
        else:
            chart = _bars(rows, field.name, [one.name for one in group_bys], width)
        drawn.append(_title(field) + "\n" + chart)
    return "\n\n".join(drawn)


def _title(field: pa.Field) -> str:
    unit = unit_of(field)
    return f"{field.name} ({unit})" if unit else str(field.name)


def _is_time(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type) or pa.types.is_date(field.type))


def _label(row: dict[str, Any], names: list[str]) -> str:
    return ", ".join(shown(row[name]) or "(none)" for name in names)


def _lines(
    rows: list[dict[str, Any]], metric: str, time: str, labels: list[str], width: int
) -> str:
    series: dict[str, list[Point]] = {}
    for row in rows:
        if row[time] is not None and row[metric] is not None:
            series.setdefault(_label(row, labels), []).append(
                (_instant(row[time]), float(row[metric]))
            )
    if not series:
        raise MetricsStoreError("there is nothing to draw", where=f"{metric} has no values")
    if len(series) > len(_MARKS):
        raise MetricsStoreError(
            f"{len(series)} lines cannot be told apart in a terminal",
            expected=f"at most {len(_MARKS)}",
            remedy="add a --where, or leave a group-by out",
        )
    figure = plotille.Figure()
    figure.with_colors = False
    # Beside the lines stand numbers, and below them days that reach over the end.
    figure.width, figure.height = max(width - 24, 20), _HEIGHT
    figure.register_label_formatter(dt.datetime, _day)
    figure.register_label_formatter(float, _number)
    figure.x_label = figure.y_label = ""
    values = [value for points in series.values() for _, value in points]
    if min(values) >= 0:
        figure.set_y_limits(min_=0, max_=max(values) * 1.05 or 1)
    for (label, points), mark in zip(series.items(), _MARKS, strict=False):
        points.sort()
        figure.plot(*zip(*points, strict=True), label=label or metric, marker=mark or None)
    return _tidied(figure.show(legend=len(series) > 1))


def _bars(rows: list[dict[str, Any]], metric: str, labels: list[str], width: int) -> str:
    values = [float(row[metric] or 0) for row in rows]
    texts = [shown(row[metric]) for row in rows]
    names = [_label(row, labels) for row in rows]
    name_width, text_width = max(map(len, names)), max(map(len, texts))
    size = max(width - name_width - text_width - 3, 10)
    largest = max(map(abs, values)) or 1.0
    return "\n".join(
        f"{name:<{name_width}} {_bar(abs(value) / largest * size):<{size}} {text:>{text_width}}"
        for name, value, text in zip(names, values, texts, strict=True)
    )


def _bar(length: float) -> str:
    whole, eighths = divmod(round(length * 8), 8)
    return _BLOCKS[-1] * whole + (_BLOCKS[eighths] if eighths else "")


def _instant(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())


def _day(value: dt.datetime, chars: int, delta: object, left: bool = False) -> str:  # noqa: FBT001, FBT002 - plotille's form
    del delta
    text = f"{value:%y-%m-%d}"
    return text.ljust(chars) if left else text.rjust(chars)


def _number(value: float, chars: int, delta: object, left: bool = False) -> str:  # noqa: FBT001, FBT002 - plotille's form
    del delta
    text = f"{value:,.{max(0, 3 - len(str(int(abs(value)))))}f}"
    return text.ljust(chars) if left else text.rjust(chars)


def _tidied(drawn: str) -> str:
    """Drop the empty lines that braille leaves, and spaces at line ends."""
    return "\n".join(_stripped(drawn.splitlines()))


def _stripped(lines: list[str]) -> Iterator[str]:
    for line in lines:
        # The axes' names are empty; what stands around them goes too.
        yield line.replace("\u2800", " ").replace("-> ()", "->").replace("()  ", "    ").rstrip()
