"""Activities: calls and follow-ups around a deal's stages, and the odd ones."""

from __future__ import annotations

from bisect import bisect_right
from itertools import count
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import (
    DAY,
    END,
    LEAP_DAY,
    MONTH_ENDS,
    MONTH_STARTS,
    START,
    DealCalendar,
)
from metrics_store.demo.pipedrive.deals import Deal, unused_deal_id
from metrics_store.demo.pipedrive.pipedrive_stages import (
    ACTIVITY_TYPES,
    AFTER_CLOSE,
    FOLLOW_UP,
    MEETING,
    SECOND_CALL,
)

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from metrics_store.demo.pipedrive.deal_history import History
    from metrics_store.demo.pipedrive.pipedrive_users import Team

Activity = tuple[int, str, int | None, int | None, bool, int]

# Stage -> what is done after it is entered, and how likely each is.
HABITS = {
    1: ((FOLLOW_UP, 0.45),),
    2: ((MEETING, 0.85), (MEETING, 0.25), (FOLLOW_UP, 0.45)),
    3: ((SECOND_CALL, 0.85), (SECOND_CALL, 0.20), (FOLLOW_UP, 0.45)),
    4: ((FOLLOW_UP, 0.70), (SECOND_CALL, 0.15)),
    5: ((FOLLOW_UP, 0.70), (FOLLOW_UP, 0.40)),
    6: ((FOLLOW_UP, 0.50),),
    7: ((AFTER_CLOSE, 0.90), (AFTER_CLOSE, 0.40)),
    8: ((AFTER_CLOSE, 0.80),),
    9: ((AFTER_CLOSE, 0.60),),
}
DONE = 0.93
UNASSIGNED = 0.015
COLLEAGUE_STEPS_IN = 0.08
NEXT_STEP_PLANNED = 0.6
WITHOUT_DEAL = 0.15
# Of every hundred deals, the ones whose activities plant a trap.
ID_TWICE, UNCHANGED_DEAL, BEFORE_DEAL, MONTH_EDGES, ON_LEAP_DAY, DUPLICATED = 9, 17, 26, 44, 66, 71

# The first moment after the last day is one too: what is due then is only planned.
_MONTH_STARTS = frozenset((*MONTH_STARTS, END + 1))
_MONTH_ENDS = frozenset(MONTH_ENDS)


class ActivityWriter:
    """Writes activities down, with ids of its own, and counts what they are."""

    def __init__(self, first_id: int, team: Team, rng: Random, planted: Counter[str]) -> None:
        """Begin an empty diary whose ids count up from `first_id`."""
        self.rows: list[Activity] = []
        self._ids = count(first_id)
        self._team = team
        self._chance = rng
        self._planted = planted

    def around(self, deal: Deal) -> None:
        """Write everything that belongs to one deal, or was done beside it."""
        rng = self._chance
        calendar = DealCalendar(rng)
        for life in deal.lives:
            for moment, stage in life.entries:
                for kind, likely in HABITS[stage]:
                    if rng.random() < likely:
                        due = calendar.after(moment, rng.uniform(0.1, 9.0))
                        self._for_deal(life, kind, due)
            if life.entries and life.lost_at is None and rng.random() < NEXT_STEP_PLANNED:
                self._for_deal(life, FOLLOW_UP, calendar.after(END, rng.uniform(0.1, 30.0)))
        if rng.random() < WITHOUT_DEAL:
            due = calendar.after(deal.lives[0].created, rng.uniform(0.0, 20.0))
            self._write(rng.choice(list(ACTIVITY_TYPES)), self._someone(due), None, due)
        self._odd_ones(deal, calendar)

    def _odd_ones(self, deal: Deal, calendar: DealCalendar) -> None:
        rng, first, slot = self._chance, deal.lives[0], deal.number % 100
        soon = calendar.after(first.created, rng.uniform(0.0, 10.0))
        if len(deal.lives) > 1:
            second = deal.lives[1].created
            self._write(MEETING, self._someone(second), deal.deal_id, second, done=True)
            self._planted["activities_at_the_second_add_time"] += 1
        if slot == ID_TWICE:
            self._write(MEETING, self._someone(soon), deal.deal_id, soon)
            later = calendar.after(soon, 1.0)
            self._write(FOLLOW_UP, self._someone(later), None, later, same_id=True)
            self._planted["activity_ids_used_twice"] += 1
        elif slot == UNCHANGED_DEAL:
            self._write(MEETING, self._someone(soon), unused_deal_id(deal.number), soon, done=True)
            self._planted["activities_of_unchanged_deals"] += 1
        elif slot == BEFORE_DEAL and first.created - 3 * DAY > START:
            before = calendar.after(first.created - 3 * DAY, 0.0)
            if before < first.created:
                self._write(MEETING, self._someone(before), deal.deal_id, before, done=True)
                self._planted["activities_before_the_deal"] += 1
        elif slot == MONTH_EDGES:
            month = bisect_right(MONTH_STARTS, first.created) - 1
            for kind, due in ((MEETING, MONTH_ENDS[month]), (SECOND_CALL, MONTH_ENDS[month] + 1)):
                self._write(kind, self._someone(due), deal.deal_id, due, done=due <= END)
        elif slot == ON_LEAP_DAY:
            due = calendar.after(LEAP_DAY, rng.random() / 2)
            self._write(FOLLOW_UP, self._someone(due), None, due, done=True)
        elif slot == DUPLICATED and self.rows:
            self.rows.append(self.rows[-1])
            self._planted["duplicate_activities"] += 1

    def _someone(self, moment: int) -> int:
        return self._team.pick(moment, self._chance)

    def _for_deal(self, life: History, kind: str, due: int) -> None:
        rolled = self._chance.random()
        user = life.owner_at(due)
        if user is None or rolled < COLLEAGUE_STEPS_IN:
            user = self._someone(due)
        assignee = None if rolled > 1 - UNASSIGNED else user
        self._write(kind, assignee, life.deal_id, due)

    def _write(  # noqa: PLR0913 - one argument a column
        self,
        kind: str,
        user: int | None,
        deal_id: int | None,
        due: int,
        *,
        done: bool | None = None,
        same_id: bool = False,
    ) -> None:
        rolled = self._chance.random() < DONE
        done = due <= END and (rolled if done is None else done)
        activity_id = self.rows[-1][0] if same_id else next(self._ids)
        self.rows.append((activity_id, kind, user, deal_id, done, due))
        for name, counts in (
            ("activities", True),
            ("completed_activities", done),
            ("planned_activities", due > END),
            ("overdue_activities", due <= END and not done),
            ("activities_of_an_inactive_type", ACTIVITY_TYPES[kind][1] == "No"),
            ("activities_without_deal", deal_id is None),
            ("activities_without_assignee", user is None),
            ("activities_at_month_start", due in _MONTH_STARTS),
            ("activities_at_month_end", due in _MONTH_ENDS),
            ("activities_on_leap_day", LEAP_DAY <= due < LEAP_DAY + DAY),
        ):
            self._planted[name] += counts
