"""Charts of answers, and the numbers at their axes."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from metrics_store.catalogue.site.charts.line_chart import HEIGHT, WIDTH
from metrics_store.catalogue.site.charts.metric_chart import draw
from metrics_store.catalogue.site.charts.number_formats import MISSING, format_value, short, ticks

MONTHS = [dt.date(2024, month, 1) for month in range(1, 7)]
_FINITE = st.floats(-1e12, 1e12, allow_nan=False)


@given(_FINITE, _FINITE)
def test_ticks_hold_what_lies_between(one: float, other: float) -> None:
    low, high = sorted((one, other))
    marks = ticks(low, high)
    span = max(high - low, abs(low), 1e-300)
    assert marks[0] <= low + 1e-6 * span
    assert marks[-1] >= high - 1e-6 * span
    assert 2 <= len(marks) <= 7


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, MISSING),
        (1234567, "1,234,567"),
        (Decimal("1234.50"), "1,234.50"),
        (0.123456, "0.1235"),
        (3.0, "3"),
        (float("nan"), MISSING),
        (True, "yes"),
        (dt.datetime(2024, 1, 31), "2024-01-31"),
    ],
)
def test_values_as_people_read_them(value: object, text: str) -> None:
    assert format_value(value) == text


def test_short_numbers() -> None:
    assert [short(one) for one in (0, 0.25, 999, 2500, 1.5e6, -3e9)] == [
        *("0", "0.25", "999", "2.5k", "1.5M", "-3B")
    ]


def test_a_line_breaks_where_a_value_is_missing_and_ends_with_the_last_one() -> None:
    values = [None, 10.0, 20.0, None, 5.0, None]
    chart = draw(pa.table({"metric_time__month": MONTHS[::-1], "m": values[::-1]}), "m")
    assert chart is not None
    assert chart.lines is not None
    [series] = chart.lines.series
    assert len(series.paths) == 2
    assert [point.title for point in series.points] == [
        *("2024-02: 10", "2024-03: 20", "2024-05: 5")
    ]
    assert [tick.label for tick in chart.lines.periods] == [
        "2024-02",
        "2024-03",
        "2024-04",
        "2024-05",
    ]
    assert chart.lines.newest == ("2024-05", "5")
    assert [mark.label for mark in chart.lines.ups] == ["0", "5", "10", "15", "20"]
    first, second, _ = series.points
    assert (first.x, first.y) == (WIDTH / 8, HEIGHT / 2)
    assert second.y == 0


def test_below_zero_is_below_the_line_of_zero() -> None:
    chart = draw(pa.table({"metric_time": MONTHS[:2], "m": [-1.0, 1.0]}), "m")
    assert chart is not None
    assert chart.lines is not None
    assert chart.lines.zero == HEIGHT / 2
    assert [point.y for point in chart.lines.series[0].points] == [HEIGHT, 0]


def test_bars_begin_at_zero() -> None:
    chart = draw(pa.table({"kind": ["a", None, "c"], "m": [30, -10, None]}), "m")
    assert chart is not None
    assert [(bar.name, bar.left, bar.length, bar.value) for bar in chart.bars] == [
        ("a", 25.0, 75.0, "30"),
        (MISSING, 0.0, 25.0, "-10"),
        ("c", 25.0, 0.0, MISSING),
    ]


def test_too_many_lines_become_bars() -> None:
    kinds = [f"k{number}" for number in range(9)]
    table = pa.table({"t": [MONTHS[0]] * 9, "kind": kinds, "m": list(range(9))})
    chart = draw(table, "m")
    assert chart is not None
    assert len(chart.bars) == 9


@pytest.mark.parametrize("values", [[None, None], [math.nan, math.inf]])
def test_nothing_to_draw(values: list[float | None]) -> None:
    assert draw(pa.table({"t": MONTHS[:2], "m": pa.array(values, pa.float64())}), "m") is None
    assert draw(pa.table({"t": MONTHS[:2], "m": ["text", "too"]}), "m") is None
