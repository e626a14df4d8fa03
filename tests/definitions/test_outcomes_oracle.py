"""Outcomes in time and sales velocity equal the oracle, at every grain they are right at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from definitions.comparing import (
    answer_of_salesforce,
    differences,
    name_of,
    of_salesforce,
    store_names,
    with_plain_days,
)
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

FISCAL_TO_DATE = ("month", "fiscal_quarter", "fiscal_year", "")
# The grains of each metric; "" is no period.
TO_DATE = {
    "won_revenue_mtd": ("month",),
    "won_revenue_qtd": ("month", "quarter"),
    "won_revenue_ytd": ("month", "quarter", "year"),
    "won_revenue_fiscal_qtd": FISCAL_TO_DATE,
    "won_revenue_fiscal_ytd": FISCAL_TO_DATE,
    "won_revenue_rolling_3m": ("month",),
    "won_revenue_rolling_12m": ("month",),
}
GROWTH = {
    "won_revenue_qoq_growth": ("quarter",),
    "won_revenue_yoy_growth": ("month", "quarter", "year"),
    "win_rate_qoq_change": ("quarter",),
    "won_revenue_fiscal_qoq_growth": ("fiscal_quarter",),
    "won_revenue_fiscal_yoy_growth": ("fiscal_quarter",),
    "won_revenue_fiscal_year_growth": ("fiscal_year",),
    "win_rate_fiscal_qoq_change": ("fiscal_quarter",),
}
OF_OPEN_ONES = {
    "average_deal_age_days": ("week", "month", "fiscal_quarter", ""),
    "sales_velocity": ("month", "quarter", "fiscal_quarter", "fiscal_year", ""),
}
OUTCOME_METRICS = (*TO_DATE, *GROWTH, *OF_OPEN_ONES)
# The oracle takes fiscal periods where MetricFlow needs a metric of its own.
ORACLE_NAMES = {
    "won_revenue_fiscal_qoq_growth": "won_revenue_qoq_growth",
    "won_revenue_fiscal_yoy_growth": "won_revenue_yoy_growth",
    "won_revenue_fiscal_year_growth": "won_revenue_yoy_growth",
    "win_rate_fiscal_qoq_change": "win_rate_qoq_change",
}
SLICES = (
    (),
    ("account__industry",),
    ("owner",),
    ("owner__team",),
    ("opportunity__lead_source",),
)


def _questions(grains: dict[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (metric, (*([grain] if grain else []), *names))
        for metric, of_metric in grains.items()
        for grain in of_metric
        for names in SLICES
    ]


@pytest.mark.slices
@BOTH
@pytest.mark.parametrize(("metric", "group"), _questions({**TO_DATE, **GROWTH}), ids=name_of)
def test_equals_the_oracle_and_ends_with_the_running_period(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(ORACLE_NAMES.get(metric, metric), group)
    names = [*store_names(group, {}), "opportunity__crm_source"]
    answer = with_plain_days(demo_project.answer(engine, metric, *names))
    assert any(expected.values()), "the oracle has nothing to compare with"
    periods = [part for key in answer for part in key if isinstance(part, date)]
    assert all(period <= LAST_DAY for period in periods)
    assert not differences(expected, of_salesforce(answer), is_ratio=metric not in TO_DATE)


@pytest.mark.slices
@BOTH
@pytest.mark.parametrize(("metric", "group"), _questions(OF_OPEN_ONES), ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    answer = answer_of_salesforce(demo_project, engine, metric, group)
    assert any(expected.values()), "the oracle has nothing to compare with"
    assert not differences(expected, answer, is_ratio=True)


@pytest.mark.parametrize("grain", ["day", "week", "fiscal_quarter"])
@pytest.mark.parametrize("metric", ["won_revenue_qtd", "won_revenue_rolling_3m"])
def test_calendar_months_refuse_what_is_not_made_of_them(
    metric: str, grain: str, demo_project: BuiltProject
) -> None:
    with pytest.raises(MetricsStoreError):
        demo_project.answer("duckdb", metric, f"metric_time__{grain}")
