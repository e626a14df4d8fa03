"""Periods as people say and write them."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.spans.period_parser import parse_period


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("last 4 quarters", "last 4 quarters"),
        ("Last quarter", "last quarter"),
        ("this  month", "this month"),
        ("next 30 days", "next 30 days"),
        ("last 2 fiscal quarters", "last 2 fiscal quarters"),
        ("2024", "2024"),
        ("2024-q4", "2024-Q4"),
        ("2024Q4", "2024-Q4"),
        ("2024-03", "2024-03"),
        ("2024-W07", "2024-W07"),
        ("2024-02-29", "2024-02-29"),
        ("FY2024-Q3", "FY2024-Q3"),
        ("fy 2024", "FY2024"),
        ("2024-Q1 to 2024-Q3", "2024-Q1 to 2024-Q3"),
        ("from 2024-01-15 to 2024-03", "2024-01-15 to 2024-03"),
        ("since 2024-Q1", "from 2024-Q1"),
        ("until FY2024-Q3", "until FY2024-Q3"),
    ],
)
def test_what_is_understood(said: str, understood: str) -> None:
    assert str(parse_period(said)) == understood


@pytest.mark.parametrize(
    "said",
    [
        *("", "yesterday", "last", "last 0 days", "last -1 days", "this 2 quarters", "2024-Q5"),
        *(
            "2024-13",
            "2024-W54",
            "2024-02-30",
            "FY2024-03",
            "24-Q1",
            "2024-Q1 to",
            "from",
            "1 to 2",
        ),
    ],
)
def test_what_is_no_period(said: str) -> None:
    with pytest.raises(MetricsStoreError, match="no such period") as error:
        parse_period(said)
    assert "last 4 quarters" in error.value.expected
