"""Reports say what the metrics say, row by row, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.query.planner import MetricQuestion
from metrics_store.warehouse.postgres import connect

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])


def _report(project: BuiltProject, engine: str, query: str) -> list[tuple[object, ...]]:
    target = project.targets[engine]
    if engine == "duckdb":
        with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
            return connection.execute(query.format(schema="reports")).fetchall()
    with connect(target) as connection:
        return connection.execute(query.format(schema="dev_reports").encode()).fetchall()


@BOTH
@pytest.mark.parametrize(
    ("report", "metric"),
    [
        ("rep_sales_funnel_monthly", "funnel_deals"),
        ("rep_sales_funnel_first_entry_monthly", "funnel_deals_first_entry"),
    ],
)
def test_funnel_reports(engine: str, report: str, metric: str, demo_project: BuiltProject) -> None:
    rows = _report(
        demo_project, engine, f"select month, funnel_step, deals_count from {{schema}}.{report}"
    )
    answer = demo_project.answer(engine, metric, "metric_time__month", "funnel_event__funnel_step")
    assert sorted(rows) == sorted(
        (month.date(), step, deals) for (month, step), deals in answer.items()
    )
    assert ("Lost" in {row[1] for row in rows}) == (metric == "funnel_deals")


@BOTH
def test_rep_performance(engine: str, demo_project: BuiltProject) -> None:
    metrics = (
        "deals_worked",
        "activities_completed",
        "sales_call_1_completed",
        "sales_call_2_completed",
        "other_activities",
    )
    rows = _report(
        demo_project,
        engine,
        "select month, sales_rep_id, sales_rep_name, "
        + ", ".join(metrics)
        + " from {schema}.rep_sales_rep_performance_monthly",
    )
    question = MetricQuestion(
        metrics=metrics,
        group_by=[
            "metric_time__month",
            "owner__crm_user_id",
            "owner__owner_name_masked",
        ],
    )
    answer = demo_project.stores[engine].answer(question).to_pylist()
    expected = [(f"{row.pop('metric_time__month'):%Y-%m}", *row.values()) for row in answer]
    assert sorted(rows, key=repr) == sorted(expected, key=repr)
    names = {str(row[2]) for row in rows}
    assert "A*** d***'É***" in names
    assert not any("na" in name for name in names)
