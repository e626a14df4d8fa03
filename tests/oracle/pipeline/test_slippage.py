"""Pushes, pull-ins, due and slipped, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.pipeline.mini import oracle_of, with_history

WON = "Closed Won"
FIRST, SECOND, THIRD = date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)


def test_pushes_are_later_close_dates_on_open_opportunities() -> None:
    deal = with_history(
        "A",
        ("2024-01-10", {"close_date": "2024-03-01"}),
        ("2024-02-01", {"close_date": "2024-03-31", "amount": "120"}),  # 30 days, same quarter
        ("2024-02-20", {"close_date": "2024-04-10"}),  # 10 days, across quarters
        ("2024-03-01", {"close_date": "2024-03-15", "amount": "90"}),  # pulled in
        ("2024-03-05", {"close_date": "2024-03-12", "amount": "80"}),  # earlier, same quarter
        ("2024-03-10", {"close_date": "2024-05-01", "stage_name": WON}),  # with the closing: none
    )
    deal[0][0]["push_reason__c"] = "Budget"
    idle = with_history("B", ("2024-02-29", {}))
    oracle = oracle_of(deal, idle, source_dt=date(2024, 4, 30), push_reason_column="push_reason__c")
    assert oracle.value("pushed_count", ["month"]) == {(date(2024, 2, 1),): 2}
    assert oracle.value("pushed_amount", ["is_across_quarters"]) == {(False,): 120, (True,): 100}
    assert oracle.value("pushed_count", ["push_reason"]) == {("Budget",): 2}
    assert oracle.value("average_days_pushed") == {(): 20}
    assert oracle.value("pulled_in_amount", ["month"]) == {
        (date(2024, 2, 1),): 0,
        (date(2024, 3, 1),): 90,
    }
    # January: A is open; February: A and B; March: A and B; April: B.
    assert oracle.value("pushes_per_opportunity", ["month"]) == {
        (date(2024, 1, 1),): 0,
        (date(2024, 2, 1),): 1,
        (date(2024, 3, 1),): 0,
        (date(2024, 4, 1),): 0,
    }
    assert oracle.value("pushes_per_opportunity") == {(): 1}


def test_changes_in_the_creating_instant_are_no_pushes() -> None:
    deal = with_history("A", ("2024-01-10", {}), ("2024-01-10", {"close_date": "2024-12-01"}))
    assert oracle_of(deal).value("pushed_count") == {}


def test_across_quarters_goes_by_the_fiscal_calendar() -> None:
    deal = with_history(
        "A",
        ("2024-01-10", {"close_date": "2024-04-20"}),
        ("2024-02-01", {"close_date": "2024-05-02"}),
    )
    for month, across in ((1, False), (2, True)):
        oracle = oracle_of(deal, fiscal_year_start_month=month)
        assert oracle.value("pushed_count", ["is_across_quarters"]) == {(across,): 1}


def test_due_at_the_quarters_start_and_slipped_at_its_end() -> None:
    old = "2023-12-01"
    inside, later = {"close_date": "2024-02-15"}, {"close_date": "2024-04-01"}
    won = {"close_date": "2024-02-15", "stage_name": WON}
    deals = [
        with_history("won", (old, inside), ("2024-03-31T23:59:59", won)),
        with_history("won a moment late", (old, inside), ("2024-04-01", won)),
        with_history("pushed", (old, {**inside, "amount": "70"}), ("2024-02-01", later)),
        with_history("overdue", (old, inside)),
        with_history("created on the first day", ("2024-01-01T00:00:01", inside)),
        with_history("not due", (old, later)),
        with_history(
            "pushed and back", (old, inside), ("2024-02-01", later), ("2024-02-02", inside)
        ),
    ]
    oracle = oracle_of(*deals, source_dt=date(2024, 8, 31))
    by = ["fiscal_quarter"]
    # Due in the first: won, late, pushed, overdue, back. In the second: pushed and not due.
    assert oracle.value("due_opportunity_count", by) == {(FIRST,): 5, (SECOND,): 2}
    assert oracle.value("slipped_opportunity_count", by) == {(FIRST,): 4, (SECOND,): 2}
    assert oracle.value("slippage_rate", by) == {(FIRST,): 0.8, (SECOND,): 1}
    kinds = oracle.value("slipped_opportunity_count", [*by, "slip_kind"])
    assert kinds == {
        (FIRST, None): 0,
        (FIRST, "overdue"): 3,
        (FIRST, "pushed"): 1,
        (SECOND, "overdue"): 2,
    }
    # By the amounts at the start: 100 each, and 70 that became 100 when it was pushed.
    assert oracle.value("due_amount", by)[FIRST,] == 470
    assert oracle.value("slippage_rate_amount", by)[FIRST,] == 370 / 470
    with pytest.raises(ValueError, match="month"):
        oracle.value("slippage_rate", ["month"])


@pytest.mark.slow
def test_what_happens_at_midnight_belongs_to_the_day_that_begins() -> None:
    inside = {"close_date": "2024-02-15"}
    deals = [
        with_history("created", ("2024-01-01T00:00:00", inside)),
        with_history("lost", ("2023-12-01", inside), ("2024-01-01", {"stage_name": "Closed Lost"})),
        with_history(
            "pushed",
            ("2023-12-01", inside),
            ("2023-12-31", {"close_date": "2024-09-01"}),
            ("2024-01-10", {"close_date": "2024-09-02"}),
        ),
    ]
    oracle = oracle_of(*deals, source_dt=date(2024, 1, 31))
    assert oracle.value("due_opportunity_count", ["opportunity"]) == {("salesforce:created",): 1}
    # In December: lost and pushed are open; in January: created and pushed.
    assert oracle.value("pushes_per_opportunity", ["month"]) == {
        (date(2023, 12, 1),): 0.5,
        (FIRST,): 0.5,
    }


def test_the_running_quarter_has_pushed_ones_only_and_is_provisional() -> None:
    deals = [
        with_history("A", ("2024-01-10", {"close_date": "2024-04-10"})),
        with_history(
            "B",
            ("2024-01-10", {"close_date": "2024-05-10"}),
            ("2024-05-01", {"close_date": "2024-07-01"}),
        ),
    ]
    by = ["fiscal_quarter", "slip_kind", "is_provisional"]
    running = oracle_of(*deals, source_dt=date(2024, 6, 29))
    assert running.value("slipped_opportunity_count", by) == {
        (SECOND, None, True): 0,
        (SECOND, "pushed", True): 1,
    }
    over = oracle_of(*deals, source_dt=date(2024, 6, 30))
    assert over.value("slipped_opportunity_count", by) == {
        (SECOND, "overdue", False): 1,
        (SECOND, "pushed", False): 1,
    }
    assert over.value("due_opportunity_count", ["fiscal_year"]) == {(FIRST,): 2}
    assert oracle_of(*deals, source_dt=date(2024, 7, 1)).value(
        "due_opportunity_count", ["fiscal_quarter"]
    ) == {(SECOND,): 2, (THIRD,): 1}
