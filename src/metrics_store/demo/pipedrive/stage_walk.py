"""A deal's ordinary way through the stages, from where it stands to the last day or its loss."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import END, DealCalendar
from metrics_store.demo.pipedrive.pipedrive_stages import (
    CHURNS,
    GOES_BACK,
    LAST_STAGE,
    LOST_REASON_WEIGHTS,
    LOST_REASONS,
    RELABELS,
    REOPENS,
    SKIPS_ONE,
    SKIPS_TWO,
    STAGES,
    STALLS,
)

if TYPE_CHECKING:
    from random import Random

    from metrics_store.demo.pipedrive.deal_history import History

DWELL_SPREAD = 0.7
# Days until somebody comes back to a lost deal.
SECOND_THOUGHTS = (4.0, 45.0)


def lost_reason(rng: Random) -> int:
    """Give a reason, the common ones more often."""
    return rng.choices(list(LOST_REASONS), LOST_REASON_WEIGHTS)[0]


def walk(history: History, calendar: DealCalendar, rng: Random) -> None:
    """Let the deal go on from its stage until it is lost for good or the last day ends."""
    moment = history.last_moment
    while moment <= END and rng.random() >= STALLS:
        stage = STAGES[history.stage]
        days = rng.lognormvariate(log(stage.typical_days), DWELL_SPREAD)
        moment = calendar.after(moment, days)
        following = _following(history, rng)
        if following is None:
            if history.stage == LAST_STAGE and rng.random() >= CHURNS:
                return
            again = _lose(history, moment, calendar, rng)
            if again is None:
                return
            moment = again
        else:
            history.enter(following, moment)


def _following(history: History, rng: Random) -> int | None:
    """Give the next stage, or None for a loss."""
    rolled = rng.random()
    earlier = sorted(stage for stage in history.entered_stages if stage < history.stage)
    if rolled < STAGES[history.stage].advance:
        skipped = 0
        if not history.simple:
            leap = rng.random()
            skipped = 2 if leap < SKIPS_TWO else int(leap < SKIPS_TWO + SKIPS_ONE)
        return min(history.stage + 1 + skipped, LAST_STAGE)
    if rolled > 1 - GOES_BACK and earlier and not history.simple:
        return rng.choice(earlier)
    return None


def _lose(history: History, moment: int, calendar: DealCalendar, rng: Random) -> int | None:
    """Lose the deal; where it is opened again, give the moment of that."""
    history.lose(lost_reason(rng), moment)
    if history.simple:
        return None
    rolled = rng.random()
    if rolled < RELABELS:
        history.lose(lost_reason(rng), calendar.after(moment, rng.uniform(1, 20)))
    elif rolled < RELABELS + REOPENS:
        again = calendar.after(moment, rng.uniform(*SECOND_THOUGHTS))
        if history.enter(history.stage, again):
            return again
    return None
