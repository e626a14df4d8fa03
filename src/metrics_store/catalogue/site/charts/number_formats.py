"""The ticks of an axis, and the numbers at them."""

from __future__ import annotations

import math
import sys

_STEPS = (1, 2, 2.5, 5, 10)
_SHORT = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def short(value: float) -> str:
    """Give a number for an axis, such as `1.5M`."""
    for size, sign in _SHORT:
        if abs(value) >= size:
            return f"{value / size:.4g}{sign}"
    return f"{value:.4g}"


def percent(value: float) -> str:
    """Give a share for an axis, such as `25 %`."""
    return f"{value * 100:.6g} %"


def ticks(lowest: float, highest: float, wanted: int = 4) -> list[float]:
    """Give round numbers, evenly apart, that reach from below the lowest to the highest or over."""
    # What is closer than floats can be told apart by is one value.
    smallest = sys.float_info.min
    if highest - lowest < smallest:
        highest = lowest + (abs(lowest) if abs(lowest) >= smallest else 1.0)
    rough = (highest - lowest) / wanted
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(one * size for one in _STEPS if one * size >= rough * (1 - 1e-9))
    first = math.floor(lowest / step + 1e-9)
    last = math.ceil(highest / step - 1e-9)
    return [number * step for number in range(first, last + 1)]
