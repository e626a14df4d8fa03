"""The velocity reports say what MetricFlow and the oracles say, row by row, on both engines."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from definitions.reporting import (
    Row,
    Rows,
    answers,
    ask_reports,
    keyed,
    owner_labels,
    quarter_label,
    report,
    unlike,
)
from metrics_store.demo.demo_calendar import LAST_DAY
from oracle.periods import periods
from oracle.pipeline.reductions import mean, percentile, ratio
from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from definitions.warehouses import BuiltProject
    from oracle import Oracle
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

QUARTER, STAGE, OWNER = "metric_time__quarter", "stage_entry__stage_name", "owner__owner_label"
IN_ANALYSIS = {
    "stage_entries": "stage_entries",
    "avg_days_in_stage": "average_days_in_stage",
    "median_days_in_stage": "median_days_in_stage",
    "monthly_value_impact": "monthly_value_impact",
}
BY_QUARTER = (
    "stage_entries",
    "average_days_in_stage",
    "median_days_in_stage",
    "p90_days_in_stage",
    "bottleneck_rate",
    "value_in_stage_days",
    "monthly_value_impact",
)
DIMENSIONS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "stage_velocity": (STAGE, str),
    "owner_performance": (OWNER, lambda label: label or "(none)"),
    "quarterly_trend": (QUARTER, quarter_label),
}


def _level(days: float) -> str:
    return "High" if days > 30 else "Medium" if days > 15 else "Low" if days > 7 else "None"


def _analysis(metric_type: str, dimension: str, metrics: Row) -> Row:
    """The row of a slice, with its label."""
    return {
        "metric_type": metric_type,
        "dimension": dimension,
        **{column: metrics[metric] for column, metric in IN_ANALYSIS.items()},
        "bottleneck_level": _level(metrics["average_days_in_stage"]),
    }


def _of_quarter(metrics: Row) -> Row:
    """The row of a quarter and stage, with its labels."""
    return {
        "quarter": metrics[QUARTER],
        "quarter_label": quarter_label(metrics[QUARTER]),
        "stage_name": metrics[STAGE],
        "bottleneck_level": _level(metrics["average_days_in_stage"]),
        **{metric: metrics[metric] for metric in BY_QUARTER},
    }


def _with_velocity(rows: list[Row]) -> list[Row]:
    """Leave out what no open stage was entered of."""
    kept = [row for row in rows if row["average_days_in_stage"] is not None]
    assert len(kept) > 2
    return kept


@pytest.fixture(scope="module")
def entries(demo_oracle: Oracle, pipeline_oracle: PipelineOracle, demo_data: Path) -> list[Row]:
    """All entries into stages, of both CRMs, as the oracles give them."""
    end, labels = midnight(LAST_DAY) + timedelta(days=1), owner_labels(demo_data)
    first_day = periods(1)["quarter"]
    pipedrive = [
        {
            QUARTER: first_day(fact["time"]),
            STAGE: fact["stage_name"],
            OWNER: labels[fact["owner"]],
            "days": ((fact["exit"] or end) - fact["time"]) / timedelta(days=1),
            "value_days": 0.0,
        }
        for fact in demo_oracle.facts.stage_entries
    ]
    salesforce = [
        {
            QUARTER: first_day(fact["time"]),
            STAGE: fact["stage_entry__stage_name"],
            OWNER: labels[fact["owner"]],
            "days": fact["days"],
            "value_days": float(fact["amount"] or 0) * (fact["days"] or 0),
        }
        for fact in pipeline_oracle.facts.stage_entries
    ]
    assert pipedrive
    assert salesforce
    return [*pipedrive, *salesforce]


def _by(entries: list[Row], *group_by: str) -> list[Row]:
    """Each group with its metrics."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for entry in entries:
        groups[tuple(entry[name] for name in group_by)].append(entry)
    return [
        {**dict(zip(group_by, key, strict=True)), **_metrics(rows)} for key, rows in groups.items()
    ]


def _metrics(rows: list[Row]) -> Row:
    stays = [row["days"] for row in rows if row["days"] is not None]
    value_days = sum(row["value_days"] for row in rows)
    return {
        "stage_entries": len(rows),
        "average_days_in_stage": mean("days")(rows),
        "median_days_in_stage": percentile("days", 0.5)(rows),
        "p90_days_in_stage": percentile("days", 0.9)(rows),
        "bottleneck_rate": ratio(sum(days > 30 for days in stays), len(stays)),
        "value_in_stage_days": value_days,
        "monthly_value_impact": value_days / 30,
    }


def _found(project: BuiltProject, engine: str) -> Rows:
    return report(project, engine, "m_deal_velocity_analysis", "metric_type", "dimension")


@BOTH
def test_analysis_equals_metricflow(engine: str, demo_project: BuiltProject) -> None:
    expected = [
        _analysis(metric_type, show(row[name]), row)
        for metric_type, (name, show) in DIMENSIONS.items()
        for row in _with_velocity(answers(demo_project, engine, list(IN_ANALYSIS.values()), [name]))
    ]
    found = _found(demo_project, engine)
    assert not unlike(keyed(expected, "metric_type", "dimension"), found)


@BOTH
def test_analysis_equals_the_oracles(
    engine: str, demo_project: BuiltProject, entries: list[Row]
) -> None:
    expected = [
        _analysis(metric_type, show(row[name]), row)
        for metric_type, (name, show) in DIMENSIONS.items()
        for row in _with_velocity(_by(entries, name))
    ]
    found = _found(demo_project, engine)
    assert not unlike(keyed(expected, "metric_type", "dimension"), found)
    # Nobody stands for two people, and nobody is left out.
    assert ("owner_performance", "Alma Abendrot (salesforce)") in found
    assert ("owner_performance", "Elin Eastmere (pipedrive:5)") in found
    assert ("owner_performance", "(none)") in found


@BOTH
def test_stages_by_quarter_equal_metricflow(engine: str, demo_project: BuiltProject) -> None:
    rows = _with_velocity(answers(demo_project, engine, BY_QUARTER, [QUARTER, STAGE]))
    expected = keyed(map(_of_quarter, rows), "quarter", "stage_name")
    found = report(demo_project, engine, "m_stage_velocity_quarter", "quarter", "stage_name")
    assert not unlike(expected, found)


@BOTH
def test_stages_by_quarter_equal_the_oracles(
    engine: str, demo_project: BuiltProject, entries: list[Row]
) -> None:
    rows = _with_velocity(_by(entries, QUARTER, STAGE))
    expected = keyed(map(_of_quarter, rows), "quarter", "stage_name")
    found = report(demo_project, engine, "m_stage_velocity_quarter", "quarter", "stage_name")
    assert not unlike(expected, found)
    assert {"High", "Medium", "Low"} <= {row["bottleneck_level"] for row in found.values()}


@BOTH
def test_the_query_of_old_runs_as_it_stands(engine: str, demo_project: BuiltProject) -> None:
    rows = ask_reports(
        demo_project,
        engine,
        "SELECT dimension, avg_days_in_stage, bottleneck_level, monthly_value_impact "
        "FROM m_deal_velocity_analysis WHERE metric_type = 'stage_velocity' "
        "ORDER BY avg_days_in_stage DESC;",
    )
    days = [row["avg_days_in_stage"] for row in rows]
    assert len(rows) > 10
    assert None not in days
    assert days == sorted(days, reverse=True)
