"""Questions in words become options."""

from __future__ import annotations

import pytest

from metrics_store.cli.requests.spoken_question import spelled_out
from metrics_store.errors import MetricsStoreError


@pytest.mark.parametrize(
    ("said", "options"),
    [
        (
            ["win_rate", "by", "industry", "--last", "4", "quarters"],
            ["win_rate", "--by", "industry", "--in", "last 4 quarters"],
        ),
        (
            ["a", "by", "team,", "month", "last", "2", "fiscal", "quarters", "--total"],
            ["a", "--by", "team,month", "--in", "last 2 fiscal quarters", "--total"],
        ),
        (["a", "--this", "quarter", "b"], ["a", "--in", "this quarter", "b"]),
        (["a", "--last", "quarter"], ["a", "--in", "last quarter"]),
        (["a", "--last", "4", "--plot"], ["a", "--in", "last 4", "--plot"]),
        (["a", "in", "2024-Q1", "to", "2024-Q3"], ["a", "--in", "2024-Q1 to 2024-Q3"]),
        (["a", "since", "2024-Q1"], ["a", "--in", "since 2024-Q1"]),
        (["a", "where", "b = 1"], ["a", "--where", "b = 1"]),
        # What stands behind an option is its value.
        (["--metrics", "last", "--by", "in"], ["--metrics", "last", "--by", "in"]),
        (["--total", "by", "x"], ["--total", "--by", "x"]),
        (["--", "by", "last"], ["--", "by", "last"]),
    ],
)
def test_words_become_options(said: list[str], options: list[str]) -> None:
    assert spelled_out(said) == options


@pytest.mark.parametrize("rest", [["=", "Retail"], ["IN", "(1)"], ["is", "null", "by", "month"]])
def test_a_filter_without_quotes_is_told(rest: list[str]) -> None:
    with pytest.raises(MetricsStoreError, match="come apart") as refused:
        spelled_out(["a", "where", "industry", *rest])
    assert f'where "industry {rest[0]} ' in refused.value.remedy
