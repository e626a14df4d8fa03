"""What is proposed in the place of a name that there is none of."""

from __future__ import annotations

import pytest

from metrics_store.query.resolution.unknown_names import unknown_name

KNOWN = [
    "account__industry",
    "metric_time__month",
    "opportunity__opportunity_name",
    "opportunity__stage_name",
    "owner__owner_name",
    "win_rate",
]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("opportunity__owner_name", "owner__owner_name"),
        ("industry", "account__industry"),
        ("month", "metric_time__month"),
        ("Win_Rate", "win_rate"),
        ("win_rat", "win_rate"),
        ("opportunity__stage_nam", "opportunity__stage_name"),
    ],
)
def test_the_name_that_ends_alike_is_proposed_first(name: str, first: str) -> None:
    expected = unknown_name("there is no such name", name, KNOWN, "").expected
    assert expected.removeprefix("perhaps ").split(" or ")[0] == first


def test_nothing_is_proposed_where_nothing_is_near() -> None:
    assert unknown_name("there is no such name", "xyz", KNOWN, "").expected == ""
