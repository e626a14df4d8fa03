"""The pipeline of any past day and its walk equal the oracle, by slices of the time, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.comparing import answer_of_salesforce, differences, name_of

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

SNAPSHOTS = (
    "pipeline_snapshot",
    "weighted_pipeline_snapshot",
    "open_opportunity_snapshot",
    "overdue_rate_snapshot",
)
DAY_OVER_DAY = ("pipeline_day_over_day", "weighted_pipeline_day_over_day")
WALK = tuple(
    f"pipeline_walk_{part}"
    for part in (
        "start",
        "created",
        "reopened",
        "increased",
        "decreased",
        "won",
        "lost",
        "moved",
        "end",
    )
)
HISTORY_METRICS = (*SNAPSHOTS, *DAY_OVER_DAY, *WALK)
GROUPS = (
    (),
    ("day",),
    ("month",),
    ("fiscal_quarter", "stage_name"),
    ("week", "owner"),
    ("month", "forecast_category"),
    ("quarter", "close_quarter"),
    ("quarter", "account__industry"),
    ("year", "opportunity__stage_name"),
    ("month", "owner__team"),
)
DAILY_GROUPS = (("day",), ("day", "owner"), ("day", "stage_name"))
# What the oracle calls by a plain name is an attribute of the time.
OF_THE_TIME = {
    "stage_name": "stage__stage_name",
    "forecast_category": "forecast_category_then__forecast_category_name",
    "close_quarter": "close_day__close_quarter",
}
QUESTIONS = [
    *(
        (metric, group)
        for metric in (*SNAPSHOTS, *WALK)
        for group in GROUPS
        # Nothing was there before the beginning.
        if (metric, group) != ("pipeline_walk_start", ())
    ),
    *((metric, group) for metric in DAY_OVER_DAY for group in DAILY_GROUPS),
]


@pytest.mark.slices
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize(("metric", "group"), QUESTIONS, ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    found = answer_of_salesforce(demo_project, engine, metric, group, OF_THE_TIME)
    assert expected, "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=metric == "overdue_rate_snapshot")
