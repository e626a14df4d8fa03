"""The users: executives, team managers and the owners of opportunities, in a tree of roles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import END, MONTH_STARTS, START
from metrics_store.demo.person_names import full_name
from metrics_store.demo.salesforce.salesforce_ids import ROLE, USER, ZEROS, salesforce_id
from metrics_store.demo.seeded_random import seeded_random

if TYPE_CHECKING:
    from random import Random

    from metrics_store.demo.table_files import Row

OWNERS_AT_SCALE_1 = 60
FEWEST_OWNERS = 12
OWNERS_PER_TEAM = 6
STAY_THROUGHOUT = 5
HERE_FROM_THE_START, LEAVES = 0.7, 0.2
REGIONS = ("Americas", "EMEA North", "EMEA South")
# The users' manager that some tool wrote as fifteen zeros.
ZEROS_MANAGER_EVERY = 25
BEFORE_ALL = START - 500 * 86_400


@dataclass(frozen=True)
class Owner:
    """One owner; `since` and `until` are the moments between which they get opportunities.

    `skill` is a factor on the chance to win.
    """

    number: int
    id: str
    name: str
    team: int
    since: int
    until: int
    skill: float


class Team:
    """Everybody of one data set; their number grows with the root of the scale."""

    def __init__(self, scale: float, seed: int) -> None:
        """Hire everybody."""
        rng = seeded_random(seed, "salesforce", "users")
        count = max(FEWEST_OWNERS, round(OWNERS_AT_SCALE_1 * scale**0.5))
        self.owners = [_owner(number, rng) for number in range(count)]
        self.by_id = {owner.id: owner for owner in self.owners}
        self.teams = (count + OWNERS_PER_TEAM - 1) // OWNERS_PER_TEAM
        self._by_month = [
            [owner for owner in self.owners if owner.since <= month <= owner.until]
            for month in MONTH_STARTS
        ]

    def pick(self, moment: int, rng: Random) -> Owner:
        """Give somebody who works here at that moment."""
        month = int((moment - START) / (END + 1 - START) * len(MONTH_STARTS))
        return rng.choice(self._by_month[min(max(month, 0), len(MONTH_STARTS) - 1)])

    def colleague(self, owner: Owner, moment: int, rng: Random) -> Owner:
        """Give somebody else who works here, of the same team where there is one."""
        others = [self.pick(moment, rng) for _ in range(OWNERS_PER_TEAM)]
        others = [other for other in others if other.id != owner.id]
        if not others:
            return self.owners[0] if owner.number else self.owners[1]
        return next((other for other in others if other.team == owner.team), others[0])

    @staticmethod
    def name_of(team: int) -> str:
        """Give the name of a team's role."""
        return f"Sales Team {REGIONS[team % 3]} {team // 3 + 1}"

    def roles(self) -> list[Row]:
        """Give the role tree: chief, regions, teams; the chief's parent is fifteen zeros."""
        names = [("Chief Revenue Officer", ZEROS)]
        names += [(f"VP Sales {region}", _role(0)) for region in REGIONS]
        names += [(self.name_of(team), _role(1 + team % 3)) for team in range(self.teams)]
        system = _system_user()
        return [
            (_role(place), name, parent, name, BEFORE_ALL, system, BEFORE_ALL)
            for place, (name, parent) in enumerate(names)
        ]

    def users(self) -> list[Row]:
        """Give one row per user: the system's own, chief, heads of regions, managers, owners."""
        titles = ["Chief Revenue Officer", *(f"VP Sales {region}" for region in REGIONS)]
        titles += ["Sales Manager"] * self.teams
        rows = [_system_row()]
        for place, title in enumerate(titles):
            if place == 0:
                manager = None
            else:
                manager = _leader(0) if place <= len(REGIONS) else _leader(1 + (place - 4) % 3)
            name = full_name(5_000 + place)
            rows.append(_row(_leader(place), name, title, _role(place), manager, BEFORE_ALL, END))
        for owner in self.owners:
            place = 1 + len(REGIONS) + owner.team
            orphan = owner.number % ZEROS_MANAGER_EVERY == ZEROS_MANAGER_EVERY - 1
            manager = ZEROS if orphan else _leader(place)
            rows.append(
                _row(
                    *(owner.id, owner.name, "Account Executive", _role(place), manager),
                    *(owner.since, owner.until),
                )
            )
        return rows

    def planted(self) -> Counter[str]:
        """Count the owners, and the users that are traps."""
        names = Counter(owner.name for owner in self.owners)
        leaders = 1 + len(REGIONS) + self.teams
        orphans = len(self.owners) // ZEROS_MANAGER_EVERY
        return Counter(
            owners=len(self.owners),
            owners_who_left=sum(owner.until < END for owner in self.owners),
            owners_sharing_a_name=sum(count for count in names.values() if count > 1),
            # The system's own user has one too.
            users_with_zeros_for_manager=orphans + 1,
            roles_with_zeros_for_parent=1,
            users=leaders + 1 + len(self.owners),
        )


def _owner(number: int, rng: Random) -> Owner:
    # Every twentieth has the name of the one before.
    name = full_name(number - 1 if number % 20 == 5 else number)  # noqa: PLR2004
    since, until = START, END
    if number >= STAY_THROUGHOUT:
        if rng.random() >= HERE_FROM_THE_START:
            since = rng.randrange(START, END)
        if rng.random() < LEAVES:
            until = rng.randrange(since, END)
    owner_id = salesforce_id(USER, 1_000 + number)
    return Owner(
        number, owner_id, name, number // OWNERS_PER_TEAM, since, until, rng.uniform(0.75, 1.3)
    )


def _role(place: int) -> str:
    return salesforce_id(ROLE, 100 + place)


def _leader(place: int) -> str:
    # Owners' ids begin at 1,000; more leaders than that no scale of this machine's size has.
    return salesforce_id(USER, 100 + place)


def _system_user() -> str:
    return salesforce_id(USER, 1)


def _row(  # noqa: PLR0913, PLR0917 - one argument a fact
    user: str, name: str, title: str, role: str, manager: str | None, since: int, until: int
) -> Row:
    first, _, last = name.rpartition(" ")
    number = user[9:15].lstrip("0")
    address = f"user.{number}@example.org"
    created = min(since, until)
    modified = until if until < END else created
    return (
        *(user, address, name, first, last, address, title, "Sales", until == END, "Standard"),
        *(role, manager, created, _system_user(), modified, _system_user(), modified),
    )


def _system_row() -> Row:
    user = _system_user()
    address = "autoproc@example.org"
    return (
        *(user, address, "Automated Process", "Automated", "Process", address, None, None),
        *(True, "AutomatedProcess", ZEROS, ZEROS),
        *(BEFORE_ALL, user, BEFORE_ALL, user, BEFORE_ALL),
    )
