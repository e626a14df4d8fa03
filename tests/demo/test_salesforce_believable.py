"""Salesforce's demo data looks like a sales team's three years."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle.reading import Raw, Row

Truth = dict[str, dict[str, dict[str, int]]]
# Rates that make the amounts comparable, roughly.
RATES = {"USD": 1.0, "EUR": 1.08, "GBP": 1.27}


def live(salesforce: Raw) -> list[Row]:
    return [row for row in salesforce["opportunity"] if not row["is_deleted"]]


def dollars(row: Row) -> float:
    return float(row["amount"] or 0) * RATES[row["currency_iso_code"]]


def test_sizes_at_scale_1(salesforce: Raw, truth: Truth) -> None:
    assert len(salesforce["account"]) == 2000
    assert 19_500 <= len(salesforce["opportunity"]) <= 20_000
    assert truth["salesforce"]["planted"]["owners"] == 60
    assert len({row["industry"] for row in salesforce["account"]} - {None}) == 8
    assert {row["currency_iso_code"] for row in salesforce["opportunity"]} == set(RATES)
    assert 4 <= len(salesforce["opportunity_history"]) / len(salesforce["opportunity"]) <= 8


def test_a_quarter_of_what_closes_is_won_and_some_owners_are_better(salesforce: Raw) -> None:
    closed = [row for row in live(salesforce) if row["is_closed"]]
    assert 0.23 <= sum(row["is_won"] for row in closed) / len(closed) <= 0.27
    by_owner: dict[str, list[bool]] = defaultdict(list)
    for row in closed:
        by_owner[row["owner_id"]].append(row["is_won"])
    rates = sorted(sum(won) / len(won) for won in by_owner.values() if len(won) > 150)
    assert rates[-1] > 1.3 * rates[0]


def test_sales_cycles_take_20_to_200_days(salesforce: Raw) -> None:
    days = sorted(
        (row["close_date"] - row["created_date"].date()).days
        for row in live(salesforce)
        if row["is_won"]
    )
    assert 40 <= median(days) <= 90
    within = sum(20 <= each <= 200 for each in days)
    assert within > 0.85 * len(days)


def test_amounts_grow_with_the_segment_and_have_a_long_tail(salesforce: Raw) -> None:
    revenue = {row["id"]: row["annual_revenue"] for row in salesforce["account"]}
    amounts: dict[int, list[float]] = defaultdict(list)
    for row in live(salesforce):
        known = revenue.get(row["account_id"])
        if known is not None and row["amount"]:
            segment = 2 if known >= 10**7 else 1 if known >= 10**6 else 0
            amounts[segment].append(float(row["amount"]))
    middle = [median(amounts[segment]) for segment in (0, 1, 2)]
    assert 2 * middle[0] < middle[1]
    assert 2 * middle[1] < middle[2]
    for each in amounts.values():
        assert sum(each) / len(each) > 1.1 * median(each)


def test_business_grows_and_has_seasons(salesforce: Raw) -> None:
    years = Counter(row["created_date"].year for row in salesforce["opportunity"])
    assert years[2022] * 1.15 < years[2023] < years[2024] / 1.15
    months = Counter(row["created_date"].month for row in salesforce["opportunity"])
    assert months[8] < 0.7 * months[3]


def test_close_dates_move_as_in_life(truth: Truth) -> None:
    planted = truth["salesforce"]["planted"]
    assert 0.3 <= planted["pushes"] / planted["opportunities"] <= 1.2
    assert 0.3 <= planted["pushes_across_quarters"] / planted["pushes"] <= 0.7
    assert 15 <= planted["days_pushed"] / planted["pushes"] <= 60
    assert 0.02 * planted["pushes"] < planted["pull_ins"] < 0.3 * planted["pushes"]
    assert planted["closings_with_a_later_close_date"] > 0.1 * planted["closings"]


def test_some_is_open_at_the_end_and_some_of_that_overdue(salesforce: Raw, truth: Truth) -> None:
    planted = truth["salesforce"]["planted"]
    assert 0.05 <= planted["open"] / planted["opportunities"] <= 0.2
    assert 0.05 <= planted["open_and_overdue"] / planted["open"] <= 0.35
    stages = Counter(row["stage_name"] for row in live(salesforce))
    assert len(stages) == 12
    categories = Counter(row["forecast_category_name"] for row in live(salesforce))
    assert set(categories) == {"Pipeline", "Best Case", "Commit", "Omitted", "Closed"}


def test_expected_revenue_is_amount_times_probability(salesforce: Raw) -> None:
    for row in salesforce["opportunity"] + salesforce["opportunity_history"]:
        parts: list[Any] = [row["amount"], row["probability"]]
        if None in parts:
            assert row["expected_revenue"] is None
        else:
            assert abs(row["expected_revenue"] - parts[0] * parts[1] / 100) <= 0.005
