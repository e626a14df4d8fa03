"""Charts of answers: what is drawn are the answers' own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from metrics_store.app.components.theme import SERIES, height_with_legend
from metrics_store.app.components.units import axis_format, tooltip_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_HEIGHT = 300
# Grain -> how its periods are written below a chart; of finer ones Vega knows better.
_PERIODS = {
    "month": "%b %Y",
    "quarter": "%b %Y",
    "year": "%Y",
    "fiscal_quarter": "%b %Y",
    "fiscal_year": "%b %Y",
}
_BAR = 30
# What a name in the legend may take where others stand beside it, and where none does.
_LABEL, _LONE_LABEL = 150, 260
_NOT_THERE = "(none)"


@dataclass(frozen=True)
class Measured:
    """A column of numbers to draw.

    Attributes:
        column: Its name in the frame.
        title: What people call it.
        unit: The unit of its numbers.
    """

    column: str
    title: str
    unit: str | None = None

    def axis(self) -> dict[str, Any]:
        """Give it as an axis."""
        return {
            "field": self.column,
            "type": "quantitative",
            "title": self.title,
            "axis": {"format": axis_format(self.unit), "tickCount": 5},
        }

    def tooltip(self) -> alt.Tooltip:
        """Give it as what is told where it is pointed at."""
        return alt.Tooltip(
            self.column, type="quantitative", title=self.title, format=tooltip_format(self.unit)
        )


@dataclass(frozen=True)
class Named:
    """A column of names to draw.

    Attributes:
        column: Its name in the frame.
        title: What people call it.
        across: How many names of the legend stand side by side.
    """

    column: str
    title: str
    across: int = 2

    def colour(self) -> alt.Color:
        """Give it as colours, with their legend below."""
        legend = alt.Legend(
            orient="bottom",
            title=self.title,
            columns=self.across,
            labelLimit=_LABEL if self.across > 1 else _LONE_LABEL,
        )
        return alt.Color(self.column, type="nominal", legend=legend)

    def tooltip(self) -> alt.Tooltip:
        """Give it as what is told where it is pointed at."""
        return alt.Tooltip(self.column, type="nominal", title=self.title)


def lines(
    frame: pd.DataFrame,
    time: str,
    value: Measured,
    colour: Named | None = None,
    *,
    points: bool = True,
) -> alt.Chart:
    """Draw values over time, a line a colour."""
    chart = alt.Chart(frame, height=_height(frame, colour)).mark_line(
        point={"size": 35} if points else False
    )
    return _over_time(chart, _times(frame, time), alt.Y(**value.axis()), value, colour)


def areas(frame: pd.DataFrame, time: str, value: Measured, colour: Named) -> alt.Chart:
    """Draw values over time, the colours one upon the other."""
    chart = alt.Chart(frame, height=_height(frame, colour)).mark_area(opacity=0.85)
    stacked = alt.Y(**value.axis(), stack="zero")
    return _over_time(chart, _times(frame, time), stacked, value, colour)


def _over_time(
    chart: alt.Chart, x: alt.X, y: alt.Y, value: Measured, colour: Named | None
) -> alt.Chart:
    told = [_day(x.shorthand), value.tooltip()]
    encoded: alt.Chart = chart.encode(x=x, y=y, tooltip=told)
    if colour is None:
        return encoded
    coloured: alt.Chart = encoded.encode(color=colour.colour(), tooltip=[*told, colour.tooltip()])
    return coloured


def bars(
    frame: pd.DataFrame,
    category: Named,
    value: Measured,
    order: Sequence[str] | None = None,
    also: Sequence[Measured] = (),
) -> alt.Chart:
    """Draw a bar a category, the longest first or in an order that is given.

    What else is known of each is told where it is pointed at.
    """
    chart: alt.Chart = (
        alt.Chart(frame, height=alt.Step(_BAR))
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=_categories(category, list(order) if order is not None else "-x"),
            x=alt.X(**value.axis()),
            tooltip=[category.tooltip(), value.tooltip(), *(one.tooltip() for one in also)],
        )
    )
    return chart


def stacked_bars(frame: pd.DataFrame, category: Named, value: Measured, colour: Named) -> alt.Chart:
    """Draw a bar a category, made of a piece a colour."""
    chart: alt.Chart = (
        alt.Chart(frame, height=alt.Step(_BAR))
        .mark_bar()
        .encode(
            y=_categories(category, None),
            x=alt.X(**value.axis()),
            color=colour.colour(),
            tooltip=[category.tooltip(), colour.tooltip(), value.tooltip()],
        )
    )
    return chart


def _categories(category: Named, order: list[str] | str | None) -> alt.Y:
    sort: Any = order
    return alt.Y(category.column, type="nominal", title=None, sort=sort, axis={"labelLimit": 170})


def scatter(frame: pd.DataFrame, x: Measured, y: Measured, category: Named) -> alt.Chart:
    """Draw two metrics against each other, a point a category."""
    chart: alt.Chart = (
        alt.Chart(frame, height=_HEIGHT)
        .mark_circle(size=90, opacity=0.8)
        .encode(
            x=alt.X(**x.axis()),
            y=alt.Y(**y.axis()),
            tooltip=[category.tooltip(), x.tooltip(), y.tooltip()],
        )
    )
    return chart


def interval(frame: pd.DataFrame, time: str, low: Measured, high: Measured) -> alt.Chart:
    """Draw the band between two columns, which lies below lines."""
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_area(opacity=0.2)
        .encode(
            x=_times(frame, time),
            y=alt.Y(**low.axis()),
            y2=alt.Y2(high.column),
            tooltip=[_day(time), low.tooltip(), high.tooltip()],
        )
    )
    return chart


def _height(frame: pd.DataFrame, colour: Named | None) -> int:
    """Give a height at which the plot itself is always as high, whatever the legend takes."""
    if colour is None:
        return _HEIGHT
    return height_with_legend(_HEIGHT, frame[colour.column].nunique(), colour.across)


def _times(frame: pd.DataFrame, time: str) -> alt.X:
    """Give an axis of time that names the periods that there are, and none between them."""
    grain = time.rpartition("__")[2]
    if grain not in _PERIODS:
        return alt.X(time, type="temporal", title=None)
    periods = [
        alt.DateTime(year=one.year, month=one.month, date=one.day)
        for one in frame[time].dropna().drop_duplicates().sort_values()
    ]
    axis = alt.Axis(format=_PERIODS[grain], values=periods, labelOverlap="greedy")
    return alt.X(time, type="temporal", title=None, axis=axis)


def _day(time: str) -> alt.Tooltip:
    return alt.Tooltip(time, type="temporal", title="Time", format="%Y-%m-%d")


def largest(frame: pd.DataFrame, category: str, value: str) -> list[str]:
    """Give the categories to draw: those with the largest values, as many as can be told apart."""
    ordered = frame.sort_values(value, ascending=False)[category]
    return list(dict.fromkeys(ordered))[:SERIES]


def named(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Give the frame with names as text, and a word where there is none."""
    texts = {
        name: frame[name].astype("object").where(frame[name].notna(), _NOT_THERE).map(str)
        for name in columns
    }
    return frame.assign(**texts)
