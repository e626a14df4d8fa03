"""The waterfall: steps from a level to a level, stacked by the chart itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from metrics_store.app.components.units import axis_format

if TYPE_CHECKING:
    import pandas as pd

    from metrics_store.app.components.charts import Measured, Named

LEVEL, UP, DOWN = "level", "up", "down"
_HEIGHT = 340


def waterfall(frame: pd.DataFrame, step: Named, value: Measured, kind: str) -> alt.Chart:
    """Draw the steps in the order of the frame.

    Args:
        frame: A row a step.
        step: The names of the steps.
        value: How large each is.
        kind: The column that says of each whether it is a LEVEL, which stands on the ground, or
            goes UP or DOWN from where the one before it ended.
    """
    order = list(frame[step.column])
    is_level = alt.datum[kind] == LEVEL
    size = alt.datum[value.column]
    moved = alt.expr.if_(
        is_level,
        # The first level is where the steps begin; later ones must meet where they end.
        alt.expr.if_(alt.datum[step.column] == order[0], size, 0),
        alt.expr.if_(alt.datum[kind] == DOWN, -size, size),
    )
    chart: alt.Chart = (
        alt.Chart(frame, height=_HEIGHT)
        .transform_calculate(moved=moved)
        .transform_window(reached="sum(moved)", frame=[None, 0])
        .transform_calculate(
            begun=alt.expr.if_(is_level, 0, alt.datum.reached - alt.datum.moved),
            ended=alt.expr.if_(is_level, size, alt.datum.reached),
        )
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X(step.column, type="nominal", sort=order, title=None, axis={"labelAngle": -35}),
            y=alt.Y(
                "begun:Q",
                title=value.title,
                axis={"format": axis_format(value.unit), "tickCount": 5},
            ),
            y2=alt.Y2("ended:Q"),
            color=alt.Color(kind, type="nominal", sort=[LEVEL, DOWN, UP], legend=None),
            tooltip=[step.tooltip(), value.tooltip()],
        )
    )
    return chart
