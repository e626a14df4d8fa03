"""Turns that plant a trap after an opportunity's creation, before it goes its ordinary way."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import (
    DAY,
    END,
    LEAP_DAY,
    MONTH_ENDS,
    MONTH_STARTS,
    QUARTER_ENDS,
    QUARTER_STARTS,
    DealCalendar,
    first_day_of_quarter,
    quarter_of,
)
from metrics_store.demo.salesforce.opportunities.creations import (
    FILLED_LATER,
    RECENTLY,
    WON_BEFORE_CREATION,
)
from metrics_store.demo.salesforce.opportunities.opportunity_stages import (
    LOST,
    UNKNOWN_CLOSED,
    UNKNOWN_OPEN,
    WON,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from metrics_store.demo.salesforce.opportunities.opportunity_history import Record


@dataclass
class Turn:
    """An opportunity that takes a turn.

    Args:
        record: The opportunity.
        calendar: Its free moments.
        rng: The dice.
        goes_on: Whether it goes its ordinary way afterwards, where it is open.
    """

    record: Record
    calendar: DealCalendar
    rng: Random
    goes_on: bool = True

    def soon(self, days: float = 20.0) -> int:
        """Give a free moment within so many days."""
        return self.calendar.after(self.record.last_moment, self.rng.uniform(0.5, days))

    def enter(self, stage: str) -> None:
        """Enter a stage soon; a closed one on the day itself."""
        moment = self.soon()
        close_date = self.record.state.close_date
        if stage in (WON, LOST, UNKNOWN_CLOSED):
            close_date = moment // DAY
        self.record.enter(moment, stage, close_date=close_date)


def _next(moments: list[int], after: int) -> int:
    place = bisect_right(moments, after)
    return moments[place] if place < len(moments) else END + 1


def month_start(turn: Turn) -> None:
    """Change stage in the first second of a month."""
    turn.record.enter(_next(MONTH_STARTS, turn.record.last_moment), "Needs Analysis")


def month_end(turn: Turn) -> None:
    """Change the amount in the last second of a month."""
    amount = (turn.record.state.amount or 100_000) + 12_345
    turn.record.adjust(_next(MONTH_ENDS, turn.record.last_moment), amount=amount)


def push_at_quarter_start(turn: Turn) -> None:
    """Be due in the quarter in whose first second it is pushed to the next."""
    moment = _next(QUARTER_STARTS, turn.record.last_moment + 30 * DAY)
    quarter = quarter_of(moment // DAY)
    turn.record.adjust(turn.soon(), close_date=first_day_of_quarter(quarter) + 20)
    turn.record.adjust(moment, close_date=first_day_of_quarter(quarter + 1) + 20)


def push_at_quarter_end(turn: Turn) -> None:
    """Be due in the quarter in whose last second it is pushed to the next one's first day."""
    moment = _next(QUARTER_ENDS, turn.record.last_moment + 30 * DAY)
    quarter = quarter_of(moment // DAY)
    turn.record.adjust(turn.soon(), close_date=first_day_of_quarter(quarter) + 45)
    turn.record.adjust(moment, close_date=first_day_of_quarter(quarter + 1))


def push_to_first_day(turn: Turn) -> None:
    """Be pushed to the first day of a quarter: across quarters by one day."""
    later = first_day_of_quarter(quarter_of(turn.record.state.close_date) + 1)
    turn.record.adjust(turn.soon(), close_date=later)


def push_to_last_day(turn: Turn) -> None:
    """Be pushed to the last day of the quarter: not across quarters by one day."""
    day = first_day_of_quarter(quarter_of(turn.record.state.close_date) + 1) - 1
    turn.record.adjust(turn.soon(), close_date=day)


def leap_day(turn: Turn) -> None:
    """Change stage on the leap day, and be due on it."""
    if LEAP_DAY - 60 * DAY < turn.record.last_moment < LEAP_DAY:
        moment = turn.calendar.after(LEAP_DAY, turn.rng.random() / 2)
        turn.record.enter(moment, "Value Proposition", close_date=LEAP_DAY // DAY)


def won_before_creation(turn: Turn) -> None:
    """Be won with a close date before the creation."""
    turn.record.enter(turn.soon(), WON)


def in_a_stage_unknown(turn: Turn) -> None:
    """Wait in a stage that no standard list has."""
    turn.enter(UNKNOWN_OPEN)
    turn.goes_on = turn.record.created < RECENTLY


def closed_in_a_stage_unknown(turn: Turn) -> None:
    """Be closed, not won, in a stage that no standard list has."""
    turn.enter(UNKNOWN_CLOSED)


def _through_stage(*stages: str) -> Callable[[Turn], None]:
    def take(turn: Turn) -> None:
        for stage in stages:
            turn.enter(stage)

    return take


def stays_with_another_probability(turn: Turn) -> None:
    """Have a probability that isn't its stage's and, if it is new, stay so."""
    turn.record.enter(turn.soon(), "Value Proposition", probability=3_500)
    turn.goes_on = turn.record.created < RECENTLY


def won_with_another_probability(turn: Turn) -> None:
    """Be won with a probability of 90 %."""
    moment = turn.soon()
    turn.record.enter(moment, WON, probability=9_000, close_date=moment // DAY)


def fills_the_amount(turn: Turn) -> None:
    """Get the amount it was created without."""
    turn.record.adjust(turn.soon(), amount=4_200_000)


def saved_three_times(turn: Turn) -> None:
    """Be saved three times in one second: stage, close date, amount."""
    entered = turn.record.state.entering("Needs Analysis")
    pushed = entered._replace(close_date=entered.close_date + 40)
    dearer = pushed._replace(amount=(pushed.amount or 0) + 100_000)
    turn.record.change(turn.soon(), dearer, before=(entered, pushed))


def saved_and_taken_back(turn: Turn) -> None:
    """Be pushed and pulled back in one second: no change at all."""
    state = turn.record.state
    pushed = state._replace(close_date=state.close_date + 90)
    turn.record.change(turn.soon(), state, before=(pushed,))


def history_row_deleted(turn: Turn) -> None:
    """Have a history row that was deleted, of a win that never was."""
    turn.record.add_deleted_entry(turn.soon(), turn.record.state.entering(WON))


TURNS: dict[int, Callable[[Turn], None]] = {
    5: month_start,
    11: month_end,
    17: push_at_quarter_start,
    23: push_at_quarter_end,
    29: push_to_first_day,
    35: push_to_last_day,
    41: leap_day,
    WON_BEFORE_CREATION: won_before_creation,
    63: in_a_stage_unknown,
    69: closed_in_a_stage_unknown,
    75: _through_stage("Proposal/Price Quote", WON, LOST, WON),
    81: _through_stage("Negotiation/Review", WON, LOST),
    87: _through_stage("Qualification", LOST, WON),
    93: _through_stage(LOST, "Needs Analysis"),
    99: _through_stage(WON, "Negotiation/Review"),
    105: stays_with_another_probability,
    111: won_with_another_probability,
    117: saved_three_times,
    123: saved_and_taken_back,
    129: history_row_deleted,
    FILLED_LATER: fills_the_amount,
}
