"""Stage entries and their durations, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.pipeline.mini import ANA, BEN, oracle_of, owner_change, with_history
from oracle.pipeline.stages import bottleneck_level

NEEDS, VALUE, WON = "Needs Analysis", "Value Proposition", "Closed Won"
BY_STAGE = ["stage_entry__stage_name"]

DEALS = [
    with_history(
        "A",
        ("2024-01-01", {"stage_name": NEEDS}),
        ("2024-01-05", {"stage_name": NEEDS, "amount": "60"}),  # the same stage: no entry
        ("2024-01-11T12:00:00", {"stage_name": VALUE, "amount": "70"}),  # 10.5 days
        ("2024-02-10T12:00:00", {"stage_name": NEEDS, "amount": "70"}),  # 30 days exactly
        ("2024-03-12T12:00:01", {"stage_name": WON, "amount": "70"}),  # 31 days and a second
    ),
    with_history("B", ("2024-03-30", {"stage_name": NEEDS, "amount": "10"})),  # 2 days so far
]


def test_each_entry_counts_for_itself_and_closed_stages_have_no_duration() -> None:
    oracle = oracle_of(*DEALS, source_dt=date(2024, 3, 31))
    assert oracle.value("stage_entries", BY_STAGE) == {(NEEDS,): 3, (VALUE,): 1, (WON,): 1}
    second = 1 / 86400
    averages = oracle.value("average_days_in_stage", BY_STAGE)
    assert averages == {
        (NEEDS,): pytest.approx((10.5 + 31 + second + 2) / 3),
        (VALUE,): 30,
        (WON,): None,
    }
    assert oracle.value("median_days_in_stage", BY_STAGE)[NEEDS,] == 10.5
    # 2, 10.5, 31 and a second: 0.8 of the way from the second to the third.
    expected = 10.5 + 0.8 * (20.5 + second)
    assert oracle.value("p90_days_in_stage", BY_STAGE)[NEEDS,] == pytest.approx(expected)


def test_bottlenecks_are_over_30_days_and_value_is_by_the_amount_at_exit() -> None:
    oracle = oracle_of(*DEALS, source_dt=date(2024, 3, 31))
    assert oracle.value("bottleneck_rate") == {(): 1 / 4}
    days = 31 + 1 / 86400
    expected = 60 * 10.5 + 70 * days + 10 * 2
    assert oracle.value("value_in_stage_days", BY_STAGE)[NEEDS,] == pytest.approx(expected)
    assert oracle.value("monthly_value_impact", BY_STAGE)[NEEDS,] == pytest.approx(expected / 30)
    assert [bottleneck_level(days) for days in (30.1, 30, 15, 7, None)] == [
        "High",
        "Medium",
        "Low",
        "None",
        "None",
    ]


def test_entries_are_by_entry_time_and_owner_at_entry() -> None:
    deal = with_history(
        "A",
        ("2024-01-01", {"stage_name": NEEDS, "owner_id": BEN}),
        ("2024-02-02", {"stage_name": VALUE, "owner_id": BEN}),
    )
    owners = [owner_change("A", "2024-01-20", ANA, BEN)]
    oracle = oracle_of(deal, field_history=owners)
    assert oracle.value("stage_entries", ["month", "owner__owner_name", *BY_STAGE]) == {
        (date(2024, 1, 1), "Ana Li", NEEDS): 1,
        (date(2024, 2, 1), "Ben", VALUE): 1,
    }
