"""The charts that fit an answer, the one that fits best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.app.components.charts import (
    Measured,
    Named,
    areas,
    bars,
    largest,
    lines,
    named,
    scatter,
    stacked_bars,
)
from metrics_store.app.components.theme import SERIES
from metrics_store.app.components.units import NOT_ADDITIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair as alt
    import pandas as pd

LINE, BAR, STACKED, SCATTER, TABLE = "line", "bar", "stacked", "scatter", "table"
WORDS = {
    LINE: "Lines",
    BAR: "Bars",
    STACKED: "Stacked",
    SCATTER: "Scatter",
    TABLE: "Table only",
}
# More bars nobody reads.
_BARS = 30
_TWO = 2


@dataclass(frozen=True)
class Shape:
    """What an answer has to draw.

    Attributes:
        time: The column of time; none where there is none.
        categories: The other columns that it is grouped by.
        units: Metric -> its unit.
        labels: Column -> what people call it.
    """

    time: str | None
    categories: Sequence[str]
    units: Mapping[str, str]
    labels: Mapping[str, str]

    def measured(self) -> list[Measured]:
        """Give the metrics to draw."""
        return [Measured(name, self.labels[name], unit) for name, unit in self.units.items()]

    def named(self) -> list[Named]:
        """Give the categories to draw them by."""
        return [Named(name, self.labels[name]) for name in self.categories]


@dataclass(frozen=True)
class Drawing:
    """Charts, and what is to be known of them."""

    charts: list[alt.Chart]
    note: str = ""


def fitting_charts(shape: Shape) -> list[str]:
    """Name the charts that fit, the best first."""
    additive = not NOT_ADDITIVE & set(shape.units.values())
    if shape.time and not shape.categories:
        found = [LINE]
    elif shape.time and len(shape.categories) == 1:
        found = [LINE, STACKED] if additive else [LINE]
    elif not shape.time and len(shape.categories) == 1:
        found = [BAR, SCATTER] if len(shape.units) > 1 else [BAR]
    elif not shape.time and len(shape.categories) == _TWO and additive:
        found = [STACKED]
    else:
        found = []
    return [*found, TABLE]


def draw(kind: str, frame: pd.DataFrame, shape: Shape) -> Drawing:
    """Draw an answer as one of the charts that fit it."""
    frame = named(frame, shape.categories)
    if shape.time is not None and not shape.categories:
        return Drawing(_lines_by_unit(frame, shape.time, shape.measured()))
    if kind == SCATTER:
        x, y, *_ = shape.measured()
        return Drawing([scatter(frame, x, y, shape.named()[0])])
    if kind == BAR:
        few = frame.head(_BARS)
        note = f"The first {_BARS} are drawn; the table has all." if len(few) < len(frame) else ""
        return Drawing([bars(few, shape.named()[0], one) for one in shape.measured()], note)
    return _coloured(kind, frame, shape)


def _coloured(kind: str, frame: pd.DataFrame, shape: Shape) -> Drawing:
    """Draw a colour a value of the last category, as many as can be told apart."""
    charts, note = [], ""
    *_, colour = shape.named()
    for value in shape.measured():
        kept = largest(frame, colour.column, value.column)
        few = frame[frame[colour.column].isin(kept)]
        if len(few) < len(frame):
            note = f"The {SERIES} largest are drawn; the table has all."
        if shape.time is None:
            charts.append(stacked_bars(few, shape.named()[0], value, colour))
        elif kind == STACKED:
            charts.append(areas(few, shape.time, value, colour))
        else:
            charts.append(lines(few, shape.time, value, colour))
    return Drawing(charts, note)


def _lines_by_unit(frame: pd.DataFrame, time: str, measured: Sequence[Measured]) -> list[alt.Chart]:
    """Draw the metrics of one unit on one axis."""
    by_unit: dict[str | None, list[Measured]] = {}
    for one in measured:
        by_unit.setdefault(one.unit, []).append(one)
    charts = []
    for unit, together in by_unit.items():
        if len(together) == 1:
            charts.append(lines(frame, time, together[0]))
            continue
        labels = {one.column: one.title for one in together}
        long = frame[[time, *labels]].rename(columns=labels)
        melted = long.melt(time, var_name="metric", value_name="value").dropna(subset=["value"])
        value = Measured("value", unit or "", unit)
        charts.append(lines(melted, time, value, Named("metric", "Metric", across=1)))
    return charts
