"""The real Pipedrive export gives the numbers it must, through MetricFlow, on both engines."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from definitions.reporting import ask_reports
from definitions.warehouses import Answer, BuiltProject, copy_definitions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real")]
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])
BY_MONTH_AND_STEP = ("metric_time__month", "funnel_event__funnel_step")
TEXTS = ("key_insight", "recommendation")
JANUARY, FEBRUARY = datetime(2024, 1, 1), datetime(2024, 2, 1)


def _in_month(answer: Answer, month: datetime) -> dict[object, object]:
    return {key[1]: value for key, value in answer.items() if key[0] == month}


@BOTH
def test_first_entries_by_month_and_step(engine: str, real_project: BuiltProject) -> None:
    answer = real_project.answer(engine, "funnel_deals_first_entry", *BY_MONTH_AND_STEP)
    assert len(answer) == 128
    assert _in_month(answer, FEBRUARY) == {
        "1": 194,
        "2": 74,
        "2.1": 64,
        "3": 27,
        "3.1": 59,
        "4": 17,
        "5": 10,
        "6": 8,
        "7": 1,
        "9": 2,
    }
    january = _in_month(answer, JANUARY)
    assert (january["1"], january["2"], january["2.1"]) == (30, 6, 77)


@BOTH
def test_every_entry_by_month_and_step(engine: str, real_project: BuiltProject) -> None:
    answer = real_project.answer(engine, "funnel_deals", *BY_MONTH_AND_STEP)
    assert len(answer) == 142
    assert {key[1] for key in answer} >= {"Lost", "2.1", "9"}


@BOTH
def test_rate_of_the_month_and_of_the_cohort(engine: str, real_project: BuiltProject) -> None:
    rate = real_project.answer(
        engine, "lead_generation_to_qualified_lead_rate", "metric_time__month"
    )
    cohort = real_project.answer(
        engine, "lead_generation_to_qualified_lead_conversion", "metric_time__month"
    )
    assert rate[FEBRUARY,] == pytest.approx(74 / 194, rel=1e-12)
    assert cohort[FEBRUARY,] == pytest.approx(139 / 194, rel=1e-12)


@BOTH
def test_rep_report_has_one_row_a_month_and_rep(engine: str, real_project: BuiltProject) -> None:
    by_rep = real_project.answer(
        engine, "activities_completed", "metric_time__month", "owner", "owner__owner_name_masked"
    )
    assert len(by_rep) == 2117
    assert len({(month, masked) for month, _, masked in by_rep}) == 1383
    assert all(value > 0 for value in by_rep.values())


@BOTH
def test_calls_and_entries(engine: str, real_project: BuiltProject) -> None:
    calls = [real_project.answer(engine, f"sales_call_{number}_completed")[()] for number in (1, 2)]
    assert sum(calls) == 1128
    assert real_project.answer(engine, "stage_entries")[()] == 8906
    assert real_project.answer(engine, "first_entries_of_step")[()] == 8902
    by_step = real_project.answer(engine, "funnel_deals_first_entry", "funnel_event__funnel_step")
    assert sum(value for (step,), value in by_step.items() if "." not in step) == 8891


@BOTH
def test_every_lifecycle_ends_with_its_own_loss(engine: str, real_project: BuiltProject) -> None:
    """Five ids are used for two deals at a time; each of the 2,000 deals ends lost."""
    assert real_project.answer(engine, "open_opportunity_count")[()] == 0
    assert real_project.answer(engine, "lost_count")[()] == 2000
    assert real_project.answer(engine, "lost_deals")[()] == 2000
    by_month = real_project.answer(engine, "lost_count", "metric_time__month")
    assert by_month[datetime(2024, 11, 1),] == 213
    stays = real_project.answer(engine, "average_days_in_stage", "stage__stage_name")
    assert round(stays["Qualified Lead",], 2) == 15.44
    ends = real_project.answer(engine, "open_opportunity_snapshot", "metric_time__month")
    assert ends[datetime(2025, 3, 1),] == 0


@BOTH
def test_without_a_status_nothing_is_said_of_wins(engine: str, real_project: BuiltProject) -> None:
    """Its deals are closed and lost, and in no win rate; the build warns of the CRM by name."""
    assert real_project.answer(engine, "closed_count")[()] == 2000
    for metric in ("win_rate", "win_rate_amount", "win_rate_cohort", "win_rate_score"):
        assert set(real_project.answer(engine, metric, "metric_time__year").values()) <= {None}
    assert not real_project.answer(engine, "stage_win_rate", "stage__stage_name")
    printed = real_project.run(
        *("dbt", "test", "--target", real_project.targets[engine].name),
        *("--select", "pipedrive_says_what_is_won", "--vars", "{source_dt: '2025-03-31'}"),
    )
    assert "WARN 1 pipedrive_says_what_is_won" in printed
    assert "closed_opportunities 2000, what_it_means nothing says of any that it is won" in printed


@BOTH
def test_users_and_stages(engine: str, real_project: BuiltProject, real_data: Path) -> None:
    loaded = real_project.run(
        "metrics",
        "load",
        "pipedrive",
        str(real_data / "pipedrive"),
        "--target",
        real_project.targets[engine].name,
    )
    assert "raw_pipedrive.users: 1,787 rows" in loaded
    assert "raw_pipedrive.stages: 9 rows" in loaded


@pytest.mark.parametrize(
    ("metric", "group_by"),
    [
        ("funnel_deals", BY_MONTH_AND_STEP),
        ("funnel_deals_first_entry", (*BY_MONTH_AND_STEP, "owner__owner_name_masked")),
        ("activities_completed", ("metric_time__day", "owner")),
        ("lost_deals", ("metric_time__fiscal_quarter", "funnel_event__lost_reason")),
        ("stage_entries", ("metric_time__week", "stage__stage_name")),
        ("negotiation_to_closing_conversion_90d", ("metric_time__month",)),
        ("funnel_deals_mom", ("metric_time__month",)),
    ],
)
def test_engines_agree_to_the_row(
    metric: str, group_by: tuple[str, ...], real_project: BuiltProject
) -> None:
    on_duckdb = real_project.answer("duckdb", metric, *group_by)
    on_postgres = real_project.answer("postgres", metric, *group_by)
    assert on_duckdb
    assert on_duckdb.keys() == on_postgres.keys()
    for key, value in on_duckdb.items():
        other = on_postgres[key]
        assert value == (other if other is None else pytest.approx(other, rel=1e-12)), key


@BOTH
def test_mf_itself_answers(engine: str, real_project: BuiltProject, tmp_path: Path) -> None:
    """Ask the real command, which knows nothing of the engine, for the documents' 128 rows."""
    project = copy_definitions(tmp_path / "project")
    target = real_project.targets[engine]
    (project / "target").mkdir()
    shutil.copy(real_project.stores[engine].semantic_manifest, project / "target")
    answer = tmp_path / "answer.csv"
    asked = BuiltProject(project, real_project.environment)
    asked.run(
        "mf",
        "query",
        "--quiet",
        "--metrics",
        "funnel_deals_first_entry",
        "--group-by",
        ",".join(BY_MONTH_AND_STEP),
        "--csv",
        str(answer),
        METRICS_STORE_TARGET=target.name,
        METRICS_STORE_DUCKDB_PATH=str(real_project.targets["duckdb"].duckdb_path),
        METRICS_STORE_DUCKDB_ACCESS_MODE="read_only",
    )
    rows = list(csv.DictReader(io.StringIO(answer.read_text())))
    assert len(rows) == 128
    february = {
        row["funnel_event__funnel_step"]: row["funnel_deals_first_entry"]
        for row in rows
        if row["metric_time__month"].startswith("2024-02-01")
    }
    assert (february["1"], february["2"], february["3"]) == ("194", "74", "27")


@BOTH
def test_executives_of_pipedrive_alone_see_an_empty_row(
    engine: str, real_project: BuiltProject
) -> None:
    """Its deals have no amounts and are never won: no KPI of an executive is theirs."""
    [row] = ask_reports(real_project, engine, "select * from a_executive_dashboard")
    assert {name: value for name, value in row.items() if name not in TEXTS} == {
        "dashboard_type": "executive_dashboard",
        "mtd_won_revenue": 0,
        "qtd_won_revenue": 0,
        "ytd_won_revenue": 0,
        "current_pipeline_value": 0,
        "weighted_pipeline_value": 0,
        "overall_win_rate": None,
        "pipeline_health": "Unknown",
        "pipeline_health_score": None,
        "risk_level": "Unknown",
    }
    assert row["key_insight"].startswith("No health score: nothing was open at the end")
    assert row["recommendation"].startswith("Build a pipeline")
    for report in ("m_pipeline_health", "a_win_rate_by_owner", "a_win_rate_trend_analysis"):
        assert not ask_reports(real_project, engine, f"select * from {report}")
