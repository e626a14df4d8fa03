"""Replay of deal changes: lifecycles, who owned them when, stage entries and losses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.reading import Row

KEY_ORDER = ("add_time", "user_id", "stage_id", "lost_reason")


@dataclass
class Happening:
    """A stage entry or a loss; `exit` is the next of either in the lifecycle, where there is one.

    `position` is its place among the lifecycle's changes; `value` the stage id or reason id.
    """

    position: int
    time: datetime
    value: str
    exit: datetime | None = None


@dataclass
class Lifecycle:
    """One life of a deal id, from its n-th `add_time` to the next."""

    deal_id: int
    number: int
    owners: list[tuple[datetime, int | None]] = field(default_factory=list)
    entries: list[Happening] = field(default_factory=list)
    losses: list[Happening] = field(default_factory=list)

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


def opportunity_id(deal_id: int, number: int) -> str:
    return f"pipedrive:{deal_id}:{number}"


def _order(change: Row) -> tuple[datetime, int, bool, str]:
    # A cleared value comes after the values of its instant, as databases sort it by default.
    value = change["new_value"]
    key = KEY_ORDER.index(change["changed_field_key"])
    return change["change_time"], key, value is None, value or ""


def lifecycles(changes: list[Row]) -> list[Lifecycle]:
    """Replay every deal's changes in their order."""
    deals: dict[int, list[Row]] = defaultdict(list)
    for change in changes:
        if change["changed_field_key"] in KEY_ORDER:
            deals[change["deal_id"]].append(change)
    found = []
    for deal_id, rows in deals.items():
        lives: dict[int, list[Row]] = defaultdict(list)
        added = 0
        for row in sorted(rows, key=_order):
            added += row["changed_field_key"] == "add_time"
            lives[max(added, 1)].append(row)
        found += [_replay(Lifecycle(deal_id, number), life) for number, life in lives.items()]
    return found


def _replay(life: Lifecycle, rows: list[Row]) -> Lifecycle:
    lost = False
    last: Happening | None = None
    for position, row in enumerate(rows):
        key, time, value = row["changed_field_key"], row["change_time"], row["new_value"]
        if key == "user_id":
            life.owners.append((time, None if value is None else int(value)))
            continue
        entered = key == "stage_id"
        newly_lost = key == "lost_reason" and value is not None and not lost
        if key == "lost_reason" and value is not None and lost:
            life.losses[-1].value = value  # re-labelled: the same loss, the newer reason
        if key == "lost_reason":
            lost = value is not None
        if not (entered or newly_lost):
            continue
        if last is not None and last.exit is None:
            last.exit = time
        happening = Happening(position, time, value)
        if entered:
            lost = False
            life.entries.append(happening)
            last = happening
        else:
            life.losses.append(happening)
    return life
