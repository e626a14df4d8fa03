"""The coordinates of a line chart over time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.charts.number_formats import format_value, short, ticks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

WIDTH = 1000
HEIGHT = 300
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
class Value:
    """One value to draw.

    Attributes:
        period: When it is.
        series: What tells its line from others; empty where there is one.
        number: The value; none where it is missing.
        text: The value as people read it.
    """

    period: dt.date
    series: str
    number: float | None
    text: str


@dataclass(frozen=True)
class _Scale:
    """Where periods and values stand."""

    periods: Sequence[dt.date]
    marks: Sequence[float]

    def x(self, number: int) -> float:
        """Give the middle of a period from the left."""
        return round((number + 0.5) / len(self.periods) * WIDTH, 1)

    def y(self, value: float) -> float:
        """Give a value from the top."""
        low, high = self.marks[0], self.marks[-1]
        return round((high - value) / (high - low) * HEIGHT, 1)


def draw_lines(values: Sequence[Value]) -> Lines:
    """Draw values over time, of which at least one is there."""
    periods = sorted({value.period for value in values})
    names = _period_names(periods)
    known = [value.number for value in values if value.number is not None]
    marks = ticks(min(0.0, *known), max(0.0, *known))
    scale = _Scale(periods, marks)
    labels = sorted({value.series for value in values})
    newest = max(values, key=lambda value: value.period)
    is_only = len(labels) == 1
    return Lines(
        series=tuple(
            _series(label, [one for one in values if one.series == label], scale, is_only=is_only)
            for label in labels
        ),
        ups=tuple(Tick(_percent(scale.y(mark), HEIGHT), short(mark)) for mark in marks),
        periods=_period_ticks(scale, names),
        bands=tuple(_bands(values, scale, names)),
        zero=scale.y(0) if marks[0] < 0 < marks[-1] else None,
        newest=(names[newest.period], newest.text) if is_only else None,
    )


def _series(label: str, values: list[Value], scale: _Scale, *, is_only: bool) -> Series:
    by_period = {value.period: value for value in values}
    names = _period_names(scale.periods)
    parts: list[list[Point]] = [[]]
    for number, period in enumerate(scale.periods):
        value = by_period.get(period)
        if value is None or value.number is None:
            parts.append([])
        else:
            title = f"{names[period]}: {value.text}"
            parts[-1].append(Point(scale.x(number), scale.y(value.number), title))
    draw_graph = [part for part in parts if part]
    return Series(
        label,
        tuple(map(_path, draw_graph)),
        "".join(_area(part, scale.y(0)) for part in draw_graph) if is_only else "",
        tuple(point for part in draw_graph for point in part),
    )


def _period_ticks(scale: _Scale, names: dict[dt.date, str]) -> tuple[Tick, ...]:
    every = max(1, math.ceil(len(scale.periods) / _LABELS))
    return tuple(
        Tick(_percent(scale.x(number), WIDTH), names[period])
        # Counted from the newest, which is what one looks for.
        for number, period in enumerate(scale.periods)
        if (len(scale.periods) - 1 - number) % every == 0
    )


def _bands(
    values: Sequence[Value], scale: _Scale, names: dict[dt.date, str]
) -> Iterator[tuple[float, float, str]]:
    width = WIDTH / len(scale.periods)
    for number, period in enumerate(scale.periods):
        said = [
            f"{value.series}: {value.text}" if value.series else value.text
            for value in values
            if value.period == period
        ]
        yield round(number * width, 1), round(width, 1), "\n".join([names[period], *said])


def _percent(place: float, of: int) -> float:
    return round(place / of * 100, 2)


def _period_names(periods: Sequence[dt.date]) -> dict[dt.date, str]:
    """Name periods no longer than they need be told apart: `2024`, `2024-12` or `2024-12-31`."""
    days = {format_value(period) for period in periods}
    if all(len(one) == _DAY and one.endswith("-01") for one in days):
        years = len(days) > 1 and all(one.endswith("-01-01") for one in days)
        return {period: format_value(period)[: 4 if years else 7] for period in periods}
    return {period: format_value(period) for period in periods}


def _path(part: Sequence[Point]) -> str:
    # A value alone is a line to itself, whose round ends make it a dot.
    points = part if len(part) > 1 else [*part, *part]
    return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in points)


def _area(part: Sequence[Point], zero: float) -> str:
    return f"{_path(part)}L{part[-1].x:g} {zero:g}L{part[0].x:g} {zero:g}Z"
