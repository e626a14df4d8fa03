"""The funnel of Salesforce, worked out by hand."""

from __future__ import annotations

from datetime import date

from oracle.pipeline.funnel import salesforce_funnel
from oracle.pipeline.mini import oracle_of, with_history

JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
FIRST, SECOND, NO_STEP = "Prospecting", "Qualification", "Value Proposition"
DEALS = [
    with_history(
        "A",
        ("2024-01-01", {"stage_name": FIRST}),
        ("2024-01-05", {"stage_name": SECOND}),
        ("2024-02-01", {"stage_name": FIRST}),  # again
        ("2024-02-02", {"stage_name": "Closed Lost"}),
        ("2024-03-01", {"stage_name": SECOND}),  # reopened
        ("2024-03-02", {"stage_name": "Closed Lost"}),
    ),
    with_history(
        "B",
        ("2024-01-01", {"stage_name": FIRST}),
        ("2024-01-02", {"stage_name": NO_STEP}),
        ("2024-03-05", {"stage_name": SECOND}),  # 64 days after the first step
    ),
    with_history("C", ("2024-02-01", {"stage_name": "Closed Won"})),
]
FUNNEL = salesforce_funnel(oracle_of(*DEALS))


def test_stages_that_are_steps_count_and_lost_stages_are_losses() -> None:
    assert FUNNEL.value("funnel_deals", ["month", "funnel_step"]) == {
        (JANUARY, "1"): 2,
        (JANUARY, "2"): 1,
        (FEBRUARY, "1"): 1,
        (FEBRUARY, "Lost"): 1,
        (MARCH, "2"): 2,
        (MARCH, "Lost"): 1,
    }
    assert FUNNEL.value("lost_deals", ["lost_reason"]) == {(None,): 1}
    assert FUNNEL.value("stage_entries") == {(): 10}


def test_the_reason_is_that_of_the_loss_in_which_the_opportunity_stands() -> None:
    (row,), history = DEALS[0]
    deal = [[{**row, "loss_reason__c": "Price"}], history]
    funnel = salesforce_funnel(oracle_of(deal, lost_reason_column="loss_reason__c"))
    assert funnel.value("lost_deals", ["month", "lost_reason"]) == {
        (FEBRUARY, None): 1,
        (MARCH, "Price"): 1,
    }


def test_first_entries_rates_and_conversions() -> None:
    first_entries = FUNNEL.value("funnel_deals_first_entry", ["month", "kpi_name"])
    assert first_entries == {
        (JANUARY, "Lead Generation"): 2,
        (JANUARY, "Qualified Lead"): 1,
        (MARCH, "Qualified Lead"): 1,
    }
    assert FUNNEL.value("lead_generation_to_qualified_lead_rate", ["month"])[JANUARY,] == 0.5
    conversion = "lead_generation_to_qualified_lead_conversion"
    assert FUNNEL.value(f"{conversion}_30d") == {(): 0.5}
    assert FUNNEL.value(conversion, ["month"]) == {(JANUARY,): 1}
