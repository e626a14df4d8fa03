"""The pipeline walk's events: what changed the open pipeline, when, and in which slice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from decimal import Decimal

    from oracle.pipeline.replay import Replayed, State

# The parts between start and end, with their signs in the sum.
PARTS = {
    "created": 1,
    "reopened": 1,
    "increased": 1,
    "decreased": -1,
    "won": -1,
    "lost": -1,
    "moved": 1,
}


@dataclass(frozen=True)
class Movement:
    """One event; it belongs to the slice that `slice_of` was in."""

    time: datetime
    part: str
    amount: Decimal
    slice_of: State


def movements(
    opportunity: Replayed, slice_key: Callable[[State], tuple[object, ...]]
) -> Iterator[Movement]:
    """Per opportunity and instant, in this order.

    Created (first state, if open); won or lost (amount just before); reopened (amount after); then
    increased or decreased on the old slice; then moved (minus the old slice, plus the new: 0 over
    all slices). Created and closed in one instant gives no row. NULL amount = 0.
    """
    first = opportunity.states[0]
    if first.is_open:
        yield Movement(first.valid_from, "created", first.amount, first)
    for old, new in pairwise(opportunity.states):
        time = new.valid_from
        if old.is_open and not new.is_open:
            yield Movement(time, "won" if new.stage.is_won else "lost", old.amount, old)
        elif new.is_open and not old.is_open:
            yield Movement(time, "reopened", new.amount, new)
        elif old.is_open and new.is_open:
            yield from _while_open(time, old, new, moved=slice_key(old) != slice_key(new))


def _while_open(time: datetime, old: State, new: State, *, moved: bool) -> Iterator[Movement]:
    change = new.amount - old.amount
    if change > 0:
        yield Movement(time, "increased", change, old)
    elif change < 0:
        yield Movement(time, "decreased", -change, old)
    if moved:
        yield Movement(time, "moved", -new.amount, old)
        yield Movement(time, "moved", new.amount, new)
