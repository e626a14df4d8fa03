"""Every export of the executive and of the pipeline review equals the oracle, on both engines."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml

from definitions.comparing import GRAINS, differences, with_plain_days
from definitions.reporting import Row, ask_reports
from definitions.test_outcomes_oracle import ORACLE_NAMES
from definitions.warehouses import ROOT
from metrics_store.demo.demo_calendar import LAST_DAY

if TYPE_CHECKING:
    from definitions.warehouses import Answer, BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

QUERIES = {
    query["name"]: query["query_params"]
    for reader in ("executive", "pipeline_pulse")
    for query in yaml.safe_load((ROOT / "saved_queries" / f"{reader}.yml").read_text())[
        "saved_queries"
    ]
    if query.get("exports")
}
# It is of days and opportunities, which are many: below.
MOVERS = "pipeline_pulse_movers"
# It has the day of the build alone: below.
REPORTED = "pipeline_pulse_reported_daily"
# What the oracle calls by another name.
NAMES = {
    "stage__stage_name": "stage_name",
    "forecast_category_then__forecast_category_name": "forecast_category",
}
# The owner's name goes with the owner.
LABELS = ("owner__owner_label",)
# Nothing is 0 there; elsewhere it is NULL.
AMOUNTS_AND_COUNTS = re.compile(
    r"open_pipeline|weighted_pipeline|overdue_pipeline|likely_to_close|pipeline_created_.*"
    r"|won_revenue(_mtd|_qtd|_ytd|_fiscal_qtd|_fiscal_ytd|_rolling_.*)?|.*_count"
    r"|pipeline_walk_.*|.*_day_over_day|(open_|weighted_)?(pipeline|opportunity)_snapshot"
)
# A sum of floats, as exact as they are.
FLOAT_SUM = "stage_adjusted_pipeline"
SIGNS = {"created": 1, "reopened": 1, "increased": 1, "decreased": -1, "won": -1, "lost": -1}


def _export(project: BuiltProject, engine: str, name: str) -> list[Row]:
    schema = "exports" if engine == "duckdb" else "dev_exports"
    return ask_reports(project, engine, f"select * from {schema}.export_{name}")


def _begun(answer: Answer) -> Answer:
    """Leave out periods that have not begun: there the store has rows that say nothing."""
    return {
        key: value
        for key, value in answer.items()
        if not any(isinstance(part, date) and part > LAST_DAY for part in key)
    }


@BOTH
@pytest.mark.parametrize("name", [name for name in QUERIES if name not in {MOVERS, REPORTED}])
def test_equals_the_oracle(
    engine: str, name: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    rows = _export(demo_project, engine, name)
    metrics = QUERIES[name]["metrics"]
    columns = [column for column in rows[0] if column not in {*metrics, *LABELS}]
    periods = [column.rpartition("__")[2] for column in columns]
    group = [
        period if period in GRAINS else NAMES.get(column, column)
        for column, period in zip(columns, periods, strict=True)
    ]
    for metric in metrics:
        found = with_plain_days(
            {tuple(row[column] for column in columns): row[metric] for row in rows}
        )
        assert len(found) == len(rows), "two rows for one group"
        expected = dict(pipeline_oracle.value(ORACLE_NAMES.get(metric, metric), group))
        assert expected, "the oracle has nothing to compare with"
        if metric == FLOAT_SUM:
            for answer in (expected, found):
                answer.update({key: 0.0 for key in {*expected, *found} if key not in answer})
        if name != "pipeline_pulse_by_close_month":
            expected, found = _begun(expected), _begun(found)
        is_ratio = not AMOUNTS_AND_COUNTS.fullmatch(metric)
        assert not differences(expected, found, is_ratio=is_ratio), metric


@BOTH
def test_the_build_has_reported_its_own_day(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    (row,) = _export(demo_project, engine, REPORTED)
    assert row["metric_time__day"].date() == LAST_DAY
    for metric in ("pipeline", "weighted_pipeline"):
        expected = pipeline_oracle.value(f"{metric}_snapshot", ())
        found = {(): row[f"{metric}_as_reported"]}
        assert not differences(dict(expected), found, is_ratio=False), metric
    schema = "marts" if engine == "duckdb" else "dev_marts"
    open_now = f"select count(*) as n from {schema}.fct_opportunities where is_open"
    assert (
        row["open_opportunities_as_reported"] == ask_reports(demo_project, engine, open_now)[0]["n"]
    )


@BOTH
def test_movers_are_the_walk_of_the_last_seven_days(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    expected: dict[tuple[object, ...], float] = defaultdict(float)
    for part, sign in SIGNS.items():
        answer = pipeline_oracle.value(f"pipeline_walk_{part}", ("day", "opportunity"))
        for key, value in answer.items():
            if key[0] > LAST_DAY - timedelta(days=7):  # type: ignore[operator]
                expected[key] += sign * (value or 0)
    rows = _export(demo_project, engine, MOVERS)
    found = {
        (row["metric_time__day"].date(), row["opportunity"]): float(row["pipeline_day_over_day"])
        for row in rows
    }
    assert len(found) == len(rows)
    assert set(found) >= {key for key, value in expected.items() if abs(value) > 0.001}
    assert found == pytest.approx({key: expected.get(key, 0.0) for key in found}, abs=0.001)
    assert all(row["opportunity__opportunity_name"] for row in rows)
    # One whose weight alone changes is a mover too.
    weights = [row["weighted_pipeline_day_over_day"] for row in rows]
    assert any(
        weight and not change for weight, change in zip(weights, found.values(), strict=True)
    )
    assert len({day for day, _ in found}) > 3
