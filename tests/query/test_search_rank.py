"""What fits best is found first."""

from __future__ import annotations

import pytest

from metrics_store.query.definitions.definition_entries import MetricDefinition
from metrics_store.query.definitions.pages import search_items
from metrics_store.query.search_rank import Searched


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("Win Rate", 0),
        ("win_rate", 0),
        ("close  rate", 0),
        ("win", 1),
        ("rate", 2),
        ("bookings", 3),
        ("of closed", 4),
        ("closed win", 5),
        ("moon", None),
    ],
)
def test_the_best_fit_ranks_first(words: str, rank: int | None) -> None:
    metric = Searched(("win_rate", "Win rate", "close rate"), "Bookings", "Won of closed.")
    assert metric.rank(words) == rank


def test_every_list_has_the_best_first_and_knows_synonyms() -> None:
    def metric(name: str, label: str, **meta: object) -> MetricDefinition:
        return MetricDefinition(name, label, "", "simple", (), False, {}, meta)  # noqa: FBT003

    cohort = metric("cohort_win_rate", "Win rate of a cohort")
    rate = metric("win_rate", "Win rate")
    revenue = metric("won_revenue", "Won revenue", synonyms=["bookings"])
    assert search_items([cohort, rate, revenue], ["win rate"]) == [rate, cohort]
    assert search_items([cohort, rate, revenue], ["Bookings"]) == [revenue]
