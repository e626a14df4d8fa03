"""Groups in the order of a process."""

from __future__ import annotations

import pyarrow as pa

from metrics_store.query.output.sorted_groups import in_order

ANSWER = pa.table(
    {
        "month": [1, 1, 1, 1, 2, 2],
        "stage": ["Closing", "New", "Offer", None, "Closing", "New"],
        "team": ["a", "a", "b", "a", "b", "b"],
        "deals": [1, 2, 3, 4, 5, 6],
    }
)


def test_groups_stand_by_rank_within_those_before() -> None:
    ranks = {"stage": {"New": 1, "Closing": 9, "Offer": 2}}
    found = in_order(ANSWER, ranks)
    assert found.column("deals").to_pylist() == [2, 3, 1, 4, 6, 5]
    assert found.schema == ANSWER.schema


def test_what_has_no_rank_comes_last_as_it_was() -> None:
    found = in_order(ANSWER, {"stage": {"Offer": 1, "Closing": None}})
    assert found.column("deals").to_pylist() == [3, 1, 2, 4, 5, 6]


def test_equal_ranks_and_other_columns_leave_the_order_alone() -> None:
    assert in_order(ANSWER, {}) is ANSWER
    assert in_order(ANSWER, {"stage": {"New": 3, "Closing": 3, "Offer": 3}}) == ANSWER
    rows = pa.table({"team": ["b", "a"], "deals": [1, 2]})
    assert in_order(rows, {"team": {"a": 0, "b": 1}}).column("deals").to_pylist() == [2, 1]
