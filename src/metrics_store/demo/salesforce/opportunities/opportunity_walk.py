"""An opportunity's ordinary way: stage by stage, its close date pushed, to a win or a loss."""

from __future__ import annotations

from functools import partial
from math import log
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import DAY, END, first_day_of_quarter, quarter_of
from metrics_store.demo.salesforce.opportunities.opportunity_stages import LOST, OPEN_STAGES, WON

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from metrics_store.demo.demo_calendar import DealCalendar
    from metrics_store.demo.salesforce.opportunities.opportunity_history import Record

# Segment -> median days to a decision, chance to win.
CYCLES = {"Enterprise": (115, 0.19), "Mid-Market": (80, 0.22), "SMB": (48, 0.25), None: (60, 0.18)}
CYCLE_SPREAD, SHORTEST, LONGEST = 0.5, 20, 200
# Forgotten in its stage: never decided.
STALLS = 0.03
PASSES_THROUGH = 0.7
FORGETS_TO_PUSH, PUSHES_A_STALLED_ONE = 0.35, 0.65
PUSHED_BY = (7, 75)
TO_QUARTERS_END, SEES_IT_COMING = 0.2, 0.65
MOST_PUSHES = 20
INCREASES, DECREASES, PULLS_IN, OVERRIDES, TIES = 0.22, 0.22, 0.10, 0.10, 0.03
KEEPS_CLOSE_DATE, HAGGLES_AT_CLOSING, OTHER_CATEGORY = 0.15, 0.05, 0.08

Step = tuple[int, "Callable[[int], object]"]


def cycle_days(segment: str | None, rng: Random) -> float:
    """Give the days from creation to decision."""
    days = rng.lognormvariate(log(CYCLES[segment][0]), CYCLE_SPREAD)
    return min(max(days, SHORTEST), LONGEST)


class Walk:
    """One opportunity on its way.

    Args:
        record: The opportunity, open.
        calendar: Its free moments.
        rng: The dice.
        days: Days from its creation to the decision.
        win_rate: Chance to win.
    """

    def __init__(
        self, record: Record, calendar: DealCalendar, rng: Random, days: float, win_rate: float
    ) -> None:
        """Plan nothing yet."""
        self._record = record
        self._agenda = calendar
        self._chance = rng
        self._days = days
        self._wins = rng.random() < win_rate
        self._stalls = rng.random() < STALLS
        self._reviews = True
        self._pushes = 0
        self._decided = 0

    def go(self) -> None:
        """Go until it is won, lost, forgotten, or the last day ends."""
        for moment, step in sorted(self._plan(), key=lambda planned: planned[0]):
            self._review_until(min(moment, END + 1))
            if moment > END:
                return
            if self._record.state.is_open:
                step(moment)
        if self._record.state.is_open:
            self._review_until(END + 1)

    def _plan(self) -> list[Step]:
        rng, calendar, begin = self._chance, self._agenda, self._record.last_moment
        # Whatever came before took some of the time; a week is left in any case.
        days = max(7.0, self._days - (begin - self._record.created) / DAY)
        stages = self._path()
        cuts = sorted(rng.random() for _ in stages)
        plan: list[Step] = [
            (calendar.after(begin, cut * days * 0.9), partial(self._move, stage))
            for cut, stage in zip(cuts, stages, strict=True)
        ]
        for often, step in (
            (INCREASES, partial(self._reprice, (1.05, 1.8))),
            (DECREASES, partial(self._reprice, (0.5, 0.95))),
            (PULLS_IN, self._pull_in),
            (OVERRIDES, self._override),
        ):
            if rng.random() < often:
                plan.append((calendar.after(begin, rng.random() * days * 0.9), step))
        if not self._stalls:
            last = max((moment for moment, _ in plan), default=begin)
            decided = calendar.after(begin, days)
            self._decided = decided if decided > last else calendar.after(last, 0.1)
            plan.append((self._decided, self._close))
        return plan

    def _path(self) -> list[str]:
        stage = self._record.state.stage
        ahead = OPEN_STAGES[OPEN_STAGES.index(stage) + 1 :] if stage in OPEN_STAGES else ()
        if not self._wins or self._stalls:
            ahead = ahead[: int(len(ahead) * self._chance.random())]
        return [name for name in ahead if self._chance.random() < PASSES_THROUGH]

    def _move(self, stage: str, moment: int) -> None:
        state, rng = self._record.state.entering(stage), self._chance
        if stage in OPEN_STAGES[-2:] and rng.random() < OTHER_CATEGORY:
            state = state._replace(category=rng.choice(("Pipeline", "BestCase", "Forecast")))
        if state.amount and rng.random() < TIES:
            dearer = state._replace(amount=state.amount * 21 // 20)
            self._record.change(moment, dearer, before=(state,))
        else:
            self._record.change(moment, state)

    def _reprice(self, factors: tuple[float, float], moment: int) -> None:
        amount = self._record.state.amount
        if amount:
            self._record.adjust(moment, amount=int(amount * self._chance.uniform(*factors)))

    def _override(self, moment: int) -> None:
        self._record.adjust(moment, probability=self._chance.randrange(5, 96, 5) * 100)

    def _pull_in(self, moment: int) -> None:
        close_date = self._record.state.close_date
        earlier = close_date - self._chance.randrange(5, 50)
        if earlier > moment // DAY:
            self._record.adjust(moment, close_date=earlier)

    def _close(self, moment: int) -> None:
        state, rng, today = self._record.state, self._chance, moment // DAY
        keeps = state.close_date <= today and rng.random() < KEEPS_CLOSE_DATE
        amount = state.amount
        if amount and rng.random() < HAGGLES_AT_CLOSING:
            amount = int(amount * rng.uniform(0.8, 1.1))
        self._record.enter(
            moment,
            WON if self._wins else LOST,
            close_date=state.close_date if keeps else today,
            amount=amount,
        )

    def _review_until(self, moment: int) -> None:
        """Push the close date whenever it comes near without a decision."""
        rng = self._chance
        while self._reviews and self._record.state.close_date * DAY < moment:
            near = self._record.state.close_date * DAY - int(rng.uniform(0, 6) * DAY)
            reviewed = self._agenda.after(max(near, self._record.last_moment), rng.uniform(0.1, 4))
            if reviewed >= moment:
                return
            goes_on = PUSHES_A_STALLED_ONE if self._stalls else 1 - FORGETS_TO_PUSH
            self._pushes += 1
            if rng.random() >= goes_on or self._pushes > MOST_PUSHES:
                self._reviews = False
                return
            self._record.adjust(reviewed, close_date=self._later(reviewed))

    def _later(self, moment: int) -> int:
        begin = max(self._record.state.close_date, moment // DAY)
        decided = self._decided // DAY + self._chance.randrange(-9, 4)
        if decided > begin and self._chance.random() < SEES_IT_COMING:
            return decided
        later = begin + self._chance.randrange(*PUSHED_BY)
        if self._chance.random() < TO_QUARTERS_END:
            return first_day_of_quarter(quarter_of(later) + 1) - 1
        return later
