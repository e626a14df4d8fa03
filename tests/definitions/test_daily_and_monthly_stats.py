"""The daily and monthly statistics say what the metrics and the oracle say, on both engines."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from definitions.comparing import with_plain_days
from metrics_store.warehouse.postgres.postgres_connection import connect
from oracle import Oracle, read_csv_directory
from oracle.pipeline.funnel import salesforce_funnel
from oracle.steps import CALL_STEPS, STAGE_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.slow

DEMO, REAL = (pytest.mark.xdist_group(name) for name in ("demo", "real"))
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

NAMES = {step: name for name, step in (*STAGE_STEPS.values(), *CALL_STEPS.values())}
CALLS = {step for _, step in CALL_STEPS.values()}
STAGES = set(NAMES) - CALLS
# Report -> its grain and steps; losses are neither calls nor stages.
REPORTS = {
    "daily_activity_stats": ("day", CALLS),
    "daily_deal_stats": ("day", STAGES),
    "monthly_activity_stats": ("month", CALLS),
    "monthly_deal_stats": ("month", STAGES),
    "monthly_stats": ("month", CALLS | STAGES),
}
EACH_REPORT = pytest.mark.parametrize("report", REPORTS)
Counts = dict[tuple[Any, ...], Any]


def _rows(project: BuiltProject, engine: str, report: str) -> Counts:
    """Give a report's counts by its period, step's name and step."""
    period = {"day": "date", "month": "month"}[REPORTS[report][0]]
    columns = f"{period}, kpi_name, funnel_step, deals_count"
    target = project.targets[engine]
    if engine == "duckdb":
        with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
            rows = connection.execute(f"select {columns} from reports.{report}").fetchall()
    else:
        with connect(target) as other:
            query = f"select {columns} from dev_reports.{report}"
            rows = other.execute(query.encode()).fetchall()
    counts = {row[:-1]: row[-1] for row in rows}
    assert len(counts) == len(rows), "two rows for one period and step"
    return counts


def _of_oracles(oracles: Iterable[Oracle], report: str) -> Counts:
    """Give what the oracles say together: a deal is of one CRM, so that they add up."""
    grain, steps = REPORTS[report]
    counts: Counter[tuple[Any, ...]] = Counter()
    for oracle in oracles:
        for (period, step), deals in oracle.value("funnel_deals", (grain, "funnel_step")).items():
            if step in steps:
                counts[period, NAMES[str(step)], step] += int(deals or 0)
    return dict(counts)


@DEMO
@BOTH
@EACH_REPORT
def test_equal_the_metric(engine: str, report: str, demo_project: BuiltProject) -> None:
    grain, steps = REPORTS[report]
    answer = demo_project.answer(
        engine,
        "funnel_deals",
        f"metric_time__{grain}",
        "funnel_event__kpi_name",
        "funnel_event__funnel_step",
    )
    expected = {key: deals for key, deals in with_plain_days(answer).items() if key[-1] in steps}
    assert {key[-1] for key in expected} == steps
    assert _rows(demo_project, engine, report) == expected


@DEMO
@BOTH
@EACH_REPORT
def test_equal_the_oracle(
    engine: str,
    report: str,
    demo_project: BuiltProject,
    demo_oracle: Oracle,
    pipeline_oracle: PipelineOracle,
) -> None:
    oracles = (demo_oracle, salesforce_funnel(pipeline_oracle))
    assert _rows(demo_project, engine, report) == _of_oracles(oracles, report)


@REAL
@BOTH
@EACH_REPORT
def test_the_real_export_equals_the_oracle(
    engine: str, report: str, real_project: BuiltProject, real_data: Path
) -> None:
    oracle = Oracle(read_csv_directory(real_data / "pipedrive"), date(2025, 3, 31))
    assert _rows(real_project, engine, report) == _of_oracles([oracle], report)


@REAL
@BOTH
def test_a_month_is_not_the_sum_of_its_days(engine: str, real_project: BuiltProject) -> None:
    """In October 2024 a deal enters Renewal/Expansion on two days: 36 deals, not 37."""
    months = _rows(real_project, engine, "monthly_stats")
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for report in ("daily_activity_stats", "daily_deal_stats"):
        for (day, *step), deals in _rows(real_project, engine, report).items():
            sums[day.replace(day=1), *step] += deals
    assert months.keys() == sums.keys()
    assert {key: (months[key], sums[key]) for key in months if months[key] != sums[key]} == {
        (date(2024, 10, 1), "Renewal/Expansion", "9"): (36, 37)
    }
