"""The forecast reports say what MetricFlow and the oracle say, row by row, on both engines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from definitions.reporting import Row, answers, ask_reports, keyed, month_label, report, unlike
from metrics_store.demo.demo_calendar import LAST_DAY
from oracle.pipeline.forecasting import MODELS, WIDTHS, forecast_quality, forecast_risk

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

MONTH, MODEL = "metric_time__month", "forecast__model"
COLUMNS = {
    "actual_revenue": "forecast_actual",
    **{f"{model}_forecast": f"forecast_{model}" for model in MODELS},
    **{f"lower_{level}": f"forecast_lower_{level}" for level in WIDTHS},
    **{f"upper_{level}": f"forecast_upper_{level}" for level in WIDTHS},
    "forecast_error": "forecast_error",
}
COLUMNS_OF_MODELS = {
    "forecast": "forecast_amount",
    "actual_revenue": "forecast_actual",
    "forecast_error": "forecast_error",
    "absolute_error_share": "forecast_mape",
}


def _of_month(month: date, values: Row) -> Row:
    """The row of a month, with its labels."""
    combined, upper = values["combined_forecast"], values["upper_95"]
    width = None if combined is None or upper is None else upper - combined
    return {
        "month": month,
        "month_label": month_label(month),
        **values,
        "forecast_quality": forecast_quality(combined, values["actual_revenue"]),
        "forecast_risk": forecast_risk(combined, width),
    }


def _of_model(month: date, model: str, values: Row) -> Row:
    """The row of a month and model, with its labels."""
    return {
        "month": month,
        "month_label": month_label(month),
        "model": model,
        **values,
        "forecast_quality": forecast_quality(values["forecast"], values["actual_revenue"]),
    }


def _actuals(oracle: PipelineOracle) -> dict[date, float | None]:
    """Won revenue of every month with a forecast; a month that is not over has none."""
    won = oracle.value("won_revenue", ("month",))
    return {
        month: (won.get((month,)) or 0.0) if month <= LAST_DAY else None
        for (month,) in oracle.value("forecast_combined", ("month",))
        if isinstance(month, date)
    }


@BOTH
def test_months_equal_metricflow(engine: str, demo_project: BuiltProject) -> None:
    rows = answers(demo_project, engine, list(COLUMNS.values()), [MONTH])
    expected = [
        _of_month(row[MONTH], {column: row[metric] for column, metric in COLUMNS.items()})
        for row in rows
    ]
    found = report(demo_project, engine, "m_revenue_forecasting", "month")
    assert not unlike(keyed(expected, "month"), found)


@BOTH
def test_months_equal_the_oracle(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    values: dict[str, dict[Any, Any]] = {
        column: dict(pipeline_oracle.value(metric, ("month",)))
        for column, metric in COLUMNS.items()
        if column != "actual_revenue"
    }
    expected = [
        _of_month(
            month,
            {
                **{column: found.get((month,)) for column, found in values.items()},
                "actual_revenue": actual,
            },
        )
        for month, actual in _actuals(pipeline_oracle).items()
    ]
    found = report(demo_project, engine, "m_revenue_forecasting", "month")
    assert not unlike(keyed(expected, "month"), found)
    rows = found.values()
    assert {row["forecast_quality"] for row in rows} >= {"Good", "Fair", "Poor", "Unknown"}
    assert {row["forecast_risk"] for row in rows} == {"High", "Medium", "Unknown"}
    # Months to come have a forecast and nothing to hold it to.
    to_come = [row for (month,), row in found.items() if month > LAST_DAY]  # type: ignore[operator]
    assert len(to_come) == 3
    assert all(row["combined_forecast"] > 0 and row["actual_revenue"] is None for row in to_come)


@BOTH
def test_models_equal_metricflow(engine: str, demo_project: BuiltProject) -> None:
    rows = answers(demo_project, engine, list(COLUMNS_OF_MODELS.values()), [MONTH, MODEL])
    expected = [
        _of_model(
            row[MONTH],
            row[MODEL],
            {column: row[metric] for column, metric in COLUMNS_OF_MODELS.items()},
        )
        for row in rows
    ]
    found = report(demo_project, engine, "m_forecast", "month", "model")
    assert not unlike(keyed(expected, "month", "model"), found)


@BOTH
def test_models_equal_the_oracle(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    errors: dict[Any, Any] = dict(pipeline_oracle.value("forecast_error", ("month", "model")))
    shares: dict[Any, Any] = dict(pipeline_oracle.value("forecast_mape", ("month", "model")))
    forecasts: dict[str, dict[Any, Any]] = {
        model: dict(pipeline_oracle.value(f"forecast_{model}", ("month",))) for model in MODELS
    }
    expected = [
        _of_model(
            month,
            model,
            {
                "forecast": forecasts[model][month,],
                "actual_revenue": actual,
                "forecast_error": errors.get((month, model)),
                "absolute_error_share": shares.get((month, model)),
            },
        )
        for month, actual in _actuals(pipeline_oracle).items()
        for model in MODELS
    ]
    found = report(demo_project, engine, "m_forecast", "month", "model")
    assert not unlike(keyed(expected, "month", "model"), found)


@BOTH
def test_the_query_of_old_runs_as_it_stands(engine: str, demo_project: BuiltProject) -> None:
    rows = ask_reports(
        demo_project,
        engine,
        "SELECT month_label, actual_revenue, combined_forecast, forecast_quality, forecast_risk "
        "FROM m_revenue_forecasting ORDER BY month DESC LIMIT 12;",
    )
    labels = [row["month_label"] for row in rows]
    assert labels[:4] == ["Mar 2025", "Feb 2025", "Jan 2025", "Dec 2024"]
    assert len(rows) == 12
