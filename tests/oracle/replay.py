"""Replay of deal changes: lifecycles, who owned them when, stage entries and how they ended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.reading import Row

KEY_ORDER = ("add_time", "user_id", "stage_id", "status", "lost_reason")
ENDINGS = {"won": "win", "lost": "loss", "deleted": "deletion", "open": "reopening"}


@dataclass
class Happening:
    """A stage entry, a loss or a win; `exit` is the next of them in the lifecycle, if any.

    `position` is its place among the lifecycle's changes; `value` the stage id or reason id.
    """

    position: int
    time: datetime
    value: str | None
    exit: datetime | None = None


@dataclass
class Lifecycle:
    """One life of a deal id.

    Attributes:
        outcome: open, won or lost.
        closed: When it was won or lost, if it is.
        is_deleted: Whether deleted is its last status.
    """

    deal_id: int
    number: int
    owners: list[tuple[datetime, int | None]] = field(default_factory=list)
    entries: list[Happening] = field(default_factory=list)
    losses: list[Happening] = field(default_factory=list)
    outcome: str = "open"
    closed: datetime | None = None
    is_deleted: bool = False

    @property
    def opportunity(self) -> str:
        return opportunity_id(self.deal_id, self.number)

    def owner_at(self, time: datetime) -> int | None:
        """Give the owner valid at a moment; the first one holds from the beginning."""
        if not self.owners:
            return None
        current = self.owners[0][1]
        for since, owner in self.owners:
            if since <= time:
                current = owner
        return current


@dataclass(frozen=True)
class Event:
    """A change with its meaning, and whether another life of the id is open as well."""

    kind: str
    row: Row
    is_alone: bool


def opportunity_id(deal_id: int, number: int) -> str:
    return f"pipedrive:{deal_id}:{number}"


def _order(change: Row) -> tuple[datetime, int, bool, str]:
    # A cleared value comes after the values of its instant, as databases sort it by default.
    value = change["new_value"]
    key = KEY_ORDER.index(change["changed_field_key"])
    return change["change_time"], key, value is None, value or ""


def _status(change: Row) -> str | None:
    if change["changed_field_key"] != "status":
        return None
    return ENDINGS.get((change["new_value"] or "").lower())


def lifecycles(changes: list[Row]) -> list[Lifecycle]:
    """Replay every deal's changes in their order; deleted lives are among them."""
    deals: dict[int, list[Row]] = defaultdict(list)
    for change in changes:
        key = change["changed_field_key"]
        if key in KEY_ORDER and (key != "status" or _status(change)):
            deals[change["deal_id"]].append(change)
    return [life for deal_id, rows in deals.items() for life in _lives(deal_id, rows)]


def _lives(deal_id: int, rows: list[Row]) -> list[Lifecycle]:
    """Tell the lives of an id apart.

    What ends a life ends the first one that is still open; all else is of the one opened last.
    """
    by_status = any(_status(row) not in (None, "deletion") for row in rows)
    lives: list[list[Event]] = [[]]
    added, still_open = 0, [0]
    for row in sorted(rows, key=_order):
        kind = _kind(row, by_status=by_status)
        place = len(lives) - 1
        if kind == "add_time":
            added += 1
            if added > 1:
                lives.append([])
                place += 1
                still_open.append(place)
        elif kind in ("win", "loss", "deletion"):
            place = still_open.pop(0) if still_open else place
        elif kind == "reason":
            place = max((still_open or [len(lives)])[0] - 1, 0)
        elif (kind == "reopening" or (kind == "stage_id" and not by_status)) and not still_open:
            still_open = [place]
        lives[place].append(Event(kind, row, is_alone=len(still_open) <= 1))
    return [
        _replay(Lifecycle(deal_id, number), events, by_status=by_status)
        for number, events in enumerate(lives, 1)
    ]


def _kind(row: Row, *, by_status: bool) -> str:
    key = row["changed_field_key"]
    if key == "lost_reason":
        return "reason" if by_status else "reopening" if row["new_value"] is None else "loss"
    return _status(row) or str(key)


def _replay(life: Lifecycle, events: list[Event], *, by_status: bool) -> Lifecycle:
    reason: str | None = None
    for position, event in enumerate(events):
        row = event.row
        key, time, value = row["changed_field_key"], row["change_time"], row["new_value"]
        if key == "status":
            life.is_deleted = event.kind == "deletion"
        if key == "lost_reason":
            reason = value
        if key == "user_id":
            life.owners.append((time, None if value is None else int(value)))
        elif key == "stage_id":
            if not (by_status and life.outcome != "open"):
                _enter(life, Happening(position, time, value), is_alone=event.is_alone)
        else:
            _close(life, event.kind, Happening(position, time, None))
        if life.outcome == "lost":
            life.losses[-1].value = reason  # re-labelled: the same loss, the newer reason
    return life


def _enter(life: Lifecycle, entry: Happening, *, is_alone: bool) -> None:
    stands_in = next((last for last in life.entries[-1:] if last.exit is None), None)
    if stands_in and stands_in.value == entry.value and is_alone:
        return
    _leave(life, entry.time)
    life.entries.append(entry)
    life.outcome, life.closed = "open", None


def _close(life: Lifecycle, kind: str, end: Happening) -> None:
    """Win, lose or reopen the life; other kinds, and the state that it has, change nothing."""
    outcome = {"win": "won", "loss": "lost", "reopening": "open"}.get(kind, life.outcome)
    if outcome == life.outcome:
        return
    life.outcome, life.closed = outcome, None if outcome == "open" else end.time
    if outcome != "open":
        _leave(life, end.time)
    if outcome == "lost":
        life.losses.append(end)


def _leave(life: Lifecycle, time: datetime) -> None:
    if life.entries and life.entries[-1].exit is None:
        life.entries[-1].exit = time
