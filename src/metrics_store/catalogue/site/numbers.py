"""Numbers as people read them, and the ticks of an axis."""

from __future__ import annotations

import datetime as dt
import decimal
import math

from metrics_store.query.output.text import shown

_CENTS_FROM = 1000
_STEPS = (1, 2, 2.5, 5, 10)
_SHORT = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def written(value: object) -> str:
    """Give a value for a table: numbers in groups of three digits, days without midnight."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | decimal.Decimal):
        if not math.isfinite(value):
            return "–"
        if value == int(value):
            return f"{int(value):,}"
        return f"{value:,.2f}" if abs(value) >= _CENTS_FROM else f"{float(value):.4g}"
    return shown(value)


def short(value: float) -> str:
    """Give a number for an axis, such as `1.5M`."""
    for size, sign in _SHORT:
        if abs(value) >= size:
            return f"{value / size:.4g}{sign}"
    return f"{value:.4g}"


def ticks(lowest: float, highest: float, wanted: int = 4) -> list[float]:
    """Give round numbers, evenly apart, that reach from below the lowest to the highest or over."""
    if highest <= lowest:
        highest = lowest + (abs(lowest) or 1.0)
    rough = (highest - lowest) / wanted
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(one * size for one in _STEPS if one * size >= rough * (1 - 1e-9))
    first = math.floor(lowest / step + 1e-9)
    last = math.ceil(highest / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def day(value: dt.date) -> str:
    """Give the day of a time, or the time where it is not midnight."""
    return shown(value)
