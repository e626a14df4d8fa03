"""Every metric equals the oracle, at several grains and slices, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from definitions.comparing import GRAINS, differences, with_plain_days
from definitions.test_pipeline_oracle import PIPELINE_METRICS
from oracle import METRICS, Oracle

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

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


def _questions() -> list[tuple[str, tuple[str, ...]]]:
    additive = [*FUNNEL, *STEP_DEALS, *RATES, *CONVERSIONS, *ACTIVITY, "stage_entries"]
    asked = [(name, group) for name in additive for group in ((), ("month",), ("month", "owner"))]
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


def _group_by(metric: str, name: str) -> str:
    """Give the store's name for what the oracle calls by a plain one."""
    if name in GRAINS:
        return f"metric_time__{name}"
    entries = metric == "stage_entries" or metric in CONVERSIONS
    return {
        "owner": "owner",
        "owner_name": "owner__owner_name",
        "opportunity": "opportunity",
        "stage_name": "stage__stage_name",
        "activity_type": "activity__activity_type_key",
        "funnel_step": "stage_entry__funnel_step" if entries else "funnel_event__funnel_step",
        "kpi_name": "funnel_event__kpi_name",
        "lost_reason": "funnel_event__lost_reason",
    }[name]


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    ("metric", "group"),
    _questions(),
    ids=lambda part: part if isinstance(part, str) else "-".join(part) or "all",
)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    demo_oracle: Oracle,
) -> None:
    expected = demo_oracle.value(metric, group)
    names = [_group_by(metric, name) for name in group]
    found = with_plain_days(demo_project.answer(engine, metric, *names))
    is_ratio = metric in (*RATES, *CONVERSIONS, *GROWTH)
    assert expected, "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=is_ratio)


def test_the_oracle_knows_every_metric(demo_project: BuiltProject) -> None:
    manifest = demo_project.stores["duckdb"].planner.manifest
    answers = {
        metric.name
        for metric in manifest.metrics
        if not (metric.config and metric.config.meta.get("building_block"))
    }
    assert answers == {*METRICS, *PIPELINE_METRICS}
