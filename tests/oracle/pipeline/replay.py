"""Replay of an opportunity's history: the state it was in at any instant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from oracle.pipeline.values import identifier, timestamp

if TYPE_CHECKING:
    from datetime import date, datetime

    from oracle.pipeline.cleaning import Clean, Condition
    from oracle.pipeline.settings import Stage
    from oracle.reading import Row

Value = TypeVar("Value")
Timeline = list[tuple["datetime", Value]]


@dataclass(frozen=True)
class State:
    """One state, valid in [valid_from, valid_to); the last has no end."""

    valid_from: datetime
    valid_to: datetime | None
    condition: Condition
    owner: str | None

    @property
    def stage(self) -> Stage:
        return self.condition.stage

    @property
    def is_open(self) -> bool:
        return self.stage.is_open

    @property
    def close_date(self) -> date | None:
        return self.condition.close_date

    @property
    def amount(self) -> Decimal:
        """NULL amount = 0, wherever amounts are added up."""
        return self.condition.amount or Decimal(0)

    @property
    def weighted(self) -> Decimal:
        """Amount x probability; no probability counts 0."""
        return self.amount * (self.condition.probability or Decimal(0))


@dataclass(frozen=True)
class Replayed:
    """An opportunity and its states up to the end of `source_dt`, oldest first."""

    row: Row
    opportunity_id: str
    created: datetime
    states: list[State]

    @property
    def now(self) -> State:
        return self.states[-1]

    def at(self, instant: datetime) -> State | None:
        """The state at an instant: valid_from <= instant < valid_to."""
        place = bisect_right([state.valid_from for state in self.states], instant)
        return self.states[place - 1] if place else None

    def before(self, instant: datetime) -> State | None:
        """The state just before an instant: at the end of the day that a midnight ends."""
        place = bisect_left([state.valid_from for state in self.states], instant)
        return self.states[place - 1] if place else None


def _collapsed(changes: Timeline[Value], created: datetime) -> Timeline[Value]:
    """Rows of one instant collapse to the last; the first state holds from the created date.

    What stands before the created date happened at it.
    """
    kept: dict[datetime, Value] = {}
    for time, value in changes:
        kept[max(time, created)] = value
    timeline = sorted(kept.items())
    return [(created, timeline[0][1]), *timeline[1:]]


def conditions(clean: Clean, row: Row, created: datetime) -> Timeline[Condition]:
    """The history; where the opportunity row differs from its last row, that is one more state.

    It comes at `last_modified_date`, but not before the history's last row.
    """
    history = [
        (time, clean.condition(change, row))
        for time, change in clean.history.get(identifier(row["id"]), [])
    ]
    today = clean.condition(row, row)
    if not history or history[-1][1] != today:
        last = history[-1][0] if history else created
        history.append((max(timestamp(row["last_modified_date"]) or last, last), today))
    return _collapsed(history, created)


def owners(clean: Clean, row: Row, created: datetime) -> Timeline[str | None]:
    """Owner history comes from the field history; without it today's owner holds for all days.

    Before the first change the owner is that change's old value. Where today's owner differs from
    the last change, that is one more, at `last_modified_date`.
    """
    today = clean.owners.user_id(row["owner_id"])
    changes = [
        (time, change)
        for time, change in clean.field_history.get(identifier(row["id"]), [])
        if str(change["field"]).lower() in ("owner", "ownerid", "owner_id")
        and clean.owners.is_user(change["new_value"])
    ]
    if not changes:
        return [(created, today)]
    timeline = [(created, clean.owners.user_id(changes[0][1]["old_value"]))]
    timeline += [(time, clean.owners.user_id(change["new_value"])) for time, change in changes]
    if timeline[-1][1] != today:
        last = timeline[-1][0]
        timeline.append((max(timestamp(row["last_modified_date"]) or last, last), today))
    return _collapsed(timeline, created)


def _at(timeline: Timeline[Value], instant: datetime) -> Value:
    return [value for time, value in timeline if time <= instant][-1]


def replay(clean: Clean, row: Row, end: datetime) -> Replayed | None:
    """The states of an opportunity by what happened before `end`; none if created later."""
    created, opportunity_id = timestamp(row["created_date"]), identifier(row["id"])
    if created is None or opportunity_id is None or created >= end:
        return None
    known, owned = conditions(clean, row, created), owners(clean, row, created)
    instants = sorted({time for time, _ in [*known, *owned] if time < end})
    following = [*instants[1:], None]
    states = [
        State(since, until, _at(known, since), _at(owned, since))
        for since, until in zip(instants, following, strict=True)
    ]
    return Replayed(row, opportunity_id, created, states)
