"""An answer as a chart: a line over time, else bars. What it is drawn with, the page says."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from metrics_store.catalogue.site.numbers import short, ticks, written
from metrics_store.query.output.text import is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 1000
HEIGHT = 300
_MOST_LINES = 6
_MOST_BARS = 24
_LABELS = 6
_DAY = len("2024-12-31")


@dataclass(frozen=True)
class Tick:
    """A mark of an axis.

    Attributes:
        at: Where it stands, in percent from the left or the top.
        label: What it says.
    """

    at: float
    label: str


@dataclass(frozen=True)
class Point:
    """One value of a line.

    Attributes:
        x: From the left, of `WIDTH`.
        y: From the top, of `HEIGHT`.
        title: What it is, in words.
    """

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Series:
    """One line.

    Attributes:
        name: What tells it from the others; empty where it is alone.
        paths: Its parts, as SVG writes paths: it breaks where a value is missing.
        area: What lies between it and the zero; empty where there are more lines.
        points: Its values.
    """

    name: str
    paths: tuple[str, ...]
    area: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Lines:
    """Lines over time.

    Attributes:
        series: The lines.
        ups: The ticks of the axis of values.
        periods: The ticks of the axis of time.
        bands: For each period its left and width, of `WIDTH`, and what its values are.
        zero: Where zero stands, of `HEIGHT`; none where it is not in the picture.
        newest: The newest period with a value, and the value; none where there are more lines.
    """

    series: tuple[Series, ...]
    ups: tuple[Tick, ...]
    periods: tuple[Tick, ...]
    bands: tuple[tuple[float, float, str], ...]
    zero: float | None
    newest: tuple[str, str] | None


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
        return Chart(lines=_lines(rows, metric, time, names))
    return Chart(bars=_bars(rows[:_MOST_BARS], metric, [field.name for field in group_bys]))


def _without_empty_ends(
    rows: list[dict[str, Any]], metric: str, time: str
) -> list[dict[str, Any]]:
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
    return ", ".join(written(row[name]) for name in names)


def _lines(rows: list[dict[str, Any]], metric: str, time: str, names: list[str]) -> Lines:
    periods = sorted({row[time] for row in rows})
    named = _period_names(periods)
    values: dict[str, dict[dt.date, float | None]] = {}
    said: dict[dt.date, list[str]] = {}
    for row in rows:
        label = _label(row, names)
        values.setdefault(label, {})[row[time]] = _number(row[metric])
        said.setdefault(row[time], []).append(
            f"{label}: {written(row[metric])}" if names else written(row[metric])
        )
    known = [one for line in values.values() for one in line.values() if one is not None]
    marks = ticks(min(0.0, *known), max(0.0, *known))
    low, high = marks[0], marks[-1]

    def x(number: int) -> float:
        return round((number + 0.5) / len(periods) * WIDTH, 1)

    def y(value: float) -> float:
        return round((high - value) / (high - low) * HEIGHT, 1)

    series = []
    for label, line in sorted(values.items()):
        parts: list[list[Point]] = [[]]
        for number, period in enumerate(periods):
            value = line.get(period)
            if value is None:
                parts.append([])
            else:
                title = f"{named[period]}: {written(value)}"
                parts[-1].append(Point(x(number), y(value), title))
        drawn = [part for part in parts if part]
        alone = len(values) == 1
        series.append(
            Series(
                label,
                tuple(map(_path, drawn)),
                "".join(_area(part, y(0)) for part in drawn) if alone else "",
                tuple(point for part in drawn for point in part),
            )
        )
    rows_by_time = sorted(rows, key=lambda row: row[time])
    every = max(1, math.ceil(len(periods) / _LABELS))
    width = WIDTH / len(periods)
    return Lines(
        tuple(series),
        tuple(Tick(round(y(mark) / HEIGHT * 100, 2), short(mark)) for mark in marks),
        tuple(
            Tick(round(x(number) / WIDTH * 100, 2), named[period])
            # Counted from the newest, which is what one looks for.
            for number, period in enumerate(periods)
            if (len(periods) - 1 - number) % every == 0
        ),
        tuple(
            (
                round(number * width, 1),
                round(width, 1),
                f"{named[period]}\n" + "\n".join(said[period]),
            )
            for number, period in enumerate(periods)
        ),
        y(0) if low < 0 < high else None,
        (named[rows_by_time[-1][time]], written(rows_by_time[-1][metric])) if not names else None,
    )


def _period_names(periods: Sequence[dt.date]) -> dict[dt.date, str]:
    """Name periods no longer than they need be told apart: `2024`, `2024-12` or `2024-12-31`."""
    days = {written(period) for period in periods}
    if all(len(one) == _DAY and one.endswith("-01") for one in days):
        years = len(days) > 1 and all(one.endswith("-01-01") for one in days)
        return {period: written(period)[: 4 if years else 7] for period in periods}
    return {period: written(period) for period in periods}


def _path(part: Sequence[Point]) -> str:
    # A value alone is a line to itself, whose round ends make it a dot.
    points = part if len(part) > 1 else [*part, *part]
    return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in points)


def _area(part: Sequence[Point], zero: float) -> str:
    return f"{_path(part)}L{part[-1].x:g} {zero:g}L{part[0].x:g} {zero:g}Z"


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
            written(row[metric]),
        )
        for row, value in zip(rows, values, strict=True)
    )
