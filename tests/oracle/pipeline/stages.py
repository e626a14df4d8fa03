"""Stage entries: when an opportunity came into a stage, and when it left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.pipeline.replay import Replayed, State


@dataclass
class StageEntry:
    """An entry: the state in which it came, the last one before it left, and when it left."""

    state: State
    last_state: State
    exit: datetime | None = None


def stage_entries(opportunity: Replayed) -> list[StageEntry]:
    """Every entry into a stage, closed ones too; each entry counts for itself.

    Entering a closed stage ends the last one. Only open stages have durations; amount = at exit
    (the last in the stage), now for a current stage.
    """
    entries: list[StageEntry] = []
    for state in opportunity.states:
        if entries and entries[-1].state.stage.name == state.stage.name:
            entries[-1].last_state = state
            continue
        if entries:
            entries[-1].exit = state.valid_from
        entries.append(StageEntry(state, state))
    return entries


def bottleneck_level(average_days: float | None) -> str:
    """Level: > 30 High, > 15 Medium, > 7 Low, else None."""
    levels = ((30, "High"), (15, "Medium"), (7, "Low"))
    if average_days is None:
        return "None"
    return next((name for days, name in levels if average_days > days), "None")
