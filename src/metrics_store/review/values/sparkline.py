"""Small charts of what a metric was and is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_GAP = " "
_WIDTH, _HEIGHT, _EDGE = 320.0, 64.0, 3.0


def sparkline(values: Sequence[Any], lowest: float, highest: float) -> str:
    """Draw values as a line of blocks, between two bounds that both sides share."""
    span = highest - lowest
    drawn = []
    for value in values:
        if value is None:
            drawn.append(_GAP)
            continue
        height = (float(value) - lowest) / span if span else 0.5
        drawn.append(_BLOCKS[min(int(height * len(_BLOCKS)), len(_BLOCKS) - 1)])
    return "".join(drawn)


def bounds(values: Sequence[Any]) -> tuple[float, float]:
    """Give the least and the greatest of values, of which there may be none."""
    numbers = [float(value) for value in values if value is not None]
    return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)


def points(values: Sequence[Any], lowest: float, highest: float) -> list[str]:
    """Give the corners of lines over values, a line for each stretch without gaps.

    They lie in a picture of 320 by 64, as the points of an SVG polyline are written.
    """
    span = highest - lowest
    step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    lines: list[list[str]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        height = (float(value) - lowest) / span if span else 0.5
        across = _EDGE + position * step
        down = _HEIGHT - _EDGE - height * (_HEIGHT - 2 * _EDGE)
        lines[-1].append(f"{across:.1f},{down:.1f}")
    return [" ".join(line) for line in lines if line]
