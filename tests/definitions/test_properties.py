"""What must hold of any answers: walks balance, slices sum up, ratios are parts, days replay."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isclose
from typing import TYPE_CHECKING, Any

import pytest

from definitions.comparing import name_of
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

SIGNS = {
    "start": 1,
    "created": 1,
    "reopened": 1,
    "increased": 1,
    "decreased": -1,
    "won": -1,
    "lost": -1,
    "moved": 1,
}
WALK = [*(f"pipeline_walk_{part}" for part in SIGNS), "pipeline_walk_end"]
SLICES = (
    (),
    ("owner",),
    ("stage__stage_name",),
    ("forecast_category_then__forecast_category_name",),
    ("close_day__close_quarter",),
    ("account__industry",),
    ("opportunity__lead_source",),
    ("owner__team", "stage__stage_name"),
)
# Sums over opportunities or events: the whole is the sum of any slices.
ADDITIVE = (
    "opportunity_count",
    "open_opportunity_count",
    "open_pipeline",
    "weighted_pipeline",
    "overdue_pipeline",
    "likely_to_close",
    "pipeline_created_amount",
    "pipeline_created_count",
    "won_revenue",
    "won_count",
    "lost_count",
    "closed_count",
    "closed_amount",
    "pipeline_snapshot",
    "weighted_pipeline_snapshot",
    "open_opportunity_snapshot",
    "overdue_pipeline_snapshot",
    *WALK,
    "stage_entries",
    "value_in_stage_days",
    "pushed_count",
    "pushed_amount",
    "pulled_in_amount",
)
# What is due in a quarter is not asked over all time.
DUE = ("due_opportunity_count", "slipped_opportunity_count", "due_amount", "slipped_amount")
# A quota is of months, and what is due of quarters.
NEEDS_A_PERIOD = (
    "quota_attainment",
    "pipeline_coverage_of_quota",
    "slippage_rate",
    "slippage_rate_amount",
)
OPPORTUNITY_SLICES = (
    "owner",
    "account__industry",
    "opportunity__stage_name",
    "opportunity__crm_source",
)


def _ask(
    project: BuiltProject, engine: str, metrics: list[str], group_by: list[str]
) -> list[dict[str, Any]]:
    question = MetricRequest(metrics=metrics, group_by=group_by)
    return project.stores[engine].answer(question).to_pylist()


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


@BOTH
@pytest.mark.parametrize("grain", ["month", "fiscal_quarter", "week"])
@pytest.mark.parametrize("slices", SLICES, ids=name_of)
def test_the_walk_balances_to_the_cent(
    engine: str, slices: tuple[str, ...], grain: str, demo_project: BuiltProject
) -> None:
    rows = _ask(demo_project, engine, WALK, [f"metric_time__{grain}", *slices])
    assert len(rows) > 12
    for row in rows:
        moved = sum(sign * _number(row[f"pipeline_walk_{part}"]) for part, sign in SIGNS.items())
        assert moved == _number(row["pipeline_walk_end"]), row


@BOTH
@pytest.mark.parametrize("slices", SLICES[:3], ids=name_of)
def test_each_month_starts_with_what_the_last_one_ended_with(
    engine: str, slices: tuple[str, ...], demo_project: BuiltProject
) -> None:
    metrics = ["pipeline_walk_start", "pipeline_walk_end"]
    rows = _ask(demo_project, engine, metrics, ["metric_time__month", *slices])
    ends = {
        (row["metric_time__month"], *(row[name] for name in slices)): row["pipeline_walk_end"]
        for row in rows
    }
    compared = 0
    for row in rows:
        month: datetime = row["metric_time__month"]
        before = (month - timedelta(days=1)).replace(day=1)
        end = ends.get((before, *(row[name] for name in slices)))
        assert _number(row["pipeline_walk_start"]) == _number(end), row
        compared += end is not None
    assert compared > 12


@BOTH
@pytest.mark.parametrize("metric", [*ADDITIVE, *DUE])
def test_slices_sum_up_to_the_whole(engine: str, metric: str, demo_project: BuiltProject) -> None:
    period = ["metric_time__fiscal_year"] if metric in DUE else []
    whole = sum(_number(row[metric]) for row in _ask(demo_project, engine, [metric], period))
    for name in OPPORTUNITY_SLICES:
        rows = _ask(demo_project, engine, [metric], [*period, name])
        summed = sum(_number(row[metric]) for row in rows)
        if metric == "value_in_stage_days":
            assert isclose(summed, whole, rel_tol=1e-9)
        else:
            assert summed == whole, name


def _ratios(project: BuiltProject) -> list[tuple[str, str, str, list[str]]]:
    """Every ratio of the manifest with its numerator, its denominator and its grains."""
    manifest = project.stores["duckdb"].planner.manifest
    found = []
    for metric in manifest.metrics:
        parts = metric.type_params
        if parts.numerator and parts.denominator and metric.filter is None:
            if parts.numerator.filter or parts.denominator.filter:
                continue
            assert metric.config is not None
            grains = list(metric.config.meta["grains"])
            found.append((metric.name, parts.numerator.name, parts.denominator.name, grains))
    return found


@pytest.mark.slow
@BOTH
def test_a_ratio_is_its_parts_at_every_grain(engine: str, demo_project: BuiltProject) -> None:
    ratios = _ratios(demo_project)
    assert len(ratios) > 10
    compared = 0
    for name, numerator, denominator, grains in ratios:
        periods = [[f"metric_time__{grain}"] for grain in grains]
        for group in periods if name in NEEDS_A_PERIOD else [[], *periods]:
            for row in _ask(demo_project, engine, [name, numerator, denominator], group):
                below = float(row[denominator] or 0)
                if below == 0:
                    assert row[name] is None, (name, row)
                else:
                    expected = float(row[numerator] or 0) / below
                    assert isclose(float(row[name]), expected, rel_tol=1e-9), (name, row)
                    compared += 1
    assert compared > 1000


@pytest.mark.slow
@BOTH
def test_a_snapshot_is_the_state_replayed_to_that_day(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    names = [
        "opportunity",
        "owner",
        "stage__stage_name",
        "forecast_category_then__forecast_category_name",
    ]
    rows = _ask(
        demo_project,
        engine,
        ["pipeline_snapshot", "weighted_pipeline_snapshot", "open_opportunity_snapshot"],
        ["metric_time__day", *names],
    )
    by_day: dict[date, set[tuple[object, ...]]] = {}
    for row in rows:
        opportunity, *attributes = (row[name] for name in names)
        if row["open_opportunity_snapshot"] and opportunity.startswith("salesforce"):
            day = row["metric_time__day"].date()
            amounts = (row["pipeline_snapshot"], row["weighted_pipeline_snapshot"])
            state = (opportunity, *attributes, *(_number(amount) for amount in amounts))
            by_day.setdefault(day, set()).add(state)
    dice = random.Random(7)
    days = [LAST_DAY, *(LAST_DAY - timedelta(days=dice.randrange(1, 1000)) for _ in range(25))]
    for day in days:
        midnight = datetime(day.year, day.month, day.day) + timedelta(days=1)
        replayed = set()
        for opportunity in pipeline_oracle.facts.replayed:
            state = opportunity.before(midnight)
            if state is not None and state.is_open:
                replayed.add(
                    (
                        f"salesforce:{opportunity.opportunity_id}",
                        f"salesforce:{state.owner}",
                        state.stage.name,
                        state.condition.forecast_category,
                        _number(state.amount),
                        _number(state.weighted),
                    )
                )
        assert replayed
        assert by_day[day] == replayed, day
