"""The colours of the app, light and dark, which colour-blind people can tell apart too."""

from __future__ import annotations

from typing import Any

# After Okabe and Ito; each three to one at least against its ground.
LIGHT = [
    "#0072b2",
    "#c25a00",
    "#00805d",
    "#b3478f",
    "#8a6d00",
    "#3d3d8f",
    "#7a7a7a",
    "#a3202a",
    "#5b3a1e",
    "#3f8fa8",
]
DARK = [
    "#56b4e9",
    "#f0a04b",
    "#3ecf9f",
    "#e59bcb",
    "#f0e442",
    "#a9a5f5",
    "#b5b5b5",
    "#ff8a80",
    "#c9a27e",
    "#8ff0ff",
]
# What a legend takes below the plot: its title and margins, and each row of names.
_LEGEND, _LEGEND_ROW = 60, 20
# As many series as can be told apart.
SERIES = len(LIGHT)


def height_with_legend(plot: int, names: int, across: int) -> int:
    """Give how high a chart is whose plot is so high and whose legend has so many names."""
    return plot + _LEGEND + _LEGEND_ROW * -(-names // across)


def theme_options() -> dict[str, Any]:
    """Give the options of Streamlit for both themes; the viewer's system chooses between them."""
    return {
        "theme_baseRadius": "0.6rem",
        "theme_light_primaryColor": "#0b6358",
        "theme_light_chartCategoricalColors": LIGHT,
        "theme_dark_primaryColor": "#7bd3c4",
        "theme_dark_chartCategoricalColors": DARK,
    }
