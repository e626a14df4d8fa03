"""Forecasts equal the oracle by month, model and engine, and nothing later changes them."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from definitions.comparing import differences, name_of, store_names, with_plain_days
from definitions.conftest import FISCAL_YEAR_START_MONTH
from definitions.warehouses import BuiltProject
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

FORECASTS = (
    "forecast_trend",
    "forecast_rolling",
    "forecast_seasonal",
    "forecast_pipeline",
    "forecast_combined",
    "forecast_lower_95",
    "forecast_upper_95",
    "forecast_lower_99",
    "forecast_upper_99",
)
MEAN_ERRORS = ("forecast_mape", "forecast_bias")
FORECAST_METRICS = (*FORECASTS, "forecast_error", *MEAN_ERRORS)
MEAN_ERROR_GROUPS = (
    (),
    *((grain,) for grain in ("month", "quarter", "year")),
    ("model",),
    *((grain, "model") for grain in ("month", "quarter", "year")),
)
QUESTIONS = [
    *((metric, ("month",)) for metric in (*FORECASTS, "forecast_error")),
    ("forecast_error", ("month", "model")),
    *((metric, group) for metric in MEAN_ERRORS for group in MEAN_ERROR_GROUPS),
]
NAMES = {"model": "forecast__model"}
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])


@pytest.mark.slices
@BOTH
@pytest.mark.parametrize(("metric", "group"), QUESTIONS, ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    found = with_plain_days(demo_project.answer(engine, metric, *store_names(group, NAMES)))
    assert any(expected.values()), "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=True)


@BOTH
@pytest.mark.parametrize("metric", FORECASTS)
def test_months_go_from_the_first_to_three_after_the_running_one(
    engine: str, metric: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    found = with_plain_days(demo_project.answer(engine, metric, "metric_time__month"))
    assert found.keys() == pipeline_oracle.value(metric, ("month",)).keys()
    assert max(found) == (date(2025, 3, 1),)


@BOTH
@pytest.mark.parametrize("group", [(), ("metric_time__quarter",), ("metric_time__year",)])
@pytest.mark.parametrize("metric", [*FORECASTS, "forecast_error", "forecast_actual"])
def test_longer_periods_have_no_forecast(
    engine: str, metric: str, group: tuple[str, ...], demo_project: BuiltProject
) -> None:
    answer = demo_project.answer_by_any_grain(engine, metric, *group)
    assert set(answer.values()) == {None}


@pytest.mark.parametrize(
    "group_by",
    [
        "metric_time__day",
        "metric_time__week",
        "metric_time__fiscal_quarter",
        "opportunity",
        "owner",
        "account__industry",
    ],
)
@pytest.mark.parametrize("metric", FORECAST_METRICS)
def test_slices_and_shorter_periods_are_refused(
    metric: str, group_by: str, demo_project: BuiltProject
) -> None:
    with pytest.raises(MetricsStoreError):
        demo_project.answer("duckdb", metric, group_by)


@BOTH
def test_actual_is_won_revenue_of_months_that_are_over(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    won = pipeline_oracle.value("won_revenue", ("month",))
    expected = {
        key: won.get(key, 0)
        for key in pipeline_oracle.value("forecast_combined", ("month",))
        if key <= (date(2024, 12, 1),)
    }
    answer = demo_project.answer(engine, "forecast_actual", "metric_time__month")
    assert not differences(expected, with_plain_days(answer), is_ratio=True)


def _rows(project: BuiltProject, query: str) -> list[tuple[Any, ...]]:
    path = project.project / "warehouse" / "sales_pipeline.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


# Nothing of a month but its first day, and all of it.
@pytest.fixture(scope="module", params=["2024-09-01", "2024-09-30"])
def earlier(
    request: pytest.FixtureRequest,
    demo_project: BuiltProject,
    demo_dbt: dict[str, ForkedDbt],
    tmp_path_factory: pytest.TempPathFactory,
) -> BuiltProject:
    """Give a copy of the demo as it was built on an earlier day, of the same raw rows."""
    copy = tmp_path_factory.mktemp("earlier") / "project"
    shutil.copytree(
        demo_project.project, copy, symlinks=True, ignore=shutil.ignore_patterns("logs")
    )
    project = BuiltProject(copy, demo_project.environment)
    variables = (
        f"{{source_dt: '{request.param}', fiscal_year_start_month: {FISCAL_YEAR_START_MONTH}}}"
    )
    demo_dbt["duckdb"].run("run", "--vars", variables, "--select", "+fct_forecasts", project=copy)
    return project


@pytest.mark.slow
@pytest.mark.parametrize("column", ["forecast", "error_deviation"])
def test_nothing_later_changes_a_forecast(
    column: str, earlier: BuiltProject, demo_project: BuiltProject
) -> None:
    query = f"""
        select target_month, model, origin_month, months_ahead, {column}
        from marts.fct_forecasts
        where target_month <= timestamp '2024-09-01'
    """
    then, now = (
        {row[:-1]: row[-1] for row in _rows(project, query)} for project in (earlier, demo_project)
    )
    assert sum(value is not None for value in then.values()) > 20
    assert then.keys() == now.keys()
    assert not differences(now, then, is_ratio=True)
    # The copy is an earlier one.
    last_month = "select max(target_month) = timestamp '2024-12-01' from marts.fct_forecasts"
    assert _rows(earlier, last_month) == [(True,)]


def test_the_demo_restates_wins(demo_project: BuiltProject) -> None:
    """There are months of which an origin knew another won revenue than today's."""
    restated = """
        select count(*)
        from intermediate.int_known_amounts as known
        inner join marts.fct_forecasts as forecasts
            on known.month_start = forecasts.target_month and forecasts.model = 'combined'
        where known.won_amount != forecasts.actual
    """
    [(count,)] = _rows(demo_project, restated)
    assert count > 10
