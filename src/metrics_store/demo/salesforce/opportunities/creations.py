"""How opportunities are created: the ordinary way, and the ways that plant a trap."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import DAY, END, first_day_of_quarter, quarter_of
from metrics_store.demo.salesforce.opportunities.opportunity_history import Record
from metrics_store.demo.salesforce.opportunities.opportunity_stages import (
    DEFAULTS,
    LOST,
    WON,
    State,
)

if TYPE_CHECKING:
    from random import Random

    from metrics_store.demo.demo_calendar import DealCalendar

FIRST_STAGES = {"Prospecting": 0.62, "Qualification": 0.28, "Needs Analysis": 0.10}
# Segment -> median amount in whole units of the currency.
AMOUNTS = {"Enterprise": 150_000, "Mid-Market": 42_000, "SMB": 12_000, None: 15_000}
AMOUNT_SPREAD = 0.7
# Amounts are mostly round; some know their cents.
ROUND_AMOUNTS, NO_AMOUNT = 0.7, 0.02
SAVED_TWICE = 0.10
TO_QUARTERS_END, SEES_IT_COMING = 0.15, 0.45
# Since then, what waits for long may still be open.
RECENTLY = END - 200 * DAY


@dataclass
class Beginning:
    """What a new opportunity begins with.

    Args:
        created: Moment of its creation.
        days: Days until its decision.
        state: Its first state.
        calendar: Its free moments.
        rng: The dice.
    """

    created: int
    days: float
    state: State
    calendar: DealCalendar
    rng: Random

    def record(self, slot: int) -> Record:
        """Create it, in the way of its slot."""
        return CREATIONS.get(slot, ordinary)(self)


def first_state(created: int, days: float, segment: str | None, rng: Random) -> State:
    """Give the state that a new opportunity has ordinarily."""
    stage = rng.choices(list(FIRST_STAGES), list(FIRST_STAGES.values()))[0]
    probability, category = DEFAULTS[stage]
    guess = 1.0 if rng.random() < SEES_IT_COMING else rng.uniform(0.35, 1.1)
    close_date = created // DAY + max(3, int(days * guess) + rng.randrange(-6, 3))
    if rng.random() < TO_QUARTERS_END:
        close_date = first_day_of_quarter(quarter_of(close_date) + 1) - 1
    return State(stage, _amount(segment, rng), probability * 100, close_date, category)


def _amount(segment: str | None, rng: Random) -> int | None:
    if rng.random() < NO_AMOUNT:
        return None
    cents = int(rng.lognormvariate(log(AMOUNTS[segment]), AMOUNT_SPREAD) * 100)
    if rng.random() < ROUND_AMOUNTS:
        return max(1, round(cents / 50_000)) * 50_000
    return max(1, cents)


def ordinary(new: Beginning) -> Record:
    """Be saved once, or twice in one second: read as changes, these would be false ones."""
    if new.rng.random() >= SAVED_TWICE:
        return Record(new.created, new.state)
    draft = new.state._replace(close_date=new.created // DAY, amount=0)
    return Record(new.created, new.state, before=(draft,))


def won_at_once(new: Beginning) -> Record:
    """Be won in the second of the creation, by one row."""
    return Record(new.created, new.state.entering(WON)._replace(close_date=new.created // DAY))


def lost_at_once(new: Beginning) -> Record:
    """Be opened and lost within the second of the creation."""
    lost = new.state.entering(LOST)._replace(close_date=new.created // DAY)
    return Record(new.created, lost, before=(new.state,))


def history_starts_late(new: Beginning) -> Record:
    """Have a history that begins weeks after the creation."""
    since = new.calendar.after(new.created, new.rng.uniform(5, 60))
    return Record(new.created, new.state, since=since) if since <= END else ordinary(new)


def untracked(new: Beginning) -> Record:
    """Have no history, and be open or, if it is old, lost."""
    if new.created > RECENTLY:
        return Record(new.created, new.state, tracked=False)
    lost = new.state.entering(LOST)
    return Record(new.created, lost._replace(close_date=new.created // DAY + 30), tracked=False)


def untracked_won(new: Beginning) -> Record:
    """Have no history, and be won."""
    close_date = min(new.created // DAY + 30, END // DAY)
    return Record(
        new.created, new.state.entering(WON)._replace(close_date=close_date), tracked=False
    )


def without_amount(new: Beginning) -> Record:
    """Have no amount."""
    return Record(new.created, new.state._replace(amount=None))


def worth_nothing(new: Beginning) -> Record:
    """Have the amount 0."""
    return Record(new.created, new.state._replace(amount=0))


def without_probability(new: Beginning) -> Record:
    """Have no probability."""
    return Record(new.created, new.state._replace(probability=None))


def due_before_creation(new: Beginning) -> Record:
    """Have a close date before the creation."""
    early = new.created // DAY - new.rng.randrange(1, 200)
    return Record(new.created, new.state._replace(close_date=early))


WON_AT_ONCE, LOST_AT_ONCE, STARTS_LATE, UNTRACKED, UNTRACKED_WON = 3, 9, 15, 21, 27
NO_AMOUNT_EVER, WORTH_NOTHING, NO_PROBABILITY, NO_PROBABILITY_OPEN = 33, 39, 45, 47
DUE_BEFORE_CREATION, DUE_BEFORE_CREATION_OPEN, WON_BEFORE_CREATION = 51, 53, 57
FILLED_LATER = 59
CREATIONS = {
    WON_AT_ONCE: won_at_once,
    LOST_AT_ONCE: lost_at_once,
    STARTS_LATE: history_starts_late,
    UNTRACKED: untracked,
    UNTRACKED_WON: untracked_won,
    NO_AMOUNT_EVER: without_amount,
    FILLED_LATER: without_amount,
    WORTH_NOTHING: worth_nothing,
    NO_PROBABILITY: without_probability,
    NO_PROBABILITY_OPEN: without_probability,
    DUE_BEFORE_CREATION: due_before_creation,
    DUE_BEFORE_CREATION_OPEN: due_before_creation,
    WON_BEFORE_CREATION: due_before_creation,
}
# Those that wait as they were created, if that was recently.
WAITING = frozenset((UNTRACKED, NO_PROBABILITY_OPEN, DUE_BEFORE_CREATION_OPEN))
