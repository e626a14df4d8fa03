"""Forecasts of a short history, worked out by hand."""

from __future__ import annotations

from datetime import date
from statistics import stdev
from typing import TYPE_CHECKING

import pytest

from oracle.pipeline.forecasting import forecast_quality, forecast_risk
from oracle.pipeline.mini import oracle_of, with_history
from oracle.pipeline.reductions import holds

if TYPE_CHECKING:
    from oracle.pipeline import PipelineOracle
    from oracle.reading import Row

BY = ["month"]


def won(month: date, amount: float, created: str = "2023-01-01") -> list[list[Row]]:
    """Created with a close date far ahead, won on the tenth of a month."""
    day = month.replace(day=10).isoformat()
    columns: dict[str, object] = {"amount": str(amount), "close_date": day}
    far = {**columns, "close_date": "2030-01-01"}
    name = f"{day} {amount}"
    return with_history(name, (created, far), (day, {**columns, "stage_name": "Closed Won"}))


def months(year: int, first: int, last: int) -> list[date]:
    return [date(year, number, 1) for number in range(first, last + 1)]


def short(*deals: list[list[Row]], source_dt: date = date(2023, 5, 20)) -> PipelineOracle:
    """January 100, February none, March 80, April 200, and May so far 40."""
    amounts = {1: 100, 3: 80, 4: 200, 5: 40}
    wins = [won(date(2023, month, 1), amount) for month, amount in amounts.items()]
    return oracle_of(*wins, *deals, source_dt=source_dt)


def test_trend_is_clipped_and_grows_on_from_the_last_full_month() -> None:
    trend = short().value("forecast_trend", BY)
    # From April and March: +150 %, clipped to +50 %. Known in April: 80 after a month without.
    assert [trend[month,] for month in months(2023, 1, 8)] == [
        None,
        None,
        0.5 * 0,
        None,
        300,
        450,
        675,
        1012.5,
    ]


def test_rolling_takes_three_full_months_a_month_without_wins_is_0() -> None:
    rolling = short().value("forecast_rolling", BY)
    expected = [None, None, None, 60, pytest.approx(280 / 3)]
    assert [rolling[month,] for month in months(2023, 1, 5)] == expected
    assert rolling[date(2023, 8, 1),] == rolling[date(2023, 5, 1),]


def test_pipeline_is_the_weighted_open_amount_due_in_the_month_at_the_origin() -> None:
    deal = with_history(
        "open",
        ("2023-03-01", {"close_date": "2023-06-20", "amount": "1000"}),
        ("2023-04-30T23:00:00", {"close_date": "2023-06-20", "amount": "2000"}),
        ("2023-05-01", {"close_date": "2023-05-20", "amount": "5000"}),  # after the origin
    )
    pipeline = short(deal).value("forecast_pipeline", BY)
    assert [pipeline[month,] for month in months(2023, 1, 8)] == [None, 0, 0, 0, 0, 200, 0, 0]


def test_combined_renormalises_and_the_error_is_forecast_less_actual() -> None:
    oracle = short()
    combined = oracle.value("forecast_combined", BY)
    # April: rolling 60 (0.3) and pipeline 0 (0.2), no trend. May: 300, 280 / 3, 0 over 0.8.
    assert combined[date(2023, 4, 1),] == pytest.approx(0.3 * 60 / 0.5)
    assert combined[date(2023, 5, 1),] == pytest.approx(0.3 * (300 + 280 / 3) / 0.8)
    assert combined[date(2023, 1, 1),] is None
    errors = oracle.value("forecast_error", ["month", "model"])
    april = date(2023, 4, 1)
    assert errors[april, "rolling"] == 60 - 200
    assert errors[april, "combined"] == pytest.approx(36 - 200)
    assert (april, "trend") not in errors
    assert (date(2023, 5, 1), "rolling") not in errors  # the running month
    # Pipeline says 0 each month: -0 (February), -80, -200; the share leaves out February.
    assert oracle.value("forecast_bias", ["model"])["pipeline",] == pytest.approx(-280 / 3)
    assert oracle.value("forecast_mape", ["model"])["pipeline",] == 1


def test_a_month_is_over_on_its_last_day() -> None:
    errors = short(source_dt=date(2023, 5, 31)).value("forecast_error", ["month", "model"])
    assert errors[date(2023, 5, 1), "pipeline"] == -40


def test_nothing_later_changes_a_forecast() -> None:
    models = ["trend", "rolling", "seasonal", "pipeline", "combined"]
    late = [
        won(date(2023, 4, 1), 999, created="2023-05-10"),  # won in April, known from May
        with_history(
            "lost again",
            ("2023-01-01", {"close_date": "2023-04-05", "stage_name": "Closed Won"}),
            ("2023-05-02", {"close_date": "2023-04-05", "stage_name": "Closed Lost"}),
        ),
    ]
    before = short(late[1], source_dt=date(2023, 4, 30))
    after = short(*late, source_dt=date(2023, 5, 20))
    for model in models:
        known = {
            (month,): before.value(f"forecast_{model}", BY)[month,] for month in months(2023, 1, 4)
        }
        assert known == {key: after.value(f"forecast_{model}", BY)[key] for key in known}
    # April as it was known on the first of May: 200 and the 100 that were lost on the second.
    assert after.value("forecast_rolling", BY)[date(2023, 5, 1),] == pytest.approx(380 / 3)


def test_seasonal_is_the_mean_of_the_calendar_month_in_full_years() -> None:
    wins = [won(date(2022, 3, 1), 30, "2021-06-01"), won(date(2023, 3, 1), 50, "2021-06-01")]
    wins.append(won(date(2021, 7, 1), 70, "2021-06-01"))
    wins.append(won(date(2023, 1, 1), 90, "2021-06-01"))
    oracle = oracle_of(*wins, source_dt=date(2024, 2, 10))
    seasonal = oracle.value("forecast_seasonal", BY)
    assert seasonal[date(2024, 3, 1),] == 40
    assert seasonal[date(2023, 3, 1),] == 30
    assert seasonal[date(2022, 7, 1),] is None  # 2021 was not full
    ahead = oracle_of(*wins, source_dt=date(2023, 11, 10)).value("forecast_seasonal", BY)
    assert ahead[date(2024, 1, 1),] == 0  # nor is 2023 at the first of November


def test_intervals_need_six_errors() -> None:
    wins = [won(date(2023, number, 1), 100 * number) for number in range(1, 9)]
    oracle = oracle_of(*wins, source_dt=date(2023, 9, 10))
    combined = oracle.value("forecast_combined", BY)
    lower, upper = oracle.value("forecast_lower_95", BY), oracle.value("forecast_upper_99", BY)
    # The first forecast is February's, so that July's origin knows five errors, August's six.
    assert lower[date(2023, 7, 1),] is None
    errors = []
    for month in months(2023, 2, 7):
        value = combined[month,]
        assert value is not None
        errors.append(value - 100 * month.month)
    middle = combined[date(2023, 8, 1),]
    assert middle is not None
    assert lower[date(2023, 8, 1),] == pytest.approx(middle - 1.96 * stdev(errors))
    assert upper[date(2023, 8, 1),] == pytest.approx(middle + 2.58 * stdev(errors))
    assert upper[date(2023, 12, 1),] is not None


def test_forecasts_are_org_wide_and_monthly() -> None:
    with pytest.raises(ValueError, match="org-wide"):
        short().value("forecast_combined", ["quarter"])
    with pytest.raises(ValueError, match="org-wide"):
        short().value("forecast_combined", ["month"], holds("is_won"))


def test_quality_and_risk_edges() -> None:
    assert [forecast_quality(100 + error, 100) for error in (-10, 20, 30, 31)] == [
        "Excellent",
        "Good",
        "Fair",
        "Poor",
    ]
    assert forecast_quality(100, 0) == forecast_quality(0, 100) == "Unknown"
    assert [forecast_risk(100, width) for width in (51, 50, 30)] == ["High", "Medium", "Low"]
    assert forecast_risk(-1, 5) == "Unknown"
