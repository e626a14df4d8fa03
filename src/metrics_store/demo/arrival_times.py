"""When opportunities arrive: with growth, seasons and quiet weekends."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import DAY, DAYS, OFFICE_HOURS, OPENING_HOUR, midnight

if TYPE_CHECKING:
    from random import Random

YEARLY_GROWTH = 1.3
# January to December; the year averages about 1.
SEASONS = (1.10, 1.05, 1.20, 1.00, 0.95, 1.05, 0.80, 0.65, 1.15, 1.15, 1.10, 0.70)
# Monday to Sunday.
WEEKDAYS = (1.1, 1.2, 1.15, 1.05, 0.9, 0.08, 0.05)

_WEIGHTS = [
    YEARLY_GROWTH ** (offset / 365) * SEASONS[day.month - 1] * WEEKDAYS[day.weekday()]
    for offset, day in enumerate(DAYS)
]
_CUMULATED = list(accumulate(_WEIGHTS))


def arrival(number: int, of: int, rng: Random) -> int:
    """Give the moment at which the n-th of so many arrives; higher numbers arrive later."""
    share = (number + rng.random()) / of * _CUMULATED[-1]
    place = min(bisect_right(_CUMULATED, share), len(DAYS) - 1)
    into_day = 1 - (_CUMULATED[place] - share) / _WEIGHTS[place]
    # A second short of closing time: rounding must not reach the next hour.
    second = OPENING_HOUR * 3600 + int(max(0.0, into_day) * (OFFICE_HOURS * 3600 - 1))
    return midnight(DAYS[place]) + min(second, DAY - 2)
