"""Charts of answers, and the numbers at their axes."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from metrics_store.catalogue.site.charts.chart_parts import ChartParts, Counts, Interval
from metrics_store.catalogue.site.charts.line_chart import HEIGHT, WIDTH
from metrics_store.catalogue.site.charts.metric_chart import Chart, draw
from metrics_store.catalogue.site.charts.number_formats import percent, short, ticks
from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
from metrics_store.query.output.column_units import with_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.catalogue.site.charts.bar_chart import Bar
    from metrics_store.catalogue.site.charts.line_chart import Lines

MONTHS = [dt.date(2024, month, 1) for month in range(1, 7)]
_FINITE = st.floats(-1e12, 1e12, allow_nan=False)


def _chart(
    columns: Mapping[str, object], parts: ChartParts | None = None, **units: str
) -> Chart | None:
    table = with_units(pa.table(columns), {"m": "", **units}, {"currency": "USD"})
    return draw(ReadableAnswer(table), "m", parts or ChartParts())


def _lines(columns: Mapping[str, object], parts: ChartParts | None = None, **units: str) -> Lines:
    chart = _chart(columns, parts, **units)
    assert chart is not None
    assert chart.lines is not None
    return chart.lines


def _bars(
    columns: Mapping[str, object], parts: ChartParts | None = None, **units: str
) -> tuple[Bar, ...]:
    chart = _chart(columns, parts, **units)
    assert chart is not None
    assert chart.bars is not None
    return chart.bars.shown


@given(_FINITE, _FINITE)
def test_ticks_hold_what_lies_between(one: float, other: float) -> None:
    low, high = sorted((one, other))
    marks = ticks(low, high)
    span = max(high - low, abs(low), 1e-300)
    assert marks[0] <= low + 1e-6 * span
    assert marks[-1] >= high - 1e-6 * span
    assert 2 <= len(marks) <= 7


def test_short_numbers() -> None:
    assert [short(one) for one in (0, 0.25, 999, 2500, 1.5e6, -3e9)] == [
        *("0", "0.25", "999", "2.5k", "1.5M", "-3B")
    ]
    assert [percent(one) for one in (0.0, 0.25, -1.5)] == ["0 %", "25 %", "-150 %"]


def test_values_are_read_as_people_write_them() -> None:
    table = with_units(
        pa.table(
            {
                "metric_time__quarter": [dt.date(2024, 10, 1)],
                "metric_time__fiscal_quarter": [dt.date(2024, 11, 1)],
                "account__is_new": [True],
                "account__industry": pa.array([None], pa.string()),
                "won": [1234567.0],
                "rate": [0.2434],
            }
        ),
        {"won": "currency", "rate": "ratio"},
        {"currency": "USD"},
    )
    answer = ReadableAnswer(table, {"fiscal_quarter": {dt.date(2024, 11, 1): "FY2025-Q1"}})
    assert [answer.texts(name)[0] for name in table.column_names] == [
        *("2024-Q4", "FY2025-Q1", "yes", "(none)", "1,234,567", "24.3 %")
    ]
    assert [answer.unit(name) for name in ("won", "rate")] == ["USD", ""]
    assert answer.heads[2:4] == ["is_new", "industry"]


def test_a_line_breaks_where_a_value_is_missing_and_ends_with_the_last_one() -> None:
    values = [None, 10.0, 20.0, None, 5.0, None]
    lines = _lines({"metric_time__month": MONTHS[::-1], "m": values[::-1]})
    [series] = lines.series
    assert len(series.paths) == 2
    assert [words for _, _, words in lines.columns] == [
        *("2024-02\n10", "2024-03\n20", "2024-04\n\u2013", "2024-05\n5")
    ]
    assert [tick.label for tick in lines.periods] == ["2024-02", "2024-03", "2024-04", "2024-05"]
    assert [mark.label for mark in lines.ups] == ["0", "5", "10", "15", "20"]
    first, second, _ = series.points
    assert (first.x, first.y) == (WIDTH / 8, HEIGHT / 2)
    assert second.y == 0


def test_shares_are_percent_at_the_axis_and_in_the_words() -> None:
    lines = _lines({"metric_time__month": MONTHS[:2], "m": [0.5, 1.0]}, m="ratio")
    assert [mark.label for mark in lines.ups] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert lines.columns[0][2] == "2024-01\n50.0 %"


def test_below_zero_is_below_the_line_of_zero() -> None:
    lines = _lines({"metric_time__day": MONTHS[:2], "m": [-1.0, 1.0]})
    assert lines.zero == HEIGHT / 2
    assert [point.y for point in lines.series[0].points] == [HEIGHT, 0]


def test_few_rows_are_marked_and_do_not_stretch_the_axis() -> None:
    counts = Counts({(MONTHS[0],): 40, (MONTHS[1],): 2, (MONTHS[2],): 10}, "deals")
    lines = _lines(
        {"metric_time__month": MONTHS[:3], "m": [0.2, 9.0, 0.4]},
        ChartParts(counts=counts),
        m="ratio",
    )
    points = lines.series[0].points
    assert [(point.is_faint, point.beyond) for point in points] == [
        *((False, ""), (True, "\u25b2"), (False, ""))
    ]
    assert lines.ups[-1].label == "40 %"
    assert points[1].y == 0
    assert lines.columns[1][2] == "2024-02\n900.0 % (only 2 deals)"
    assert (lines.has_faint, lines.has_beyond) == (True, True)


def test_a_period_that_is_not_over_says_so() -> None:
    lines = _lines(
        {"metric_time__month": MONTHS[:2], "m": [1, 2]}, ChartParts(last_period=MONTHS[0])
    )
    assert [words for *_, words in lines.columns] == ["2024-01\n1", "2024-02\n2 (not over yet)"]


def test_a_forecast_stands_beside_what_came_of_it_and_in_its_interval() -> None:
    parts = ChartParts(
        labels={"m": "Forecast", "actual": "Won"},
        forecast_of="actual",
        intervals=(Interval("95 %", "low", "high"),),
        last_period=MONTHS[1],
        reference=dt.date(2024, 2, 29),
    )
    lines = _lines(
        {
            "metric_time__month": MONTHS[:4],
            "m": [10.0, 20.0, 30.0, 40.0],
            "actual": [12.0, 18.0, None, None],
            "low": [None, 10.0, 20.0, None],
            "high": [None, 30.0, 80.0, None],
        },
        parts,
        actual="",
        low="",
        high="",
    )
    assert [series.name for series in lines.series] == ["Forecast", "Won"]
    assert [len(series.points) for series in lines.series] == [4, 2]
    assert lines.future == WIDTH / 2
    [band] = lines.bands
    # From the upper bounds of February and March back over their lower ones; 80 is the top.
    assert band.paths == ("M375 187.5L625 0L625 225L375 262.5Z",)
    assert lines.columns[1][2] == "2024-02\nForecast: 20\nWon: 18\n95 %: 10 to 30"
    assert lines.is_of_one


def test_bars_begin_at_zero_and_the_greatest_comes_first() -> None:
    bars = _bars({"kind": ["c", "a", None], "m": [None, 30, -10]})
    assert [(bar.name, bar.left, bar.length, bar.value) for bar in bars] == [
        ("a", 25.0, 75.0, "30"),
        ("(none)", 0.0, 25.0, "-10"),
        ("c", 25.0, 0.0, "\u2013"),
    ]


def test_bars_stand_in_the_order_of_their_values() -> None:
    columns = {"kind": ["won", "new", "lost"], "m": [3, 1, 2]}
    ranks = {"kind": {"new": 1, "won": 2}}
    assert [bar.name for bar in _bars(columns, ChartParts(ranks=ranks))] == ["new", "won", "lost"]
    asked = ChartParts(ranks=ranks, keeps_order=True)
    assert [bar.name for bar in _bars(columns, asked)] == ["won", "new", "lost"]


def test_bars_of_few_rows_say_so() -> None:
    parts = ChartParts(counts=Counts({("a",): 9, ("b",): 10}))
    bars = _bars({"kind": ["a", "b"], "m": [1, 2]}, parts)
    assert [(bar.name, bar.remark) for bar in bars] == [("b", ""), ("a", "only 9 rows")]


def test_too_many_lines_become_bars_of_the_last_period_that_is_over() -> None:
    kinds = [f"k{number}" for number in range(9)]
    columns = {
        "metric_time__month": [*MONTHS[:1] * 9, *MONTHS[1:2] * 9],
        "kind": kinds * 2,
        "m": list(range(18)),
    }
    chart = _chart(columns, ChartParts(last_period=MONTHS[0]))
    assert chart is not None
    assert chart.bars is not None
    assert (chart.period, chart.bars.by) == ("2024-01", "kind")
    assert [bar.value for bar in chart.bars.shown] == [str(one) for one in range(8, -1, -1)]


@pytest.mark.parametrize("values", [[None, None], [math.nan, math.inf]])
def test_nothing_to_draw(values: list[float | None]) -> None:
    months = {"metric_time__month": MONTHS[:2]}
    assert _chart({**months, "m": pa.array(values, pa.float64())}) is None
    assert _chart({**months, "m": ["text", "too"]}) is None


def test_dots_stay_away_where_they_would_run_together() -> None:
    days = [MONTHS[0] + dt.timedelta(days=number) for number in range(61)]
    many = _lines({"metric_time__day": days, "m": list(range(61))})
    few = _lines({"metric_time__day": days[1:], "m": list(range(60))})
    assert (many.has_room_for_dots, few.has_room_for_dots) == (False, True)
