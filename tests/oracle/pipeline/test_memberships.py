"""Teams of the time and quotas of known owners, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from oracle.pipeline import Membership, Quota
from oracle.pipeline.mini import ANA, BEN, oracle_of, owner_change, with_history

WON = "Closed Won"
TEAM = "owner_membership__team"
MOVED = (
    Membership(ANA[:15], "North", date(2024, 2, 1)),
    Membership(ANA[:15], "South", date(2024, 3, 15)),
    # After the reference date: not known yet.
    Membership(ANA[:15], "West", date(2025, 1, 1)),
)


def test_a_fact_is_in_the_team_of_its_own_time() -> None:
    deals = [
        with_history(name, ("2024-01-10", {}), (closed, {"stage_name": WON, "close_date": closed}))
        for name, closed in (("A", "2024-03-14"), ("B", "2024-03-15"), ("C", "2025-01-01"))
    ]
    asked = oracle_of(*deals, memberships=MOVED)
    # The first team holds for all time before it; C is still open.
    assert asked.value("opportunity_count", [TEAM]) == {("North",): 3}
    assert asked.value("won_count", ["month", TEAM]) == {
        (date(2024, 3, 1), "North"): 1,
        (date(2024, 3, 1), "South"): 1,
    }
    assert asked.value("pipeline_walk_won", [TEAM]) == {("North",): 100, ("South",): 100}
    assert asked.value("open_opportunity_count", [TEAM]) == {("South",): 1}
    # Plans win over today's team.
    assert asked.value("won_count", ["owner__team"]) == {("East",): 2}


def test_who_is_in_no_plan_has_todays_team() -> None:
    deal = with_history("A", ("2024-01-10", {}), ("2024-06-01", {"owner_id": BEN}))
    moved = [owner_change("A", "2024-06-01", ANA, BEN)]
    asked = oracle_of(deal, field_history=moved)
    assert asked.value("pipeline_walk_moved", [TEAM]) == {("East",): -100, (None,): 100}
    assert asked.value("opportunity_count", [TEAM]) == {(None,): 1}


def test_a_quota_is_in_the_team_of_its_months_first_day() -> None:
    quotas = [Quota(ANA, date(2024, month, 1), Decimal(10)) for month in (2, 3, 4)]
    quotas.append(Quota("005000000000009AAA", date(2024, 2, 1), Decimal(500)))
    asked = oracle_of(with_history("A", ("2024-01-10", {})), memberships=MOVED, quotas=quotas)
    assert asked.value("quota", ["year", TEAM]) == {
        (date(2024, 1, 1), "North"): 20,
        (date(2024, 1, 1), "South"): 10,
    }
    # The owner that no CRM knows has none.
    assert asked.value("quota", ["year"]) == {(date(2024, 1, 1),): 30}
