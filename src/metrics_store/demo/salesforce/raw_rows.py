"""Raw rows of opportunities, their history and their field history."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import DAY, quarter_of
from metrics_store.demo.salesforce.opportunities.opportunity import DELETED
from metrics_store.demo.salesforce.opportunities.opportunity_history import HISTORY_IDS
from metrics_store.demo.salesforce.opportunities.opportunity_stages import CATEGORY_NAMES, WON
from metrics_store.demo.salesforce.opportunities.ownership import FIELD_HISTORY_IDS
from metrics_store.demo.salesforce.salesforce_ids import (
    FIELD_HISTORY,
    HISTORY,
    OPPORTUNITY,
    ZEROS,
    salesforce_id,
)

if TYPE_CHECKING:
    from random import Random

    from metrics_store.demo.salesforce.opportunities.opportunity import Opportunity
    from metrics_store.demo.table_files import Row

PRODUCTS = ("Platform", "Analytics", "Support Plan", "Licences", "Rollout", "Add-on")
TYPES = (
    *("New Customer", "Existing Customer - Upgrade", "Existing Customer - Replacement"),
    *("Existing Customer - Downgrade", None),
)
TYPE_WEIGHTS = (50, 28, 12, 4, 6)
LEAD_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other", None)
LEAD_SOURCE_WEIGHTS = (34, 18, 20, 10, 8, 10)
NEXT_STEPS = ("Call back", "Send a proposal", "Meet the board", None, None)


def opportunity_id(made: Opportunity) -> str:
    """Give its id."""
    return salesforce_id(OPPORTUNITY, 100_000 + made.number)


def opportunity_row(made: Opportunity, rng: Random) -> Row:
    """Give its row: the state at the end."""
    record, state = made.record, made.record.state
    moved = record.created
    for (_, before), (moment, after) in pairwise(record.states):
        moved = moment if before.stage != after.stage else moved
    quarter = quarter_of(state.close_date)
    owner, creator = made.ownership.owner.id, made.ownership.owners[0][1].id
    name = f"{made.account.name} - {rng.choice(PRODUCTS)}"
    return (
        *(opportunity_id(made), made.is_deleted, made.account_id, owner, name, state.stage),
        *(state.amount, made.currency, state.probability, state.expected_revenue),
        *(state.close_date, rng.choices(TYPES, TYPE_WEIGHTS)[0]),
        *(rng.choices(LEAD_SOURCES, LEAD_SOURCE_WEIGHTS)[0],),
        *(rng.choice(NEXT_STEPS) if state.is_open else None, not state.is_open),
        *(state.stage == WON, state.category, CATEGORY_NAMES[state.category], ZEROS, moved),
        *(made.modified // DAY, quarter // 4, quarter % 4 + 1),
        *(record.created, creator, made.modified, owner, made.modified),
    )


def history_id(made: Opportunity, place: int) -> str:
    """Give the id of the entry at a place of its history."""
    return salesforce_id(HISTORY, (made.number + 1) * HISTORY_IDS + place)


def ties_that_only_bytes_decide(made: Opportunity) -> int:
    """Count the seconds whose last history row is another one when case is ignored."""
    found = 0
    entries = made.record.entries
    for _, group in groupby(range(len(entries)), key=lambda place: entries[place].moment):
        places = list(group)
        if len(places) > 1:
            ids = [history_id(made, place) for place in places]
            found += max(ids) != max(ids, key=str.lower)
    return found


def history_rows(made: Opportunity) -> list[Row]:
    """Give one row per entry of its history; ids count up."""
    its_id = opportunity_id(made)
    gone = made.slot == DELETED
    rows: list[Row] = []
    for place, (moment, state, is_deleted) in enumerate(made.record.entries):
        rows.append(
            (
                *(history_id(made, place), is_deleted or gone, its_id, moment),
                *(made.ownership.owner_at(moment).id, state.stage, state.amount, made.currency),
                *(state.expected_revenue, state.probability, state.close_date),
                *(state.category, moment),
            )
        )
    return rows


def field_history_rows(made: Opportunity) -> list[Row]:
    """Give one row per change of its owner or of another tracked field."""
    first = (made.number + 1) * FIELD_HISTORY_IDS
    return [
        (
            *(salesforce_id(FIELD_HISTORY, first + place), change.is_deleted),
            *(opportunity_id(made), change.field, change.old, change.new, change.moment),
            made.ownership.owner_at(change.moment).id,
        )
        for place, change in enumerate(made.ownership.rows)
    ]
