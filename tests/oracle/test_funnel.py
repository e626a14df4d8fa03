"""Funnel counts, rates, conversions and growth of histories worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.mini import activity, change, oracle_of

JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


def test_every_entry_counts_in_its_month_but_a_first_entry_only_once_per_deal_id() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-01-05", "lost_reason", 1),
            change(1, "2024-01-09", "stage_id", 1),  # again in the month: still one deal
            change(1, "2024-01-15", "stage_id", 3),
            change(1, "2024-02-02", "stage_id", 1),  # re-entry in February
            change(1, "2024-03-01", "add_time"),  # the id's second lifecycle
            change(1, "2024-03-02", "stage_id", 1),
        ]
    )
    months = {(JANUARY,): 1, (FEBRUARY,): 1, (MARCH,): 1}
    assert oracle.value("lead_generation_deals", ["month"]) == months
    assert oracle.value("lead_generation_deals") == {(): 2}  # two lifecycles, not three months
    firsts = oracle.value("funnel_deals_first_entry", ["month", "funnel_step"])
    assert firsts == {(JANUARY, "1"): 1, (JANUARY, "3"): 1}


def test_stage_names_map_without_regard_to_case() -> None:
    oracle = oracle_of([change(1, "2024-01-02", "stage_id", 2)])
    assert oracle.value("funnel_deals", ["funnel_step", "kpi_name", "stage_name"]) == {
        ("2", "Qualified Lead", "Qualified Lead"): 1
    }


def test_rate_divides_first_entries_of_the_same_period_and_is_none_only_over_zero() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-02", "stage_id", 1),
            change(2, "2024-01-03", "stage_id", 1),
            change(2, "2024-02-03", "stage_id", 2),
            change(3, "2024-03-03", "stage_id", 1),
            change(3, "2024-03-04", "stage_id", 2),
        ]
    )
    assert oracle.value("lead_generation_to_qualified_lead_rate", ["month"]) == {
        (JANUARY,): 0,
        (FEBRUARY,): None,
        (MARCH,): 1,
    }
    assert oracle.value("lead_generation_to_qualified_lead_rate") == {(): pytest.approx(2 / 3)}


def test_conversion_windows_hold_exactly_30_and_90_days() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-01T12:00:00", "stage_id", 1),
            change(1, "2024-01-31T12:00:00", "stage_id", 2),  # 30.0 days
            change(2, "2024-01-01T12:00:00", "stage_id", 1),
            change(2, "2024-01-31T12:00:01", "stage_id", 2),  # a second more
            change(3, "2024-01-01T12:00:00", "stage_id", 1),
            change(3, "2024-03-31T12:00:00", "stage_id", 2),  # 90.0 days
            change(4, "2024-01-01T12:00:00", "stage_id", 1),
            change(4, "2024-03-31T12:00:01", "stage_id", 2),
            change(5, "2024-01-01T12:00:00", "stage_id", 1),
            change(5, "2024-01-02T12:00:00", "stage_id", 3),  # skipped: not converted
        ]
    )
    name = "lead_generation_to_qualified_lead_conversion"
    assert oracle.value(f"{name}_30d", ["month"]) == {(JANUARY,): 1 / 5}
    assert oracle.value(f"{name}_90d", ["month"]) == {(JANUARY,): 3 / 5}
    assert oracle.value(name, ["month"]) == {(JANUARY,): 4 / 5}
    assert oracle.value("qualified_lead_to_needs_assessment_conversion_30d") == {(): 0}
    assert oracle.value("closing_to_implementation_onboarding_conversion") == {}


def test_conversion_takes_the_next_step_at_the_same_instant_but_not_an_earlier_one() -> None:
    name = "lead_generation_to_qualified_lead_conversion"
    instant = [
        change(1, "2024-01-01", "stage_id", 2),
        change(1, "2024-01-01", "stage_id", 1),
    ]
    earlier = [change(1, "2024-01-01", "stage_id", 2), change(1, "2024-01-02", "stage_id", 1)]
    assert oracle_of(instant).value(f"{name}_30d") == {(): 1}
    assert oracle_of(earlier).value(name) == {(): 0}


def test_conversion_is_the_lifecycles_by_owner_at_its_first_entry() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-01", "user_id", 7),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-01-03", "user_id", 8),
            change(1, "2024-01-04", "stage_id", 1),  # a re-entry is no second chance
            change(1, "2024-02-01", "add_time"),
            change(1, "2024-02-02", "user_id", 8),
            change(1, "2024-02-03", "stage_id", 1),
            change(1, "2024-02-04", "stage_id", 2),
        ]
    )
    assert oracle.value("lead_generation_to_qualified_lead_conversion", ["owner"]) == {
        ("pipedrive:7",): 0,
        ("pipedrive:8",): 1,
    }


def test_growth_is_none_without_a_predecessor_and_minus_one_when_nothing_is_left() -> None:
    oracle = oracle_of(
        [
            change(1, "2023-02-01", "stage_id", 1),
            change(1, "2024-01-02", "stage_id", 2),
            change(2, "2024-02-01", "stage_id", 1),
            change(3, "2024-02-29T23:59:59", "stage_id", 1),
        ],
        source_dt=date(2024, 3, 31),
    )
    growth = oracle.value("funnel_deals_mom", ["month"])
    assert growth == {
        (date(2023, 2, 1),): None,
        (date(2023, 3, 1),): -1,
        (JANUARY,): None,
        (FEBRUARY,): 1,
        (MARCH,): -1,
    }
    assert oracle.value("funnel_deals_yoy", ["month"])[FEBRUARY,] == 1
    with pytest.raises(ValueError, match="month"):
        oracle.value("funnel_deals_mom", ["quarter"])


def test_calls_enter_the_funnel_and_activities_count_by_assignee() -> None:
    oracle = oracle_of(
        [change(1, "2024-01-10", "add_time"), change(1, "2024-02-10", "add_time")],
        [
            activity(1, "2024-01-01", "meeting", 1, 7),  # before add_time: the first lifecycle
            activity(1, "2024-02-10", "sc_2", 1, 7),  # at the second add_time; the id again
            activity(2, "2024-01-05", "meeting", 99, 8),  # a deal without changes
            activity(3, "2024-01-05", "meeting", None, 8),  # no deal: no funnel event
            activity(4, "2024-01-06", "follow_up", 1, None),
            activity(5, "2024-01-07", "after_close_call", None, 8),
            activity(6, "2024-01-07", "meeting", 1, 8, done=False),
            activity(7, "2024-01-08", "email", 1, 8),
            activity(7, "2024-01-08", "email", 1, 8),  # an exact duplicate
        ],
    )
    assert oracle.value("funnel_deals", ["opportunity", "funnel_step", "owner"]) == {
        ("pipedrive:1:1", "2.1", "pipedrive:7"): 1,
        ("pipedrive:1:2", "3.1", "pipedrive:7"): 1,
        ("pipedrive:99:1", "2.1", "pipedrive:8"): 1,
    }
    assert oracle.value("sales_call_1_deals") == {(): 2}
    assert oracle.value("sales_call_1_completed") == {(): 3}
    assert oracle.value("sales_call_2_completed") == {(): 1}
    assert oracle.value("other_activities") == {(): 2}
    assert oracle.value("activities_completed", ["owner"]) == {
        ("pipedrive:7",): 2,
        ("pipedrive:8",): 4,
        (None,): 1,
    }
    assert oracle.value("deals_worked", ["owner"]) == {
        ("pipedrive:7",): 2,
        ("pipedrive:8",): 2,
        (None,): 1,
    }
    rate = oracle.value("qualified_lead_to_sales_call_1_rate")
    assert rate == {(): None}


def test_where_leaves_first_entries_as_they_are() -> None:
    oracle = oracle_of(
        [change(1, "2024-01-01", "stage_id", 1), change(1, "2024-02-01", "stage_id", 1)]
    )
    february = oracle.value(
        "funnel_deals_first_entry", where=lambda fact: fact["time"].month == FEBRUARY.month
    )
    assert february == {}
