"""Answers as charts: lines over time, bars over the rest, words where nothing can be drawn."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.output.column_units import with_units
from metrics_store.query.output.terminal_chart import ChartStyle, as_chart

MONTHS = [dt.datetime(2024, month, 1) for month in (1, 2, 3)]


def _answer(columns: dict[str, list[object]], **units: str) -> pa.Table:
    return with_units(pa.table(columns), units)


def test_lines_over_time() -> None:
    answer = _answer({"month": MONTHS, "revenue": [10.0, None, 30.0]}, revenue="euro")
    chart = as_chart(answer, 80)
    assert chart.splitlines()[0] == "revenue (euro)"
    assert "31.5" in chart
    assert "0.00" in chart
    assert "Legend" not in chart
    assert max(map(len, chart.splitlines())) <= 80


def test_a_line_for_each_group_and_a_chart_for_each_metric() -> None:
    answer = _answer(
        {
            "month": [*MONTHS, *MONTHS],
            "region": ["north"] * 3 + [None] * 3,
            "revenue": [1.0, 2.0, 3.0, -3.0, -2.0, -1.0],
            "orders": [1, 2, 3, 4, 5, 6],
        },
        revenue="",
        orders="",
    )
    chart = as_chart(answer, 80)
    revenue, orders = chart.split("orders\n")
    assert revenue.startswith("revenue\n")
    for part in (revenue, orders):
        assert "north" in part
        assert "x⠤ (none)" in part
    assert "-3" in revenue


def test_bars_are_as_long_as_their_values() -> None:
    answer = _answer({"region": ["north", "south", "é"], "revenue": [10, 5, None]}, revenue="")
    north, south, none = as_chart(answer, 40).splitlines()[1:]
    assert north.count("█") == 2 * south.count("█") > 10
    assert north.endswith(" 10")
    assert "█" not in none


def test_the_greatest_bar_comes_first_unless_the_rows_have_an_order() -> None:
    answer = _answer({"region": ["north", "south", None], "revenue": [5, 1, 10]}, revenue="")
    bars = as_chart(answer, 40, ChartStyle(keeps_order=False)).splitlines()[1:]
    assert [bar.split()[0] for bar in bars] == ["(none)", "north", "south"]
    bars = as_chart(answer, 40).splitlines()[1:]
    assert [bar.split()[0] for bar in bars] == ["north", "south", "(none)"]


def test_the_axis_has_each_period_once_and_ratios_in_percent() -> None:
    quarters = [dt.datetime(2024, month, 1) for month in (1, 4, 7, 10)]
    answer = _answer({"metric_time__quarter": quarters, "rate": [0.1, 0.2, 0.3, 0.2]}, rate="ratio")
    drawn = as_chart(answer, 100)
    axis = drawn.splitlines()[-1].split()
    assert axis[:1] == ["|"]
    assert axis[1:] == ["2024-Q1", "2024-Q2", "2024-Q3"]
    assert "31.5 %" in drawn


def test_the_smallest_lines_are_one_where_they_add_up() -> None:
    shops = [f"shop {number}" for number in range(1, 11)]
    answer = _answer(
        {
            "month": [month for month in MONTHS for _ in shops],
            "shop": shops * 3,
            "revenue": [float(number) for _ in MONTHS for number in range(1, 11)],
        },
        revenue="euro",
    )
    drawn = as_chart(answer, 80, ChartStyle(adds_up=lambda _: True))
    legend = [
        line.split(" ", 1)[1] for line in drawn.splitlines() if "⠤ " in line and "|" not in line
    ]
    assert legend == [*(f"shop {number}" for number in range(10, 3, -1)), "other (3)"]
    with pytest.raises(MetricsStoreError, match="do not add up"):
        as_chart(answer, 80)


def test_one_row_is_a_bar() -> None:
    answer = _answer({"month": MONTHS[:1], "revenue": [4.0]}, revenue="")
    assert as_chart(answer, 40).splitlines()[1].startswith("2024-01 █")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_answer({"revenue": []}, revenue=""), "nothing to draw"),
        (_answer({"region": ["north"]}), "nothing to draw"),
        (_answer({"month": MONTHS, "revenue": [None] * 3}, revenue=""), "nothing to draw"),
        (
            _answer({"month": MONTHS * 9, "shelf": list(range(27)), "n": list(range(27))}, n=""),
            "27 lines",
        ),
    ],
)
def test_nothing_to_draw(answer: pa.Table, words: str) -> None:
    with pytest.raises(MetricsStoreError, match=words):
        as_chart(answer, 80)
