"""Quotas, and facts by the team of their time, equal the oracle on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.comparing import differences, name_of, of_salesforce, store_names, with_plain_days
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

COVERAGES = ("pipeline_coverage", "pipeline_coverage_of_quota")
QUOTA_METRICS = ("quota", "quota_attainment", *COVERAGES)
PERIODS = ("month", "quarter", "year", "fiscal_quarter", "fiscal_year")
TEAM_THEN = "owner_membership__team"
SLICES = (
    (),
    ("owner",),
    ("owner__team",),
    ("owner__manager_name",),
    (TEAM_THEN,),
    ("owner", TEAM_THEN),
)
GROUPS = tuple((period, *slices) for period in PERIODS for slices in SLICES)
# One or two metrics of each fact that has an owner: by created date, close date, or its own time.
BY_TEAM = (
    "opportunity_count",
    "pipeline_created_amount",
    "win_rate_cohort",
    "open_pipeline",
    "won_revenue",
    "win_rate",
    "pipeline_walk_created",
    "pipeline_walk_won",
    "pipeline_walk_moved",
)
RATIOS = ("quota_attainment", *COVERAGES, "win_rate", "win_rate_cohort")


@pytest.mark.slices
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize("group", GROUPS, ids=name_of)
@pytest.mark.parametrize("metric", QUOTA_METRICS)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    found = with_plain_days(demo_project.answer(engine, metric, *store_names(group, {})))
    assert any(expected.values()), "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=metric in RATIOS)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize("metric", QUOTA_METRICS)
def test_days_and_weeks_have_no_quota(engine: str, metric: str, demo_project: BuiltProject) -> None:
    for grain in ("day", "week"):
        for others in ([], ["owner"], [TEAM_THEN]):
            answer = demo_project.answer_by_any_grain(
                engine, metric, f"metric_time__{grain}", *others
            )
            assert set(answer.values()) == {None}


@pytest.mark.parametrize(
    "group_by",
    [
        (),
        ("owner",),
        ("metric_time__month", "account__industry"),
        ("metric_time__month", "stage__stage_name"),
        ("metric_time__month", "opportunity__crm_source"),
    ],
    ids=name_of,
)
@pytest.mark.parametrize("metric", QUOTA_METRICS)
def test_no_period_and_other_slices_are_refused(
    metric: str, group_by: tuple[str, ...], demo_project: BuiltProject
) -> None:
    with pytest.raises(MetricsStoreError, match=r"at a time only|nothing by this name"):
        demo_project.answer("duckdb", metric, *group_by)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    "group",
    [
        (TEAM_THEN,),
        ("month", TEAM_THEN),
        ("fiscal_quarter", TEAM_THEN),
        ("day", "owner", TEAM_THEN),
    ],
    ids=name_of,
)
@pytest.mark.parametrize("metric", BY_TEAM)
def test_a_fact_is_in_the_team_of_its_own_time(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    names = [*store_names(group, {}), "opportunity__crm_source"]
    found = with_plain_days(of_salesforce(demo_project.answer(engine, metric, *names)))
    assert any(expected.values()), "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=metric in RATIOS)


def test_the_demo_has_teams_that_changed(pipeline_oracle: PipelineOracle) -> None:
    now = pipeline_oracle.value("won_revenue", ["owner__team"])
    then = pipeline_oracle.value("won_revenue", [TEAM_THEN])
    assert len({*now, *then}) > 4
    assert now != then
    # Somebody was in no team for a while.
    assert then[None,]
    assert (None,) not in now
