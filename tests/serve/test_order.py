from __future__ import annotations

import pytest

from metrics_store.serve.order import ordered_by

GRAINS = {"day", "month", "fiscal_year"}


@pytest.mark.parametrize(
    ("name", "group_by", "ordered"),
    [
        ("metric_time", ["metric_time__month"], "metric_time__month"),
        ("metric_time", ["metric_time__fiscal_year"], "metric_time__fiscal_year"),
        ("metric_time", ["metric_time__extract_month"], "metric_time__extract_month"),
        ("order__since", ["order__since__day", "x"], "order__since__day"),
        ("metric_time", ["metric_time", "metric_time__month"], "metric_time"),
        # Which of the two is meant is not said, so that the engine refuses it.
        ("metric_time", ["metric_time__day", "metric_time__month"], "metric_time"),
        ("order", ["order__status"], "order"),
        ("visit__customer", ["visit__customer__region"], "visit__customer"),
        ("revenue", ["metric_time__month"], "revenue"),
    ],
)
def test_a_time_is_ordered_by_as_it_is_grouped_by(
    name: str, group_by: list[str], ordered: str
) -> None:
    assert ordered_by(name, group_by, GRAINS, descending=False) == ordered
    assert ordered_by(name, group_by, GRAINS, descending=True) == f"-{ordered}"
