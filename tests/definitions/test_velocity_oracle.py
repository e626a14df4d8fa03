"""Stage velocity and stage win rates equal the oracle, by every dimension, on both engines."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from definitions.comparing import (
    differences,
    has_meaning,
    name_of,
    of_salesforce,
    store_names,
    with_plain_days,
)
from metrics_store.demo.demo_calendar import LAST_DAY
from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle import Oracle
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

DAYS = ("average_days_in_stage", "median_days_in_stage", "p90_days_in_stage", "bottleneck_rate")
# Sums of floats: nothing is 0, and they are as exact as floats are.
FLOAT_SUMS = ("value_in_stage_days", "monthly_value_impact", "stage_adjusted_pipeline")
ENTRIES = ("stage_entries", *DAYS, "value_in_stage_days", "monthly_value_impact")
VELOCITY_METRICS = (*ENTRIES, "stage_win_rate", "stage_adjusted_pipeline")

SLICES = (
    (),
    ("month",),
    ("fiscal_quarter",),
    ("owner",),
    ("owner__team",),
    ("account__industry",),
    ("account__segment",),
    ("opportunity__stage_name",),
    ("opportunity__lead_source",),
    ("month", "owner"),
    ("quarter", "account__industry"),
)
BY_STAGE_ENTERED = (
    ("stage_entry__stage_name",),
    ("stage_name",),
    ("week", "stage_entry__stage_name"),
    ("owner", "stage_entry__stage_name"),
    ("fiscal_year", "stage_name"),
)
# The stage that was entered, by way of the stage itself; the oracle's stage_name is that of the
# moment, and of an outcome that of today.
NAMES = {"stage_name": "stage__stage_name"}
QUESTIONS = [
    *(
        (metric, group)
        for metric in VELOCITY_METRICS
        for group in SLICES
        if has_meaning(metric, group)
    ),
    *((metric, group) for metric in ENTRIES for group in BY_STAGE_ENTERED),
    *(("stage_win_rate", group) for group in BY_STAGE_ENTERED if "stage_name" not in group),
]


@pytest.mark.slices
@BOTH
@pytest.mark.parametrize(("metric", "group"), QUESTIONS, ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = dict(pipeline_oracle.value(metric, group))
    names = [*store_names(group, NAMES), "opportunity__crm_source"]
    found = with_plain_days(of_salesforce(demo_project.answer(engine, metric, *names)))
    assert expected, "the oracle has nothing to compare with"
    if metric in FLOAT_SUMS:
        for answer in (expected, found):
            answer.update({key: 0.0 for key in {*expected, *found} if key not in answer})
    assert not differences(expected, found, is_ratio=metric != "stage_entries")


@BOTH
@pytest.mark.parametrize("group", [("stage_name",), ("month", "stage_name")], ids=name_of)
def test_stage_win_rate_by_the_stage_itself(
    engine: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    named = [name.replace("stage_name", "stage_entry__stage_name") for name in group]
    expected = pipeline_oracle.value("stage_win_rate", named)
    names = [*store_names(group, NAMES), "opportunity__crm_source"]
    answer = demo_project.answer(engine, "stage_win_rate", *names)
    assert not differences(expected, with_plain_days(of_salesforce(answer)), is_ratio=True)


@BOTH
def test_the_demo_tells_rates_and_probabilities_apart(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle
) -> None:
    """Some open opportunities go by their stage's rate, and some by their own probability."""
    fewest = pipeline_oracle.settings.fewest_closed
    rates = pipeline_oracle.facts.stage_rates
    entered = [
        rates.get(fact["opportunity__stage_name"], (0, 0))[0] for fact in pipeline_oracle.facts.open
    ]
    assert any(closed >= fewest for closed in entered)
    assert any(closed < fewest for closed in entered)
    adjusted, weighted = (
        float(demo_project.answer(engine, metric)[()])
        for metric in ("stage_adjusted_pipeline", "weighted_pipeline")
    )
    assert adjusted != pytest.approx(weighted, rel=1e-3)


@BOTH
def test_days_of_pipedrive_stages(
    engine: str, demo_project: BuiltProject, demo_oracle: Oracle
) -> None:
    """The loss ends the last stage; a deal that is open is in its stage until today."""
    end = midnight(LAST_DAY) + timedelta(days=1)
    days: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for entry in demo_oracle.facts.stage_entries:
        stay = (entry["exit"] or end) - entry["time"]
        days[entry["stage_name"], "pipedrive"].append(stay / timedelta(days=1))
    answer = demo_project.answer(
        engine, "average_days_in_stage", "stage_entry__stage_name", "stage_entry__crm_source"
    )
    found = {key: value for key, value in answer.items() if key[-1] == "pipedrive"}
    expected = {key: fmean(values) for key, values in days.items()}
    assert not differences(expected, found, is_ratio=True)


@BOTH
def test_pipedrive_deals_have_no_value_and_are_never_won(
    engine: str, demo_project: BuiltProject
) -> None:
    for metric in ("value_in_stage_days", "stage_adjusted_pipeline"):
        answer = demo_project.answer(engine, metric, "opportunity__crm_source")
        assert answer["pipedrive",] == 0
    # Nothing says which of them would have been won.
    rates = demo_project.answer(engine, "stage_win_rate", "opportunity__crm_source")
    assert rates.keys() == {("salesforce",)}
