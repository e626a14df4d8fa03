"""The oracle on the real export, against the numbers its documents give."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from oracle.oracle import Oracle
from oracle.reading import read_csv_directory

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    location = os.environ.get("METRICS_STORE_REAL_DATA")
    if not location:
        pytest.skip("METRICS_STORE_REAL_DATA is not set: the real Pipedrive export is not here")
    return Oracle(read_csv_directory(Path(location) / "pipedrive"), date(2025, 3, 31))


def test_month_by_step_rows(oracle: Oracle) -> None:
    by = ["month", "funnel_step"]
    assert len(oracle.value("funnel_deals_first_entry", by)) == 128
    assert len(oracle.value("funnel_deals", by)) == 142


def test_first_entries_of_january_and_february_2024(oracle: Oracle) -> None:
    counts = oracle.value("funnel_deals_first_entry", ["month", "funnel_step"])
    february = {step: count for (month, step), count in counts.items() if month == FEBRUARY}
    assert february == {
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
    assert [counts[JANUARY, step] for step in ("1", "2", "2.1")] == [30, 6, 77]


def test_rate_and_cohort_of_february_2024(oracle: Oracle) -> None:
    name = "lead_generation_to_qualified_lead"
    assert oracle.value(f"{name}_rate", ["month"])[FEBRUARY,] == 74 / 194
    assert oracle.value(f"{name}_conversion", ["month"])[FEBRUARY,] == 139 / 194
    assert oracle.value("qualified_lead_to_needs_assessment_rate", ["month"])[FEBRUARY,] == 27 / 74


def test_rep_report_rows_by_user_and_by_masked_name(oracle: Oracle) -> None:
    reps = oracle.value("activities_completed", ["month", "owner", "owner_name"])
    assert len(reps) == 2117
    masked = {(month, re.sub(r"(\w)\w*", r"\1***", str(name))) for month, _, name in reps}
    assert len(masked) == 1383


def test_calls_and_stage_entries(oracle: Oracle) -> None:
    calls = [oracle.value(f"sales_call_{number}_completed")[()] for number in (1, 2)]
    assert calls[0] is not None
    assert calls[1] is not None
    assert calls[0] + calls[1] == 1128
    assert oracle.value("stage_entries") == {(): 8906}
    assert len(oracle.facts.conversions) == 8902
    stage_firsts = [fact for fact in oracle.facts.first_entries if "." not in fact["funnel_step"]]
    assert len(stage_firsts) == 8891


def test_every_lifecycle_ends_with_its_own_loss(oracle: Oracle) -> None:
    # The five ids used twice interleave: the first loss of each is that of its first lifecycle.
    lost = [fact for fact in oracle.facts.funnel_events if fact["funnel_step"] == "Lost"]
    assert len(lost) == 2000
    assert oracle.value("lost_deals") == {(): 2000}
    assert oracle.value("lost_deals", ["month"])[date(2024, 11, 1),] == 213
    stays = [
        (fact["exit"] - fact["time"]).total_seconds() / 86400
        for fact in oracle.facts.stage_entries
        if fact["stage_id"] == "2"
    ]
    assert round(sum(stays) / len(stays), 2) == 15.44
    assert max(stays) < 70
