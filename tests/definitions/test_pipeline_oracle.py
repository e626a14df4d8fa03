"""Pipeline, outcomes and win rates equal the oracle, by every dimension, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.comparing import answer_of_salesforce, differences, has_meaning, name_of

if TYPE_CHECKING:
    from definitions.warehouses import Answer, BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

AMOUNTS_AND_COUNTS = (
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
)
RATIOS = (
    "overdue_rate",
    "average_deal_size",
    "average_won_deal_size",
    "win_rate",
    "win_rate_amount",
    "win_rate_cohort",
    "sales_cycle_days",
    "median_sales_cycle_days",
)
PIPELINE_METRICS = (*AMOUNTS_AND_COUNTS, *RATIOS)
DIMENSIONS = (
    "owner",
    "owner__team",
    "owner__manager_name",
    "account__industry",
    "account__segment",
    "account__account_type",
    "account__billing_country",
    "account__is_active",
    "opportunity__stage_name",
    "opportunity__forecast_category",
    "opportunity__opportunity_type",
    "opportunity__lead_source",
    "opportunity__close_date_bucket",
    "opportunity__is_overdue",
)
GROUPS = (
    (),
    *((grain,) for grain in ("week", "month", "year", "fiscal_quarter")),
    *((dimension,) for dimension in DIMENSIONS),
    ("month", "owner"),
    ("fiscal_quarter", "account__industry"),
)
QUESTIONS = [
    (metric, group) for metric in PIPELINE_METRICS for group in GROUPS if has_meaning(metric, group)
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
    found = answer_of_salesforce(demo_project, engine, metric, group)
    assert expected, "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=metric in RATIOS)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_pipedrive_deals_count_and_have_no_amount(engine: str, demo_project: BuiltProject) -> None:
    def ask(metric: str) -> Answer:
        answer = demo_project.answer(engine, metric, "opportunity__crm_source")
        return {key[0]: value for key, value in answer.items()}  # type: ignore[misc]

    created, closed = ask("opportunity_count"), ask("closed_count")
    still_open = ask("open_opportunity_count")
    assert created["pipedrive"] == closed["pipedrive"] + still_open["pipedrive"] > 0
    # Nothing says which of them would have been won.
    assert ask("win_rate")["pipedrive"] is None
    assert ask("open_pipeline")["pipedrive"] == 0
    assert ask("average_deal_size")["pipedrive"] is None
