"""How deals begin: the ordinary way, and the ways that plant a trap."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import DAY, LEAP_DAY, MONTH_ENDS, MONTH_STARTS, DealCalendar
from metrics_store.demo.pipedrive.stage_walk import lost_reason

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from metrics_store.demo.pipedrive.deal_history import History

# First stage -> how often deals begin there.
FIRST_STAGES = {1: 0.88, 2: 0.10, 3: 0.02}


@dataclass
class Opening:
    """A deal that begins.

    Args:
        history: Its lifecycle so far: only the add_time.
        calendar: Its free moments.
        rng: The dice.
        planted: Where traps are counted.
        owned_from: Moment of its first owner; None for none.
        goes_on: Whether it walks on after the opening.
    """

    history: History
    calendar: DealCalendar
    rng: Random
    planted: Counter[str]
    owned_from: int | None
    goes_on: bool = True

    def soon(self, after: int, days: float = 6.0) -> int:
        """Give a free moment within so many days."""
        return self.calendar.after(after, self.rng.uniform(0.0, days))

    def first_stage(self) -> int:
        """Enter stage 1 within a day, and give the moment."""
        moment = self.soon(self.history.created, 1.0)
        self.history.enter(1, moment)
        return moment


def ordinary(deal: Opening) -> None:
    """Begin in one of the first stages."""
    stage = 1
    if not deal.history.simple:
        stage = deal.rng.choices(list(FIRST_STAGES), list(FIRST_STAGES.values()))[0]
    deal.history.enter(stage, deal.soon(deal.history.created, 1.0))


def creation_tie(deal: Opening) -> None:
    """Create, assign and enter stage 1 in one second."""
    deal.owned_from = deal.history.created
    deal.history.enter(1, deal.history.created)
    deal.planted["creation_ties"] += 1


def stage_tie(deal: Opening) -> None:
    """Enter stages 1 and 2 in one second."""
    moment = deal.first_stage()
    deal.planted["stage_ties"] += deal.history.enter(2, moment)


def loss_tie(deal: Opening) -> None:
    """Be lost in the second of a stage entry."""
    moment = deal.soon(deal.first_stage())
    if deal.history.enter(2, moment):
        deal.history.lose(lost_reason(deal.rng), moment)
        deal.planted["loss_ties"] += 1
    deal.goes_on = False


def _convert_after(deal: Opening, seconds: int, name: str) -> None:
    moment = deal.calendar.take(deal.first_stage() + seconds)
    deal.planted[name] += deal.history.enter(2, moment)


def after_30_days(deal: Opening) -> None:
    """Convert after exactly 30 days."""
    _convert_after(deal, 30 * DAY, "conversions_after_exactly_30_days")


def a_second_after_30_days(deal: Opening) -> None:
    """Convert a second too late for the 30 days."""
    _convert_after(deal, 30 * DAY + 1, "conversions_a_second_after_30_days")


def after_90_days(deal: Opening) -> None:
    """Convert after exactly 90 days."""
    _convert_after(deal, 90 * DAY, "conversions_after_exactly_90_days")


def month_edges(deal: Opening) -> None:
    """Enter stage 1 in a month's first second, and stage 2 in its last."""
    month = bisect_right(MONTH_STARTS, deal.history.created)
    if month == len(MONTH_STARTS):
        ordinary(deal)
        return
    deal.history.enter(1, MONTH_STARTS[month])
    deal.history.enter(2, MONTH_ENDS[month])


def leap_day(deal: Opening) -> None:
    """Enter stage 1 on the leap day, where the deal began in the month before."""
    if LEAP_DAY - 30 * DAY < deal.history.created < LEAP_DAY:
        deal.history.enter(1, deal.calendar.after(LEAP_DAY, deal.rng.random() / 2))
    else:
        ordinary(deal)


def reopened_by_stage(deal: Opening) -> None:
    """Be lost, and go on with a stage entry."""
    lost = deal.soon(deal.first_stage())
    if deal.history.lose(lost_reason(deal.rng), lost):
        deal.history.enter(2, deal.soon(lost, 30.0))


def reopened_by_clearing(deal: Opening) -> None:
    """Be lost, and go on when the reason is taken away."""
    qualified = deal.soon(deal.first_stage())
    deal.history.enter(2, qualified)
    lost = deal.soon(qualified)
    deal.history.lose(lost_reason(deal.rng), lost)
    cleared = deal.soon(lost, 30.0)
    deal.history.clear_loss(cleared)
    deal.history.enter(3, deal.soon(cleared))


def relabelled(deal: Opening) -> None:
    """Be lost, and get another reason."""
    lost = deal.soon(deal.first_stage())
    deal.history.lose(1, lost)
    deal.history.lose(2, deal.soon(lost, 10.0))
    deal.goes_on = False


def unowned(deal: Opening) -> None:
    """Never get an owner."""
    deal.owned_from = None
    ordinary(deal)


def renamed(deal: Opening) -> None:
    """Have a change of a field that no model knows."""
    ordinary(deal)
    deal.history.rename("A new title", deal.soon(deal.history.created))
