"""Who owns an opportunity when, as the field history tells it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from metrics_store.demo.demo_calendar import END

if TYPE_CHECKING:
    from random import Random

    from metrics_store.demo.demo_calendar import DealCalendar
    from metrics_store.demo.salesforce.opportunities.opportunity_history import Record
    from metrics_store.demo.salesforce.salesforce_users import Owner, Team

CHANGES_HANDS, HANDED_OVER = 0.06, 0.85
# Never more field history rows than this for one opportunity: each has so many ids of its own.
FIELD_HISTORY_IDS = 20
# Of every two hundred opportunities, the ones whose owners are traps.
WITH_A_STAGE, TWICE_IN_A_SECOND, DELETED_ROW, OTHER_FIELD = 135, 141, 147, 153


class FieldChange(NamedTuple):
    """One row of the field history; a deleted one tells of nothing."""

    moment: int
    field: str
    old: str | None
    new: str | None
    is_deleted: bool = False


class Ownership:
    """The owners of one opportunity, from the first on."""

    def __init__(self, record: Record, first: Owner) -> None:
        """Begin with the first owner."""
        self.owners = [(record.created, first)]
        self.rows: list[FieldChange] = []
        self._record = record

    @property
    def owner(self) -> Owner:
        """Its latest owner."""
        return self.owners[-1][1]

    @property
    def last_moment(self) -> int:
        """When its latest owner got it."""
        return self.owners[-1][0]

    def change(self, moment: int, to: Owner) -> None:
        """Give it to somebody, unless that is after the last day."""
        if moment > END or to is self.owner:
            return
        planted = self._record.meaning
        planted["owner_changes"] += 1
        planted["owner_changes_twice_in_a_second"] += (
            len(self.owners) > 1 and moment == self.last_moment
        )
        self.rows.append(FieldChange(moment, "Owner", self.owner.id, to.id))
        self.owners.append((moment, to))

    def live(self, slot: int, team: Team, calendar: DealCalendar, rng: Random) -> None:
        """Let it change hands: by chance, by its slot, and when its owner leaves."""
        record, planted = self._record, self._record.meaning
        if slot == WITH_A_STAGE:
            self._with_a_stage(team, rng)
        elif slot == TWICE_IN_A_SECOND:
            moment = calendar.after(record.created, rng.uniform(1, 20))
            first = team.colleague(self.owner, moment, rng)
            self.change(moment, first)
            self.change(moment, team.colleague(first, moment, rng))
        elif rng.random() < CHANGES_HANDS:
            moment = calendar.after(record.created, rng.uniform(1, 90))
            if record.was_open(moment):
                self.change(moment, team.colleague(self.owner, moment, rng))
        if slot == DELETED_ROW:
            moment = calendar.after(self.last_moment, rng.uniform(1, 20))
            if moment <= END:
                other = team.colleague(self.owner, moment, rng)
                self.rows.append(
                    FieldChange(moment, "Owner", self.owner.id, other.id, is_deleted=True)
                )
                planted["deleted_owner_changes"] += 1
        elif slot == OTHER_FIELD:
            moment = calendar.after(record.created, rng.uniform(1, 20))
            if moment <= END:
                self.rows.append(FieldChange(moment, "LeadSource", None, "Web"))
                planted["changes_of_other_fields"] += 1
        self._hand_over(team, calendar, rng)

    def _hand_over(self, team: Team, calendar: DealCalendar, rng: Random) -> None:
        left = self.owner.until
        if left < END and self._record.was_open(left) and rng.random() < HANDED_OVER:
            moment = calendar.after(max(left, self.last_moment), rng.uniform(0.1, 10))
            self.change(moment, team.colleague(self.owner, moment, rng))

    def _with_a_stage(self, team: Team, rng: Random) -> None:
        states = self._record.states
        for (_, before), (moment, after) in pairwise(states):
            if before.stage != after.stage:
                self.change(moment, team.colleague(self.owner, moment, rng))
                self._record.meaning["owner_changes_with_a_stage_change"] += (
                    self.last_moment == moment
                )
                return

    def owner_at(self, moment: int) -> Owner:
        """Give who owned it at a moment."""
        known = [owner for since, owner in self.owners if since <= moment]
        return known[-1] if known else self.owners[0][1]
