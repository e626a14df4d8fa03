"""Teams: a handful of owners changed theirs; of all others the plans say nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import EPOCH, LAST_DAY
from metrics_store.demo.planning.team_names import NOBODY, given_id
from metrics_store.demo.salesforce.salesforce_ids import SHORT

if TYPE_CHECKING:
    from collections import Counter

    from metrics_store.demo.salesforce.salesforce_users import Team
    from metrics_store.demo.table_files import Row

# Owner's number -> first days in a team, each with how far that team lies from their role's; None
# is no team. Every data set has twelve owners.
STAYS: dict[int, tuple[tuple[date, int | None], ...]] = {
    # The first five owners are here all the time. After the last day: not known yet.
    0: ((date(2022, 1, 1), 0), (date(2025, 2, 1), 1)),
    # On a month's first day, within a month, twice.
    1: ((date(2022, 1, 1), 1), (date(2023, 7, 1), 0)),
    2: ((date(2022, 1, 1), 1), (date(2024, 2, 15), 0)),
    4: ((date(2022, 1, 1), 0), (date(2022, 10, 5), 1), (date(2024, 5, 16), 0)),
    # In no team for a while.
    3: ((date(2022, 1, 1), 0), (date(2023, 11, 20), None), (date(2024, 4, 1), 0)),
    # The plans begin late: what came before is the same team.
    7: ((date(2023, 3, 10), 1), (date(2024, 8, 1), 0)),
    # The plans end in another team than the role's: they win.
    8: ((date(2022, 1, 1), 0), (date(2024, 10, 1), 1)),
}


def membership_rows(team: Team, planted: Counter[str]) -> list[Row]:
    """Give one row per owner and first day in a team; counts go to `planted`."""
    rows: list[Row] = []
    for number, stays in STAYS.items():
        owner = team.owners[number]
        owner_id = given_id(owner)
        planted["owners_with_memberships"] += 1
        known = [distance for day, distance in stays if day <= LAST_DAY]
        planted["owners_in_another_team_than_their_roles"] += known[-1] != 0
        for place, (day, distance) in enumerate(stays):
            name = None if distance is None else team.name_of((owner.team + distance) % team.teams)
            rows.append((owner_id, name, _days(day)))
            planted["team_memberships"] += 1
            planted["team_memberships_by_short_ids"] += len(owner_id) == SHORT
            planted["team_memberships_without_team"] += name is None
            planted["team_memberships_after_the_last_day"] += day > LAST_DAY
            planted["team_changes"] += place > 0 and day <= LAST_DAY
            planted["team_changes_within_a_month"] += place > 0 and day <= LAST_DAY and day.day != 1
    rows.append((NOBODY, team.name_of(0), _days(date(2022, 1, 1))))
    planted["team_memberships_of_nobody"] += 1
    return rows


def _days(day: date) -> int:
    return (day - EPOCH).days
