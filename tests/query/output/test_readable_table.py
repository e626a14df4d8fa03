"""Answers as tables for people."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from metrics_store.query.output.column_units import with_units
from metrics_store.query.output.readable_table import as_readable_table, short_heads
from metrics_store.query.output.value_texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QUARTER = "metric_time__quarter"


def _answer(columns: Mapping[str, Sequence[object]], **units: str) -> pa.Table:
    return with_units(pa.table({name: list(values) for name, values in columns.items()}), units)


ANSWER = _answer(
    {
        QUARTER: [dt.datetime(2024, 10, 1), dt.datetime(2025, 1, 1)],
        "owner__team": ["EMEA", None],
        "revenue": [Decimal("1234567.89"), Decimal("0.40")],
        "win_rate": [0.2434, None],
    },
    revenue="currency",
    win_rate="ratio",
)


def test_heads_are_short_and_values_in_their_units() -> None:
    assert as_readable_table(ANSWER, 80).splitlines() == [
        "quarter  team      revenue  win_rate",
        "                  currency",
        "2024-Q4  EMEA    1,234,568    24.3 %",
        "2025-Q1  (none)          0         \u2013",
    ]


def test_what_does_not_fit_stands_in_blocks_below() -> None:
    blocks = as_readable_table(ANSWER, 30).split("\n\n")
    assert [block.splitlines()[0].split() for block in blocks] == [
        ["quarter", "team", "revenue"],
        ["quarter", "team", "win_rate"],
    ]
    assert max(len(line) for block in blocks for line in block.splitlines()) <= 30


def test_the_total_is_what_was_answered_and_no_sum() -> None:
    total = _answer(
        {"revenue": [Decimal(7)], "win_rate": [0.5]}, revenue="currency", win_rate="ratio"
    )
    *_, line, last = as_readable_table(ANSWER, 80, total).splitlines()
    assert (set(line), last.split()) == ({"─"}, ["total", "7", "50.0", "%"])


def test_an_answer_without_rows_keeps_its_heads() -> None:
    assert as_readable_table(ANSWER.slice(0, 0), 80).splitlines()[0].split() == [
        "quarter",
        "team",
        "revenue",
        "win_rate",
    ]


def test_names_that_end_alike_stay_whole() -> None:
    day = dt.date(2024, 1, 1)
    answer = _answer(
        {"owner__name": ["a"], "account__name": ["b"], "deal__closed__month": [day], "n": [1]}, n=""
    )
    assert short_heads(answer.schema) == ["owner__name", "account__name", "closed__month", "n"]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("a__year", dt.datetime(2024, 1, 1), "2024"),
        ("a__month", dt.date(2024, 12, 1), "2024-12"),
        ("a__week", dt.datetime(2024, 12, 2), "2024-12-02"),
        ("a__quarter", dt.datetime(2024, 2, 1), "2024-02-01"),
        ("a__hour", dt.datetime(2024, 12, 2, 14), "2024-12-02 14:00:00"),
        ("a__extract_year", 2024, "2024"),
    ],
)
def test_times_are_shown_as_their_period(name: str, value: object, text: str) -> None:
    answer = _answer({name: [value]})
    assert texts_of(answer.schema.field(0), [value]) == [text]


@pytest.mark.parametrize(
    ("unit", "values", "texts"),
    [
        ("currency", [12.5, 999], ["12.50", "999.00"]),
        ("currency", [-0.3, 1234.0], ["0", "1,234"]),
        ("deals", [12345, 1], ["12,345", "1"]),
        ("days", [30.5, 42.0], ["30.5", "42.0"]),
        ("ratio", [0.00041, -0.00001, 12.5], ["0.04 %", "-0.001 %", "1,250.0 %"]),
        ("ratio", [float("nan"), 0.0], ["\u2013", "0.0 %"]),
        ("", [0.12345, 0.5], ["0.1235", "0.5000"]),
    ],
)
def test_numbers_are_shown_in_their_unit(
    unit: str, values: Sequence[float], texts: Sequence[str]
) -> None:
    answer = _answer({"m": values}, m=unit)
    assert texts_of(answer.schema.field(0), values) == list(texts)


def test_long_texts_of_groups_are_cut_off_where_a_line_would_wrap() -> None:
    name = "A company with a name that goes on and on"
    answer = _answer(
        {"account": [name, "B\u00fcro \u6771\u4eac"], "revenue": [1234567, 5]}, revenue="currency"
    )
    assert as_readable_table(answer, 60).splitlines()[2] == f"{name}  1,234,567"
    lines = as_readable_table(answer, 40).splitlines()
    assert lines[2] == "A company with a name that g…  1,234,567"
    assert lines[3] == "B\u00fcro \u6771\u4eac                              5"
    # A few letters are left, whatever the terminal.
    assert as_readable_table(answer, 10).splitlines()[2].startswith("A company with …")
