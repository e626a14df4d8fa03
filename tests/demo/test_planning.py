"""The plans: a quota for every owner and month, and teams that changed in known ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from demo.recount_planning import read_planning
from demo.test_salesforce_believable import dollars, live
from metrics_store.demo.planning.planning_source import generate

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.reading import Raw

MONTHS = [date(year, month, 1) for year in (2022, 2023, 2024) for month in range(1, 13)]
# A plan is known ahead.
AHEAD = [date(2025, month, 1) for month in (1, 2, 3)]


def test_every_owner_has_one_quota_for_every_month(planning: Raw, salesforce: Raw) -> None:
    months: dict[str, list[date]] = defaultdict(list)
    for row in planning["quota"]:
        months[row["owner_id"][:15]].append(row["month"])
    owners = {row["id"] for row in salesforce["user"] if row["title"] == "Account Executive"}
    (nobody,) = months.keys() - {owner[:15] for owner in owners}
    assert months.keys() >= {owner[:15] for owner in owners}
    assert {row["owner_id"] for row in salesforce["opportunity"]} <= owners
    assert sorted(months.pop(nobody)) == MONTHS[-3:]
    assert all(sorted(found) == MONTHS + AHEAD for found in months.values())


def test_owners_nearly_reach_their_quotas(planning: Raw, salesforce: Raw) -> None:
    won: Counter[tuple[str, int]] = Counter()
    quotas: Counter[tuple[str, int]] = Counter()
    for row in live(salesforce):
        won[row["owner_id"][:15], row["close_date"].year] += dollars(row) * row["is_won"]
    for row in planning["quota"]:
        if row["month"] in AHEAD:
            continue
        quotas[row["owner_id"][:15], row["month"].year] += row["quota"]
    assert 0.7 <= won.total() / float(quotas.total()) <= 1.1
    reached = sorted(won[key] / float(quota) for key, quota in quotas.items() if quota > 0)
    assert 0.7 <= reached[len(reached) // 2] <= 1
    assert sum(0.4 <= each <= 1.6 for each in reached) > 0.7 * len(reached)


def test_teams_are_those_of_roles(planning: Raw, salesforce: Raw) -> None:
    names = {row["name"] for row in salesforce["user_role"]}
    assert {row["team"] for row in planning["team_membership"]} <= {*names, None}
    days = Counter((row["owner_id"][:15], row["valid_from"]) for row in planning["team_membership"])
    assert set(days.values()) == {1}


def test_rows_are_in_no_order(planning: Raw) -> None:
    for rows in planning.values():
        found = [row["owner_id"] for row in rows]
        assert found != sorted(found)


def test_the_smallest_set_has_the_same_team_changes(tmp_path: Path, planning: Raw) -> None:
    generate(tmp_path, 0.0005, 3)
    small = read_planning(tmp_path)["team_membership"]
    assert len(small) == len(planning["team_membership"])
    assert [row["team"] for row in small].count(None) == 1
