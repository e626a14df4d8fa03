"""The pipeline oracle on the real Salesforce export, against the figures known of it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from oracle.pipeline import PipelineOracle
from oracle.pipeline.reading import read_csv_directory


@pytest.fixture(scope="module")
def oracle() -> PipelineOracle:
    location = os.environ.get("METRICS_STORE_REAL_DATA")
    if not location:
        pytest.skip("METRICS_STORE_REAL_DATA is not set: the real Salesforce export is not here")
    raw = read_csv_directory(Path(location) / "salesforce_export")
    assert (len(raw["opportunity"]), len(raw["opportunity_history"])) == (31, 62)
    return PipelineOracle(raw, date(2023, 12, 31))


def test_eighteen_closed_all_won_and_the_open_pipeline(oracle: PipelineOracle) -> None:
    assert oracle.value("opportunity_count") == {(): 31}
    assert oracle.value("closed_count") == oracle.value("won_count") == {(): 18}
    assert oracle.value("win_rate") == {(): 1}
    assert oracle.value("open_pipeline") == {(): 2_115_000}
    assert oracle.value("overdue_rate") == {(): 1}


def test_two_rows_in_the_first_second_are_no_pushes(oracle: PipelineOracle) -> None:
    assert {len(replayed.states) for replayed in oracle.facts.replayed} == {1}
    assert oracle.value("pushed_count") == {}
    assert oracle.value("stage_entries") == {(): 31}


def test_close_dates_before_creation_leave_no_sales_cycle(oracle: PipelineOracle) -> None:
    assert oracle.value("sales_cycle_days") == {(): None}
    assert oracle.value("sales_velocity") == {(): None}


def test_the_pipeline_is_created_in_one_instant(oracle: PipelineOracle) -> None:
    october, november = date(2023, 10, 1), date(2023, 11, 1)
    assert oracle.value("pipeline_snapshot", ["month"])[november,] == 2_115_000
    assert oracle.value("pipeline_walk_created", ["month"]) == {(october,): 2_115_000}
