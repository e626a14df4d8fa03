"""Reports say what the metrics say, row by row, on both engines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt
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
    question = MetricRequest(
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
    # Python's own words: letters of every language are letters to it.
    owners = demo_project.answer(engine, "activities_completed", "owner__owner_name")
    masked = {name and re.sub(r"(\w)\w*", r"\1***", str(name)) for (name,) in owners}
    assert {row[2] for row in rows} == masked


@BOTH
def test_masks_are_alike_on_both_engines(
    engine: str, demo_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    name = "Dr. Jürgen d''Été-Ølsen_2 (jr)"
    shown = demo_dbt[engine].run(
        "--quiet",
        "show",
        "--inline",
        f"""select {{{{ mask_name("cast('{name}' as text)") }}}} as masked""",
        "--output",
        "json",
        "--target",
        demo_project.targets[engine].name,
        "--target-path",
        f"target_of_show_on_{engine}",
        METRICS_STORE_DUCKDB_ACCESS_MODE="read_only",
    )
    [row] = json.loads(shown)["show"]
    assert row["masked"] == "D***. J*** d***'É***-Ø*** (j***)"
