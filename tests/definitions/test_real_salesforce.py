"""The real Salesforce export, alone, gives what plain Python reads from it, on both engines."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from definitions.warehouses import Answer, BuiltProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("salesforce")]
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])
Row = dict[str, str]


@pytest.fixture(scope="module")
def opportunities(real_data: Path) -> list[Row]:
    directory = real_data / "salesforce_export"
    with (directory / "account.csv").open(encoding="utf-8") as file:
        industries = {row["Id"]: row["Industry"] for row in csv.DictReader(file)}
    with (directory / "opportunity.csv").open(encoding="utf-8") as file:
        return [{**row, "Industry": industries[row["AccountId"]]} for row in csv.DictReader(file)]


def _is_open(row: Row) -> bool:
    return row["IsClosed"] == "0"


def _amount(row: Row) -> Decimal:
    return Decimal(row["Amount"] or 0)


def _weighted(row: Row) -> Decimal:
    return _amount(row) * Decimal(row["Probability"]) / 100


def _summed(rows: list[Row], column: str, value: Any) -> dict[tuple[object, ...], Decimal]:  # noqa: ANN401
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row[column] or None,] += value(row) if _is_open(row) else Decimal(0)
    return dict(sums)


def _exact(answer: Answer) -> dict[tuple[object, ...], Decimal]:
    return {key: Decimal(str(value)) for key, value in answer.items()}


@BOTH
def test_the_known_figures(engine: str, salesforce_project: BuiltProject) -> None:
    def ask(metric: str) -> Any:  # noqa: ANN401
        return salesforce_project.answer(engine, metric)[()]

    assert ask("opportunity_count") == 31
    assert ask("closed_count") == ask("won_count") == 18
    assert ask("lost_count") == 0
    assert ask("win_rate") == ask("win_rate_amount") == 1
    assert ask("win_rate_cohort") == pytest.approx(18 / 31, rel=1e-12)
    assert ask("open_opportunity_count") == 13
    assert ask("open_pipeline") == 2_115_000
    # Every close date lies before the creation: no cycle, and every open one is overdue.
    assert ask("sales_cycle_days") is None
    assert ask("overdue_rate") == 1
    assert ask("likely_to_close") == 0


@BOTH
@pytest.mark.parametrize(
    ("group_by", "column"),
    [("opportunity__stage_name", "StageName"), ("account__industry", "Industry")],
)
def test_open_and_weighted_pipeline(
    engine: str,
    group_by: str,
    column: str,
    salesforce_project: BuiltProject,
    opportunities: list[Row],
) -> None:
    open_pipeline = salesforce_project.answer(engine, "open_pipeline", group_by)
    weighted = salesforce_project.answer(engine, "weighted_pipeline", group_by)
    assert _exact(open_pipeline) == _summed(opportunities, column, _amount)
    assert _exact(weighted) == _summed(opportunities, column, _weighted)


@BOTH
def test_won_revenue_by_month(
    engine: str, salesforce_project: BuiltProject, opportunities: list[Row]
) -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in opportunities:
        expected[row["CloseDate"][:7]] += _amount(row) if row["IsWon"] == "1" else 0
    answer = salesforce_project.answer(engine, "won_revenue", "metric_time__month")
    assert {f"{month:%Y-%m}": Decimal(str(value)) for (month,), value in answer.items()} == expected


@BOTH
def test_average_deal_size(
    engine: str, salesforce_project: BuiltProject, opportunities: list[Row]
) -> None:
    with_amount = [_amount(row) for row in opportunities if row["Amount"]]
    found = salesforce_project.answer(engine, "average_deal_size")[()]
    assert float(found) == pytest.approx(float(sum(with_amount) / len(with_amount)), rel=1e-9)


@BOTH
def test_every_opportunity_is_in_one_stage(engine: str, salesforce_project: BuiltProject) -> None:
    """Two history rows stand in each one's first second; they are one state."""
    stages = salesforce_project.answer(engine, "opportunity_count", "stage__stage_name")
    assert sum(stages.values()) == 31
    assert all(name for (name,) in stages)
