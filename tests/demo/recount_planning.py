"""Counts from the raw plans what the truth file says was planted, by other code."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.reading import Raw, Row

TABLES = ("quota", "team_membership")
TODAY = date(2024, 12, 31)


def read_planning(directory: Path) -> Raw:
    import pyarrow.parquet as pq  # noqa: PLC0415

    return {table: pq.read_table(directory / f"{table}.parquet").to_pylist() for table in TABLES}


def recount_planning(raw: Raw, salesforce: Raw) -> Counter[str]:
    """Give every count of the truth file anew."""
    users = {row["id"][:15]: row for row in salesforce["user"]}
    roles = {row["id"]: row["name"] for row in salesforce["user_role"]}
    teams = {user: roles.get(row["user_role_id"]) for user, row in users.items()}
    return _quotas(raw["quota"], set(users)) + _memberships(raw["team_membership"], teams)


def _quotas(rows: list[Row], users: set[str]) -> Counter[str]:
    known = [row for row in rows if row["owner_id"][:15] in users]
    return Counter(
        quotas=len(known),
        quotas_of_zero=sum(row["quota"] == 0 for row in known),
        quota_total=int(sum(row["quota"] for row in known)),
        quotas_by_short_ids=sum(len(row["owner_id"]) == 15 for row in known),
        quotas_of_nobody=len(rows) - len(known),
    )


def _memberships(rows: list[Row], teams: dict[str, str | None]) -> Counter[str]:
    found: Counter[str] = Counter()
    stays: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        owner = row["owner_id"][:15]
        if owner not in teams:
            found["team_memberships_of_nobody"] += 1
            continue
        stays[owner].append(row)
        found["team_memberships"] += 1
        found["team_memberships_by_short_ids"] += len(row["owner_id"]) == 15
        found["team_memberships_without_team"] += row["team"] is None
        found["team_memberships_after_the_last_day"] += row["valid_from"] > TODAY
    for owner, its_rows in stays.items():
        begun = sorted((row["valid_from"], row["team"]) for row in its_rows)
        begun = [(day, team) for day, team in begun if day <= TODAY]
        found["owners_with_memberships"] += 1
        found["owners_in_another_team_than_their_roles"] += begun[-1][1] != teams[owner]
        found["team_changes"] += len(begun) - 1
        found["team_changes_within_a_month"] += sum(day.day != 1 for day, _ in begun[1:])
    return found
