"""The coordinates of a line chart over time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.charts.number_formats import short, ticks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

WIDTH = 1000
HEIGHT = 300
_LABELS = 6
_MOST_DOTS = 60
_ABOVE, _BELOW = "\u25b2", "\u25bc"


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
        is_faint: Whether it says little, as it is made of few rows.
        beyond: What points to a value that lies beyond the axis; empty for others.
    """

    x: float
    y: float
    is_faint: bool = False
    beyond: str = ""

    @property
    def at(self) -> float:
        """Where it stands from the left, in percent."""
        return _percent(self.x, WIDTH)


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
class Band:
    """What an interval covers.

    Attributes:
        name: How surely the actual value lies in it.
        paths: Its parts, as SVG writes paths.
    """

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """Lines over time.

    Attributes:
        series: The lines.
        bands: The intervals, the widest first.
        ups: The ticks of the axis of values.
        periods: The ticks of the axis of time.
        columns: For each period its left and width, of `WIDTH`, and what its values are.
        zero: Where zero stands, of `HEIGHT`; none where it is not in the picture.
        future: Where what is still to come begins, of `WIDTH`; none where nothing is.
        is_forecast: Whether the first line is a forecast, and the other what came of it.
    """

    series: tuple[Series, ...]
    bands: tuple[Band, ...]
    ups: tuple[Tick, ...]
    periods: tuple[Tick, ...]
    columns: tuple[tuple[float, float, str], ...]
    zero: float | None
    future: float | None
    is_forecast: bool = False

    @property
    def is_of_one(self) -> bool:
        """Whether the first line is all there is of one metric, and not one of several groups."""
        return len(self.series) == 1 or self.is_forecast

    @property
    def has_room_for_dots(self) -> bool:
        """Whether dots on the values would not run together."""
        return len(self.columns) <= _MOST_DOTS

    @property
    def has_faint(self) -> bool:
        """Whether a value says little."""
        return any(point.is_faint for series in self.series for point in series.points)

    @property
    def has_beyond(self) -> bool:
        """Whether a value lies beyond the axis."""
        return any(point.beyond for series in self.series for point in series.points)


@dataclass(frozen=True)
class Value:
    """One value to draw.

    Attributes:
        period: When it is.
        series: What tells its line from others; empty where there is one.
        number: The value; none where it is missing.
        text: The value as people read it.
        remark: What else is to be known of it, such as that it is made of few rows.
        is_faint: Whether it says little.
    """

    period: dt.date
    series: str
    number: float | None
    text: str
    remark: str = ""
    is_faint: bool = False


@dataclass(frozen=True)
class Bounds:
    """The bounds of an interval: for each period the lower and the upper one, and in words."""

    name: str
    by_period: Mapping[dt.date, tuple[float, float, str]]


@dataclass(frozen=True)
class Axes:
    """What the axes say.

    Attributes:
        periods: Period -> what it is called.
        tick: Writes a number of the axis of values.
        reference: The last day that the data tell of; what begins later is still to come.
        is_forecast: Whether the first line is a forecast.
    """

    periods: Mapping[dt.date, str]
    tick: Callable[[float], str] = short
    reference: dt.date | None = None
    is_forecast: bool = False


@dataclass(frozen=True)
class _Scale:
    """Where periods and values stand."""

    periods: Sequence[dt.date]
    marks: Sequence[float]

    def x(self, number: int) -> float:
        """Give the middle of a period from the left."""
        return round((number + 0.5) / len(self.periods) * WIDTH, 1)

    def y(self, value: float) -> float:
        """Give a value from the top; the edge for one that lies beyond it."""
        low, high = self.marks[0], self.marks[-1]
        return round((high - min(max(value, low), high)) / (high - low) * HEIGHT, 1)

    def beyond(self, value: float) -> str:
        """Give what points to a value beyond the edge; empty for others."""
        if value > self.marks[-1]:
            return _ABOVE
        return _BELOW if value < self.marks[0] else ""


@dataclass
class _Picture:
    """What all parts of one picture share."""

    values: Sequence[Value]
    axes: Axes
    bounds: Sequence[Bounds]
    periods: list[dt.date] = field(init=False)
    scale: _Scale = field(init=False)

    def __post_init__(self) -> None:
        self.periods = sorted({value.period for value in self.values})
        self.scale = _Scale(self.periods, self._marks())

    def _marks(self) -> list[float]:
        """Give the ticks of the axis, which values of few rows do not stretch."""
        solid = [one.number for one in self.values if one.number is not None and not one.is_faint]
        bounds = [
            end
            for one in self.bounds
            for low, high, _ in one.by_period.values()
            for end in (low, high)
        ]
        known = solid + bounds or [one.number for one in self.values if one.number is not None]
        return ticks(min(0.0, *known), max(0.0, *known))


def draw_lines(values: Sequence[Value], axes: Axes, bounds: Sequence[Bounds] = ()) -> Lines:
    """Draw values over time, of which at least one is there.

    Args:
        values: The values; the lines come in the order of their first ones.
        axes: What the axes say.
        bounds: The intervals around the first line, the widest first.
    """
    picture = _Picture(values, axes, bounds)
    scale = picture.scale
    labels = list(dict.fromkeys(value.series for value in values))
    is_only = len(labels) == 1 and not bounds
    return Lines(
        series=tuple(
            _series(label, [one for one in values if one.series == label], scale, is_only=is_only)
            for label in labels
        ),
        bands=tuple(Band(one.name, tuple(_covered(one, scale))) for one in bounds),
        ups=tuple(Tick(_percent(scale.y(mark), HEIGHT), axes.tick(mark)) for mark in scale.marks),
        periods=_period_ticks(scale, axes.periods),
        columns=tuple(_columns(picture)),
        zero=scale.y(0) if scale.marks[0] < 0 < scale.marks[-1] else None,
        future=_future(picture),
        is_forecast=axes.is_forecast,
    )


def _series(label: str, values: list[Value], scale: _Scale, *, is_only: bool) -> Series:
    by_period = {value.period: value for value in values}
    parts: list[list[Point]] = [[]]
    for number, period in enumerate(scale.periods):
        value = by_period.get(period)
        if value is None or value.number is None:
            parts.append([])
        else:
            place = scale.x(number), scale.y(value.number)
            parts[-1].append(Point(*place, value.is_faint, scale.beyond(value.number)))
    drawn = [part for part in parts if part]
    return Series(
        label,
        tuple(map(_path, drawn)),
        "".join(_area(part, scale.y(0)) for part in drawn) if is_only else "",
        tuple(point for part in drawn for point in part),
    )


def _covered(bounds: Bounds, scale: _Scale) -> Iterator[str]:
    """Give the parts of what an interval covers, from its upper bounds back over its lower ones."""
    part: list[tuple[Point, Point]] = []
    for number, period in enumerate([*scale.periods, None]):
        ends = None if period is None else bounds.by_period.get(period)
        if ends is not None:
            x = scale.x(number)
            part.append((Point(x, scale.y(ends[1])), Point(x, scale.y(ends[0]))))
        elif part:
            if len(part) == 1:
                # A period alone has a width too.
                upper, lower = part[0]
                half = WIDTH / len(scale.periods) / 3
                part = [
                    (Point(upper.x + side, upper.y), Point(lower.x + side, lower.y))
                    for side in (-half, half)
                ]
            back = [lower for _, lower in reversed(part)]
            yield _path([*(upper for upper, _ in part), *back]) + "Z"
            part = []


def _period_ticks(scale: _Scale, names: Mapping[dt.date, str]) -> tuple[Tick, ...]:
    every = max(1, math.ceil(len(scale.periods) / _LABELS))
    return tuple(
        Tick(_percent(scale.x(number), WIDTH), names[period])
        # Counted from the newest, which is what one looks for.
        for number, period in enumerate(scale.periods)
        if (len(scale.periods) - 1 - number) % every == 0
    )


def _columns(picture: _Picture) -> Iterator[tuple[float, float, str]]:
    width = WIDTH / len(picture.periods)
    for number, period in enumerate(picture.periods):
        said = [
            (f"{one.series}: {one.text}" if one.series else one.text)
            + (f" ({one.remark})" if one.remark else "")
            for one in picture.values
            if one.period == period
        ]
        said += [
            f"{one.name}: {one.by_period[period][2]}"
            for one in reversed(picture.bounds)
            if period in one.by_period
        ]
        words = "\n".join([picture.axes.periods[period], *said])
        yield round(number * width, 1), round(width, 1), words


def _future(picture: _Picture) -> float | None:
    reference = picture.axes.reference
    if reference is None or picture.periods[-1] <= reference:
        return None
    known = sum(period <= reference for period in picture.periods)
    return round(known * WIDTH / len(picture.periods), 1)


def _percent(place: float, of: int) -> float:
    return round(place / of * 100, 2)


def _path(part: Sequence[Point]) -> str:
    # A value alone is a line to itself, whose round ends make it a dot.
    points = part if len(part) > 1 else [*part, *part]
    return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in points)


def _area(part: Sequence[Point], zero: float) -> str:
    return f"{_path(part)}L{part[-1].x:g} {zero:g}L{part[0].x:g} {zero:g}Z"
