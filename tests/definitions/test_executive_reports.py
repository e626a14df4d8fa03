"""The executive reports say what MetricFlow and the oracle say, in every row, on both engines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from definitions.comparing import answer_of_salesforce, differences, with_plain_days
from definitions.health_words import key_insight, recommendation
from definitions.reporting import ask_reports, owner_labels, quarter_label
from metrics_store.demo.demo_calendar import LAST_DAY
from oracle.pipeline.health import health_status, risk_level

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from definitions.warehouses import Answer, BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])
MONTH, QUARTER = date(2024, 12, 1), date(2024, 10, 1)

# Each column's metric; it is the column's own name where it is not here.
METRICS = {
    "overdue_rate": "overdue_rate_snapshot",
    "mtd_won_revenue": "won_revenue_mtd",
    "qtd_won_revenue": "won_revenue_fiscal_qtd",
    "ytd_won_revenue": "won_revenue_fiscal_ytd",
    "current_pipeline_value": "open_pipeline",
    "weighted_pipeline_value": "weighted_pipeline",
    "overall_win_rate": "win_rate",
}
# Exact, and 0 where there is nothing; the others are ratios, and nothing there.
SUMS = {
    "opportunity_count",
    "won_count",
    "closed_count",
    "mtd_won_revenue",
    "qtd_won_revenue",
    "ytd_won_revenue",
    "current_pipeline_value",
    "weighted_pipeline_value",
}
HEALTH = (
    "win_rate",
    "overdue_rate",
    "average_deal_size",
    "opportunity_count",
    "win_rate_score",
    "overdue_score",
    "deal_size_score",
    "pipeline_volume_score",
    "pipeline_health_score",
    "won_revenue_qoq_growth",
    "win_rate_qoq_change",
)
TO_DATE = ("mtd_won_revenue", "qtd_won_revenue", "ytd_won_revenue")
OVERVIEW = ("current_pipeline_value", "weighted_pipeline_value", "overall_win_rate")
# Report -> its columns, in order.
COLUMNS = {
    "m_pipeline_health": (
        "quarter",
        "quarter_label",
        *HEALTH[:9],
        "health_status",
        "risk_level",
        *HEALTH[9:],
        "key_insight",
    ),
    "a_executive_dashboard": (
        "dashboard_type",
        *TO_DATE,
        *OVERVIEW,
        "pipeline_health",
        "pipeline_health_score",
        "risk_level",
        "key_insight",
        "recommendation",
    ),
    "a_win_rate_by_owner": ("owner_name", "won_count", "closed_count", "win_rate"),
    "a_win_rate_by_industry": ("industry", "won_count", "closed_count", "win_rate"),
    "a_win_rate_trend_analysis": (
        "quarter",
        "dimension_type",
        "dimension",
        "win_rate",
        "win_rate_qoq_change",
    ),
}


def _until_today(answer: Mapping[tuple[object, ...], Any]) -> Answer:
    """Leave out the periods that have not begun; the first group-by is the period."""
    return {
        key: value
        for key, value in answer.items()
        if isinstance(key[0], date) and key[0] <= LAST_DAY
    }


def _both_answers(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    project: BuiltProject,
    oracle: PipelineOracle,
) -> tuple[Answer, Answer]:
    answers = (
        answer_of_salesforce(project, engine, metric, group),
        dict(oracle.value(metric, group)),
    )
    if group and group[0] == "quarter":
        return _until_today(answers[0]), _until_today(answers[1])
    return answers


def _assert_same(column: str, found: Answer, *answers: Answer) -> None:
    for expected in answers:
        assert not differences(expected, found, is_ratio=column not in SUMS), column


@pytest.fixture(scope="module")
def labels(demo_data: Path) -> dict[object, object]:
    return {**owner_labels(demo_data)}


@BOTH
@pytest.mark.parametrize("report", COLUMNS)
def test_columns(engine: str, report: str, demo_project: BuiltProject) -> None:
    rows = ask_reports(demo_project, engine, f"select * from {report}")
    assert rows
    assert tuple(rows[0]) == COLUMNS[report]


@BOTH
def test_pipeline_health(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    rows = ask_reports(demo_project, engine, "select * from m_pipeline_health")
    quarters = {(row["quarter"],) for row in rows}
    assert len(quarters) == len(rows)
    of_store, of_oracle = set(), set()
    for column in HEALTH:
        asked = METRICS.get(column, column), ("quarter",)
        store, oracle = _both_answers(engine, *asked, demo_project, pipeline_oracle)
        found = {(row["quarter"],): row[column] for row in rows}
        _assert_same(column, found, store, oracle)
        of_store.update(store)
        of_oracle.update(oracle)
    assert quarters == of_store == of_oracle
    assert (QUARTER,) in quarters


@BOTH
def test_words_of_pipeline_health(engine: str, demo_project: BuiltProject) -> None:
    rows = ask_reports(demo_project, engine, "select * from m_pipeline_health")
    for row in rows:
        assert row["quarter_label"] == quarter_label(row["quarter"])
        assert row["health_status"] == health_status(row["pipeline_health_score"])
        assert row["risk_level"] == risk_level(row["overdue_rate"])
        # The reference date is the newest quarter's last day, on which a quarter is over.
        assert row["key_insight"] == key_insight(row, is_running=False)
    # The demo shows more than one of each.
    for column in ("health_status", "risk_level"):
        assert len({row[column] for row in rows}) > 2


@BOTH
def test_executive_dashboard(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    [row] = ask_reports(demo_project, engine, "select * from a_executive_dashboard")
    for column in (*TO_DATE, *OVERVIEW):
        group, key = (("month",), (MONTH,)) if column in TO_DATE else ((), ())
        store, oracle = _both_answers(engine, METRICS[column], group, demo_project, pipeline_oracle)
        assert oracle[key]
        _assert_same(column, {key: row[column]}, {key: store[key]}, {key: oracle[key]})
    [health] = ask_reports(
        demo_project, engine, f"select * from m_pipeline_health where quarter = '{QUARTER}'"
    )
    assert row["dashboard_type"] == "executive_dashboard"
    assert row["pipeline_health"] == health_status(row["pipeline_health_score"])
    assert row["recommendation"] == recommendation(health)
    for column in ("pipeline_health_score", "risk_level", "key_insight"):
        assert row[column] == health[column]


@BOTH
@pytest.mark.parametrize("by", [("owner_name", "owner"), ("industry", "account__industry")])
def test_win_rates(
    engine: str,
    by: tuple[str, str],
    labels: dict[object, object],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    column, group = by
    report = f"a_win_rate_by_{column.removesuffix('_name')}"
    rows = ask_reports(demo_project, engine, f"select * from {report}")
    members = {row[column] for row in rows}
    assert len(members) == len(rows)
    for metric in ("won_count", "closed_count", "win_rate"):
        found = {(row[column],): row[metric] for row in rows}
        answers = _both_answers(engine, metric, (group,), demo_project, pipeline_oracle)
        labelled = [
            {(labels.get(member, member),): value for (member,), value in answer.items()}
            for answer in answers
        ]
        _assert_same(metric, found, *labelled)
        assert {(member,) for member in members} == set(labelled[0])
    # Some of the demo's owners share a name.
    assert column != "owner_name" or any("(" in str(name) for name in members)


@BOTH
@pytest.mark.parametrize(
    "by",
    [("owner", "owner"), ("industry", "account__industry"), ("team", "owner__team")],
)
def test_win_rate_trends(
    engine: str,
    by: tuple[str, str],
    labels: dict[object, object],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    dimension_type, group = by
    rows = [
        row
        for row in ask_reports(demo_project, engine, "select * from a_win_rate_trend_analysis")
        if row["dimension_type"] == dimension_type
    ]
    keys = {(row["quarter"], row["dimension"]) for row in rows}
    assert len(keys) == len(rows)
    for metric in ("win_rate", "win_rate_qoq_change"):
        found = {(row["quarter"], row["dimension"]): row[metric] for row in rows}
        for answer in _both_answers(
            engine, metric, ("quarter", group), demo_project, pipeline_oracle
        ):
            expected = {
                (quarter, labels.get(member, member)): value
                for (quarter, member), value in answer.items()
                if value is not None
            }
            _assert_same(metric, found, expected)
            assert metric != "win_rate" or set(expected) == keys
    assert any(row["win_rate_qoq_change"] for row in rows)


def test_trends_are_of_these_dimensions(demo_project: BuiltProject) -> None:
    found = ask_reports(
        demo_project, "duckdb", "select distinct dimension_type from a_win_rate_trend_analysis"
    )
    assert {row["dimension_type"] for row in found} == {"owner", "industry", "team"}


@BOTH
def test_queries_of_the_documents_run_as_they_stand(
    engine: str, demo_project: BuiltProject
) -> None:
    health = ask_reports(
        demo_project,
        engine,
        "SELECT quarter_label, pipeline_health_score, health_status, risk_level, key_insight "
        "FROM m_pipeline_health ORDER BY quarter DESC LIMIT 5;",
    )
    labels = [row["quarter_label"] for row in health]
    assert labels == ["Q4 2024", "Q3 2024", "Q2 2024", "Q1 2024", "Q4 2023"]
    [dashboard] = ask_reports(
        demo_project,
        engine,
        "SELECT qtd_won_revenue, current_pipeline_value, overall_win_rate, pipeline_health, "
        "key_insight, recommendation FROM a_executive_dashboard "
        "WHERE dashboard_type = 'executive_dashboard';",
    )
    assert all(dashboard.values())
    assert dashboard["key_insight"] == health[0]["key_insight"]


@BOTH
def test_the_win_rate_is_one_number(engine: str, demo_project: BuiltProject) -> None:
    """The page's is the metric's, asked without a filter, though one CRM says nothing of wins."""
    [row] = ask_reports(
        demo_project, engine, "select overall_win_rate as win_rate from a_executive_dashboard"
    )
    assert row["win_rate"] == pytest.approx(demo_project.answer(engine, "win_rate")[()], rel=1e-12)
    by_quarter, velocity = (
        with_plain_days(demo_project.answer(engine, metric, "metric_time__quarter"))
        for metric in ("win_rate", "sales_velocity")
    )
    for row in ask_reports(demo_project, engine, "select quarter, win_rate from m_pipeline_health"):
        # A quarter in which nothing closed has no row of the metric.
        assert row["win_rate"] == pytest.approx(by_quarter.get((row["quarter"],)), rel=1e-12)
    prefix = "dev_" if engine == "postgres" else ""
    exported = ask_reports(
        demo_project,
        engine,
        "select cast(metric_time__quarter as date) as quarter, sales_velocity"
        f" from {prefix}exports.export_sales_velocity_quarterly",
    )
    assert exported
    for row in exported:
        assert row["sales_velocity"] == pytest.approx(velocity.get((row["quarter"],)), rel=1e-9)
