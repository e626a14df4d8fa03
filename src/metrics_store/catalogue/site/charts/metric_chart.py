"""The chart of an answer: lines over time, else bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from metrics_store.catalogue.site.charts.line_chart import Lines, Value, draw_lines
from metrics_store.catalogue.site.charts.number_formats import format_value
from metrics_store.query.output.text_formats import is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LINES = 6
_MOST_BARS = 24


@dataclass(frozen=True)
class Bar:
    """One bar: its name, where it begins and how long it is, in percent, and its value."""

    name: str
    left: float
    length: float
    value: str


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        lines: Lines, where there is a time.
        bars: Bars, where there is none.
    """

    lines: Lines | None = None
    bars: tuple[Bar, ...] = ()


def draw(table: pa.Table, metric: str) -> Chart | None:
    """Draw the answer to a question on one metric; none where it holds no number.

    Args:
        table: Group-bys and then the metric; rows in the order in which bars stand.
        metric: The column of the metric.
    """
    if not is_number(table.schema.field(metric)):
        return None
    group_bys = [field for field in table.schema if field.name != metric]
    time = next((field.name for field in group_bys if _is_time(field)), None)
    rows = [row for row in table.to_pylist() if time is None or row[time] is not None]
    if not any(_number(row[metric]) is not None for row in rows):
        return None
    if time is not None:
        rows = _without_empty_ends(rows, metric, time)
    names = [field.name for field in group_bys if field.name != time]
    if time is not None and len({_label(row, names) for row in rows}) <= _MOST_LINES:
        return Chart(
            lines=draw_lines(
                [
                    Value(
                        row[time],
                        _label(row, names),
                        _number(row[metric]),
                        format_value(row[metric]),
                    )
                    for row in rows
                ]
            )
        )
    return Chart(bars=_bars(rows[:_MOST_BARS], metric, [field.name for field in group_bys]))


def _without_empty_ends(rows: list[dict[str, Any]], metric: str, time: str) -> list[dict[str, Any]]:
    """Leave out the periods before the first value and after the last one."""
    known = [row[time] for row in rows if _number(row[metric]) is not None]
    return [row for row in rows if min(known) <= row[time] <= max(known)]


def _is_time(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type) or pa.types.is_date(field.type))


def _number(value: Any) -> float | None:  # noqa: ANN401 - whatever a warehouse holds
    if value is None or not math.isfinite(value):
        return None
    return float(value)


def _label(row: dict[str, Any], names: Sequence[str]) -> str:
    return ", ".join(format_value(row[name]) for name in names)


def _bars(rows: list[dict[str, Any]], metric: str, names: list[str]) -> tuple[Bar, ...]:
    values = [_number(row[metric]) for row in rows]
    known = [value for value in values if value is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0
    return tuple(
        Bar(
            _label(row, names) or metric,
            round((min(value or 0.0, 0.0) - low) / span * 100, 2),
            round(abs(value or 0.0) / span * 100, 2),
            format_value(row[metric]),
        )
        for row, value in zip(rows, values, strict=True)
    )
