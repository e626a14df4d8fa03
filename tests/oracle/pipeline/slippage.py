"""Pushes and pull-ins of close dates, and what was due in a fiscal quarter and slipped."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from oracle.pipeline.calendar import Calendar
    from oracle.pipeline.replay import Replayed, State

QUARTER = "fiscal_quarter"


@dataclass(frozen=True)
class CloseDateChange:
    """The state after the change; `days` it moved; the fiscal quarters it moved, signed."""

    state: State
    days: int
    quarters: int


@dataclass(frozen=True)
class Due:
    """One opportunity in one fiscal quarter, with the state at the quarter's start."""

    quarter: date
    state: State
    slip_kind: str | None
    is_provisional: bool


def close_date_changes(opportunity: Replayed, calendar: Calendar) -> Iterator[CloseDateChange]:
    """A push is a change of the close date to a later one on an open opportunity.

    Open before and after: changes in the creating instant are none (they collapse), nor are those
    that come with closing or reopening. Across quarters when the new date lies in a later fiscal
    quarter; pulled in when it lies in an earlier one.
    """
    for old, new in pairwise(opportunity.states):
        if not (old.is_open and new.is_open) or old.close_date is None or new.close_date is None:
            continue
        if new.close_date != old.close_date:
            before = calendar.first_day(QUARTER, old.close_date)
            after = calendar.first_day(QUARTER, new.close_date)
            assert before is not None
            assert after is not None
            quarters = (after > before) - (after < before)
            yield CloseDateChange(new, (new.close_date - old.close_date).days, quarters)


def due_in_quarters(opportunity: Replayed, calendar: Calendar, end: datetime) -> Iterator[Due]:
    """*Due*: open at 00:00 of a fiscal quarter's first day with a close date inside it."""
    last_instant = opportunity.now.valid_from
    closing = [state.close_date for state in opportunity.states if state.close_date]
    until = min(end, max([last_instant, *map(midnight, closing)]))
    for quarter in calendar.between(QUARTER, opportunity.created, until):
        state = opportunity.at(midnight(quarter)) if midnight(quarter) < end else None
        if state is None or not state.is_open:
            continue
        if calendar.first_day(QUARTER, state.close_date) == quarter:
            following = calendar.following(QUARTER, quarter)
            kind, running = _slip(opportunity, following, end)
            yield Due(quarter, state, kind, running)


def _slip(opportunity: Replayed, following: date, end: datetime) -> tuple[str | None, bool]:
    """*Slipped*: due, and at the quarter's end neither won nor lost.

    Whether pushed to a later quarter or left overdue. Running quarter: pushed ones only, marked
    provisional.
    """
    running = midnight(following) > end
    state = opportunity.before(min(midnight(following), end))
    if state is None or not state.is_open:
        return None, running
    if state.close_date is not None and state.close_date >= following:
        return "pushed", running
    return (None if running else "overdue"), running
