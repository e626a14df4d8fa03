"""Every metric of the funnel equals the oracle, by grains, slices and CRM, on both engines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from definitions.comparing import GRAINS, differences, name_of, with_plain_days
from definitions.test_forecast_oracle import FORECAST_METRICS
from definitions.test_health_oracle import HEALTH_METRICS
from definitions.test_history_oracle import HISTORY_METRICS
from definitions.test_outcomes_oracle import OUTCOME_METRICS
from definitions.test_pipeline_oracle import PIPELINE_METRICS
from definitions.test_quota_oracle import QUOTA_METRICS
from definitions.test_reported_pipeline import REPORTED_METRICS
from definitions.test_slippage_oracle import SLIPPAGE_METRICS
from definitions.test_velocity_oracle import VELOCITY_METRICS
from oracle import METRICS, Oracle
from oracle.pipeline.funnel import salesforce_funnel
from oracle.steps import WORDS

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

FUNNEL = ["funnel_deals", "funnel_deals_first_entry", "lost_deals"]
STEP_DEALS = [name for name in METRICS if name.endswith("_deals") and name not in FUNNEL]
RATES = [name for name in METRICS if name.endswith("_rate")]
CONVERSIONS = [name for name in METRICS if "_conversion" in name]
ACTIVITY = [
    "deals_worked",
    "activities_completed",
    "sales_call_1_completed",
    "sales_call_2_completed",
    "other_activities",
]
GROWTH = ["funnel_deals_mom", "funnel_deals_yoy"]
# The steps that the stage map gives to Salesforce's stages.
SALESFORCE_STEPS = tuple(WORDS[step] for step in ("1", "2", "3", "4", "5"))
Group = tuple[str, ...]


def _questions() -> list[tuple[str, Group]]:
    additive = [*FUNNEL, *STEP_DEALS, *RATES, *CONVERSIONS, *ACTIVITY, "stage_entries"]
    asked: list[tuple[str, Group]] = [
        (name, group) for name in additive for group in ((), ("month",), ("month", "owner"))
    ]
    asked += [(name, ("fiscal_quarter",)) for name in additive]
    asked += [(name, (grain,)) for name in [*FUNNEL, *ACTIVITY] for grain in GRAINS]
    asked += [(name, ("month", "funnel_step")) for name in FUNNEL[:2]]
    asked += [(name, ("funnel_step", "kpi_name")) for name in FUNNEL[:2]]
    asked += [(name, ("fiscal_year", "owner_name")) for name in [*FUNNEL, *ACTIVITY]]
    asked += [("lost_deals", ("lost_reason",)), ("lost_deals", ("quarter", "lost_reason"))]
    asked += [("stage_entries", ("stage_name",)), ("stage_entries", ("week", "stage_name"))]
    asked += [("stage_entries", ("funnel_step",)), ("stage_entries", ("opportunity",))]
    asked += [("activities_completed", ("month", "activity_type"))]
    asked += [(name, group) for name in GROWTH for group in (("month",), ("month", "funnel_step"))]
    return asked


def _questions_of_salesforce() -> list[tuple[str, Group]]:
    """Give those about the steps that Salesforce has: it knows no calls and no lost reasons."""
    between = tuple(f"{step}_to_{following}_" for step, following in pairwise(SALESFORCE_STEPS))
    metrics = [*FUNNEL, *(f"{word}_deals" for word in SALESFORCE_STEPS)]
    metrics += [name for name in (*RATES, *CONVERSIONS) if name.startswith(between)]
    return [
        (name, group)
        for name, group in _questions()
        if name in (*metrics, *GROWTH) and not {"owner_name", "lost_reason"} & set(group)
    ]


QUESTIONS = [
    *(("pipedrive", question) for question in _questions()),
    *(("salesforce", question) for question in _questions_of_salesforce()),
]


@pytest.fixture(scope="session")
def oracles(demo_oracle: Oracle, pipeline_oracle: PipelineOracle) -> dict[str, Oracle]:
    return {"pipedrive": demo_oracle, "salesforce": salesforce_funnel(pipeline_oracle)}


def _group_by(metric: str, name: str) -> str:
    """Give the store's name for what the oracle calls by a plain one."""
    if name in GRAINS:
        return f"metric_time__{name}"
    return {
        "owner": "owner",
        "owner_name": "owner__owner_name",
        "opportunity": "opportunity",
        "stage_name": "stage__stage_name",
        "activity_type": "activity__activity_type_key",
        "funnel_step": f"{_event(metric)}__funnel_step",
        "kpi_name": "funnel_event__kpi_name",
        "lost_reason": "funnel_event__lost_reason",
    }[name]


def _event(metric: str) -> str:
    """Give the entity whose rows the metric counts."""
    if metric in ACTIVITY:
        return "activity"
    return "stage_entry" if metric in ("stage_entries", *CONVERSIONS) else "funnel_event"


@pytest.mark.slices
@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    ("crm_source", "question"),
    QUESTIONS,
    ids=lambda part: part if isinstance(part, str) else name_of((part[0], *part[1])),
)
def test_equals_the_oracle(
    engine: str,
    crm_source: str,
    question: tuple[str, Group],
    demo_project: BuiltProject,
    oracles: dict[str, Oracle],
) -> None:
    metric, group = question
    expected = oracles[crm_source].value(metric, group)
    names = [_group_by(metric, name) for name in group]
    answer = demo_project.answer(engine, metric, *names, f"{_event(metric)}__crm_source")
    of_crm = {key[:-1]: value for key, value in answer.items() if key[-1] == crm_source}
    found = with_plain_days(of_crm)
    is_ratio = metric in (*RATES, *CONVERSIONS, *GROWTH)
    assert expected, "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=is_ratio)


def test_the_oracle_knows_every_metric(demo_project: BuiltProject) -> None:
    manifest = demo_project.stores["duckdb"].planner.manifest
    answers = {
        metric.name
        for metric in manifest.metrics
        # A private one is MetricFlow's own, made of a measure that another metric needs.
        if not metric.type_params.is_private
        and not (metric.config and metric.config.meta.get("building_block"))
    }
    assert answers == {
        *METRICS,
        *PIPELINE_METRICS,
        *OUTCOME_METRICS,
        *QUOTA_METRICS,
        *HEALTH_METRICS,
        *HISTORY_METRICS,
        *VELOCITY_METRICS,
        *SLIPPAGE_METRICS,
        *FORECAST_METRICS,
        *REPORTED_METRICS,
    }
