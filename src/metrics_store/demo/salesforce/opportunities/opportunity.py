"""Opportunities: which of them plants which trap, and their whole lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.arrival_times import arrival
from metrics_store.demo.demo_calendar import DAY, END, DealCalendar
from metrics_store.demo.salesforce.opportunities.change_counts import count_end
from metrics_store.demo.salesforce.opportunities.creations import (
    RECENTLY,
    WAITING,
    Beginning,
    first_state,
)
from metrics_store.demo.salesforce.opportunities.opportunity_stages import WON
from metrics_store.demo.salesforce.opportunities.opportunity_walk import CYCLES, Walk, cycle_days
from metrics_store.demo.salesforce.opportunities.ownership import Ownership
from metrics_store.demo.salesforce.opportunities.turns import TURNS, Turn
from metrics_store.demo.salesforce.salesforce_ids import ZEROS

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from metrics_store.demo.salesforce.accounts import Account, Accounts
    from metrics_store.demo.salesforce.opportunities.opportunity_history import Record
    from metrics_store.demo.salesforce.salesforce_users import Owner, Team

# One opportunity in so many has the trap of a slot.
SLOTS = 200
DELETED, DELETED_HISTORY_KEPT, ZEROS_ACCOUNT, NO_ACCOUNT = 159, 165, 171, 177
PUSH_MISSED, WIN_MISSED, AMOUNT_MISSED, HISTORY_ONLY = 183, 189, 191, 195
OWNED_BY_THE_ACCOUNTS = 0.6
EDITED_LATER = 0.3


@dataclass(frozen=True)
class Opportunity:
    """One opportunity at the end of the last day."""

    number: int
    slot: int
    account: Account
    currency: str
    record: Record
    ownership: Ownership
    modified: int

    @property
    def is_deleted(self) -> bool:
        """Whether it lies in the recycle bin."""
        return self.slot in (DELETED, DELETED_HISTORY_KEPT)

    @property
    def is_lost_to_history(self) -> bool:
        """Whether nothing but its history is left."""
        return self.slot == HISTORY_ONLY

    @property
    def account_id(self) -> str | None:
        """The account id on its row."""
        if self.slot in (ZEROS_ACCOUNT, NO_ACCOUNT):
            return ZEROS if self.slot == ZEROS_ACCOUNT else None
        return self.account.points_to


def opportunity(  # noqa: PLR0913, PLR0917 - all that it depends on
    number: int, place: int, of: int, accounts: Accounts, team: Team, rng: Random
) -> Opportunity:
    """Make the n-th opportunity, which arrives as the place-th of so many."""
    slot = number % SLOTS
    calendar = DealCalendar(rng)
    created = calendar.take(arrival(place, of, rng))
    account = accounts.pick(created, rng)
    owner = _first_owner(account, created, team, rng)
    days = cycle_days(account.segment, rng)
    state = first_state(created, days, account.segment, rng)
    record = Beginning(created, days, state, calendar, rng).record(slot)
    waits = slot in WAITING or slot == PUSH_MISSED
    goes_on = slot != WIN_MISSED and not (waits and created > RECENTLY)
    if slot in TURNS:
        turn = Turn(record, calendar, rng)
        TURNS[slot](turn)
        goes_on = turn.goes_on
    if goes_on and record.state.is_open:
        win_rate = CYCLES[account.segment][1] * owner.skill
        Walk(record, calendar, rng, days, win_rate).go()
    ownership = Ownership(record, owner)
    ownership.live(slot, team, calendar, rng)
    modified = _last_edit(slot, record, ownership, calendar, rng)
    return Opportunity(number, slot, account, account.currency, record, ownership, modified)


def _first_owner(account: Account, created: int, team: Team, rng: Random) -> Owner:
    owner = team.by_id[account.owner]
    if owner.since <= created <= owner.until and rng.random() < OWNED_BY_THE_ACCOUNTS:
        return owner
    return team.pick(created, rng)


def _last_edit(
    slot: int, record: Record, ownership: Ownership, calendar: DealCalendar, rng: Random
) -> int:
    reported = max((entry.moment for entry in record.entries), default=record.created)
    last = max(reported, record.last_moment, ownership.last_moment)
    later = calendar.after(last, rng.uniform(0.1, 40))
    if slot in (PUSH_MISSED, WIN_MISSED, AMOUNT_MISSED) and later <= END:
        state = record.state
        if slot == PUSH_MISSED and state.is_open:
            state = state._replace(close_date=state.close_date + rng.randrange(10, 100))
        elif slot == WIN_MISSED:
            state = state.entering(WON)._replace(close_date=later // DAY)
        else:
            state = state._replace(amount=(state.amount or 0) + 77_700)
        record.change_untracked(later, state)
        return later
    return later if later <= END and rng.random() < EDITED_LATER else last


def count_opportunity(made: Opportunity, planted: Counter[str]) -> None:
    """Count what it is at the end, and what its changes meant."""
    reported = len(made.record.entries)
    if made.is_lost_to_history:
        planted["histories_without_opportunity"] += 1
        planted["history_rows_without_opportunity"] += reported
        return
    if made.is_deleted:
        planted["deleted_opportunities"] += 1
        planted["history_rows_of_deleted_opportunities"] += reported
        return
    planted.update(made.record.meaning)
    count_end(made.record.created, made.record.state, END // DAY, planted)
    account = made.account if made.account_id == made.account.id else None
    is_open = made.record.state.is_open
    for name, counts in (
        (f"opportunities_in_{made.currency.lower()}", True),
        ("without_account", made.account_id is None),
        ("with_zeros_for_account", made.account_id == ZEROS),
        ("of_merged_accounts", account is not None and account.master is not None),
        (
            "of_deleted_accounts",
            account is not None and account.is_deleted and account.master is None,
        ),
        ("open_with_owners_who_left", is_open and made.ownership.owner.until < END),
        ("with_several_owners", len(made.ownership.owners) > 1),
    ):
        if counts:
            planted[name] += 1
