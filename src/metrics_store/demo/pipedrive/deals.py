"""Deals: which of them plants which trap, their owners, and all their changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.arrival_times import arrival
from metrics_store.demo.demo_calendar import DAY, END, DealCalendar
from metrics_store.demo.pipedrive import deal_openings
from metrics_store.demo.pipedrive.deal_history import Change, History
from metrics_store.demo.pipedrive.deal_openings import Opening
from metrics_store.demo.pipedrive.stage_walk import walk

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from metrics_store.demo.pipedrive.pipedrive_users import Team

# Of every hundred deals, the ones that begin in a special way.
OPENINGS = {
    5: deal_openings.creation_tie,
    12: deal_openings.stage_tie,
    18: deal_openings.loss_tie,
    37: deal_openings.after_30_days,
    42: deal_openings.after_90_days,
    47: deal_openings.a_second_after_30_days,
    53: deal_openings.month_edges,
    58: deal_openings.reopened_by_stage,
    64: deal_openings.reopened_by_clearing,
    69: deal_openings.relabelled,
    74: deal_openings.unowned,
    84: deal_openings.renamed,
    91: deal_openings.leap_day,
}
USED_TWICE, USED_TWICE_INTERLEAVING, DUPLICATED = 23, 31, 79
FIRST_ID = 100_000
FURTHER_OWNERS = (0.25, 0.25)


@dataclass(frozen=True)
class Deal:
    """One deal id with its lives, one or two, and its changes as the raw table has them."""

    number: int
    deal_id: int
    lives: list[History]
    changes: list[Change]


def deal_id_of(number: int) -> int:
    """Give the n-th deal's id; every hundredth id is left out."""
    return FIRST_ID + number + number // 99


def unused_deal_id(number: int) -> int:
    """Give an id near the n-th deal's that no deal has."""
    return FIRST_ID + number // 99 * 100 + 99


def deal(number: int, of: int, team: Team, rng: Random, planted: Counter[str]) -> Deal:
    """Write the n-th deal's whole history."""
    slot = number % 100
    calendar = DealCalendar(rng)
    created = calendar.take(arrival(number, of, rng))
    deal_id = deal_id_of(number)
    twice = slot in (USED_TWICE, USED_TWICE_INTERLEAVING)
    history = History(deal_id, created, planted, simple=twice)
    opening = Opening(history, calendar, rng, planted, calendar.after(created, rng.random()))
    OPENINGS.get(slot, deal_openings.ordinary)(opening)
    _live(opening, team)
    lives = [history]
    if twice:
        lives += _second_life(opening, team, interleaving=slot == USED_TWICE_INTERLEAVING)
    if len(lives) == 1:
        planted.update(history.meaning)
    changes = [change for life in lives for change in life.changes]
    if slot == DUPLICATED:
        changes.append(rng.choice(changes))
        planted["duplicate_changes"] += 1
    planted["deal_ids"] += 1
    return Deal(number, deal_id, lives, changes)


def _live(opening: Opening, team: Team) -> None:
    history = opening.history
    if opening.goes_on and history.entries and history.lost_at is None:
        walk(history, opening.calendar, opening.rng)
    if opening.owned_from is not None:
        _assign(opening, opening.owned_from, team)
    history.close()


def _assign(opening: Opening, since: int, team: Team) -> None:
    history, rng = opening.history, opening.rng
    history.own(team.pick(since, rng), since)
    until = min(END, history.lost_at or END)
    for probability in FURTHER_OWNERS:
        days = (until - since) / DAY
        if days < 1 or rng.random() >= probability:
            return
        since = opening.calendar.after(since, rng.uniform(0.5, days))
        history.own(team.pick(since, rng), since)


def _second_life(begun: Opening, team: Team, *, interleaving: bool) -> list[History]:
    first, calendar, rng, planted = begun.history, begun.calendar, begun.rng, begun.planted
    last = first.last_moment
    if interleaving:
        created = calendar.after(first.created, (last - first.created) / DAY * rng.random())
    else:
        created = calendar.after(last, rng.uniform(5, 60))
    # Side by side means before the first life's last step; otherwise only a lost deal's id is free.
    fits = created < last if interleaving else first.lost_at is not None and created <= END
    if not fits:
        return []
    second = History(first.deal_id, created, planted, simple=True)
    opening = Opening(second, calendar, rng, planted, calendar.after(created, rng.random()))
    deal_openings.ordinary(opening)
    _live(opening, team)
    planted["deal_ids_used_twice"] += 1
    planted["deal_ids_used_twice_interleaving"] += interleaving
    return [second]
