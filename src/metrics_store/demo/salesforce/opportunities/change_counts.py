"""What a change from one state to the next means, counted; the canonical terms of the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import (
    DAY,
    LEAP_DAY,
    MONTH_ENDS,
    MONTH_STARTS,
    QUARTER_ENDS,
    QUARTER_STARTS,
    first_day_of_quarter,
    quarter_of,
)
from metrics_store.demo.salesforce.opportunities.opportunity_stages import (
    DEFAULTS,
    LOST,
    STAGES,
    WON,
)

if TYPE_CHECKING:
    from collections import Counter

    from metrics_store.demo.salesforce.opportunities.opportunity_stages import State

_EDGES = {
    "history_at_month_start": frozenset(MONTH_STARTS),
    "history_at_month_end": frozenset(MONTH_ENDS),
    "history_at_quarter_start": frozenset(QUARTER_STARTS),
    "history_at_quarter_end": frozenset(QUARTER_ENDS),
}


def count_moment(moment: int, planted: Counter[str]) -> None:
    """Count a history row by when it was written."""
    planted["history_rows"] += 1
    if moment % DAY in (0, DAY - 1):
        for name, moments in _EDGES.items():
            planted[name] += moment in moments
    planted["history_on_leap_day"] += LEAP_DAY <= moment < LEAP_DAY + DAY


def count_change(before: State, after: State, planted: Counter[str]) -> None:
    """Count what happened between two states that follow one another."""
    planted["stage_changes"] += before.stage != after.stage
    if before.is_open and after.is_open:
        _count_dates(before.close_date, after.close_date, planted)
        if before.amount is None:
            planted["amounts_filled_later"] += after.amount is not None
        elif after.amount is not None:
            planted["amount_increases"] += after.amount > before.amount
            planted["amount_decreases"] += after.amount < before.amount
        planted["probability_changes"] += (
            before.stage == after.stage and before.probability != after.probability
        )
    elif before.is_open:
        planted["closings"] += 1
        planted["closings_with_a_later_close_date"] += after.close_date > before.close_date
        planted["closings_with_an_earlier_close_date"] += after.close_date < before.close_date
        planted["closings_with_another_amount"] += after.amount != before.amount
    elif after.is_open:
        planted["reopened_from_won"] += before.stage == WON
        planted["reopened_from_lost"] += before.stage == LOST
    else:
        planted["won_to_lost"] += (before.stage, after.stage) == (WON, LOST)
        planted["lost_to_won"] += (before.stage, after.stage) == (LOST, WON)


def _count_dates(before: int, after: int, planted: Counter[str]) -> None:
    if after > before:
        planted["pushes"] += 1
        planted["days_pushed"] += after - before
        quarter = quarter_of(after)
        planted["pushes_across_quarters"] += quarter > quarter_of(before)
        planted["pushes_to_a_quarters_first_day"] += after == first_day_of_quarter(quarter)
        planted["pushes_to_a_quarters_last_day"] += after + 1 == first_day_of_quarter(quarter + 1)
    elif after < before:
        planted["pull_ins"] += 1
        planted["pull_ins_across_quarters"] += quarter_of(after) < quarter_of(before)


def count_end(created: int, state: State, today: int, planted: Counter[str]) -> None:
    """Count the state in which an opportunity is at the end; `today` in days since 1970."""
    usual = DEFAULTS[state.stage][0] * 100
    unusual = state.probability not in (usual, None) and state.stage in STAGES
    for name, counts in (
        ("opportunities", True),
        ("open", state.is_open),
        ("won", state.stage == WON),
        ("lost", not state.is_open and state.stage != WON),
        ("open_and_overdue", state.is_open and state.close_date < today),
        ("open_without_probability", state.is_open and state.probability is None),
        ("open_with_another_probability_than_the_stages", state.is_open and unusual),
        ("closed_with_another_probability_than_the_stages", not state.is_open and unusual),
        ("in_an_unknown_open_stage", state.is_open and state.stage not in STAGES),
        ("in_an_unknown_closed_stage", not state.is_open and state.stage not in STAGES),
        ("without_amount", state.amount is None),
        ("with_amount_zero", state.amount == 0),
        ("close_date_before_creation", state.close_date < created // DAY),
        ("won_before_creation", state.stage == WON and state.close_date < created // DAY),
        ("close_date_on_leap_day", state.close_date * DAY == LEAP_DAY),
        ("created_on_leap_day", LEAP_DAY <= created < LEAP_DAY + DAY),
    ):
        if counts:
            planted[name] += 1
