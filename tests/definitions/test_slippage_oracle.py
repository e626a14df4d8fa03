"""Pushes, and what was due in a fiscal quarter and slipped, equal the oracle on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from definitions.comparing import (
    answer_of_salesforce,
    differences,
    has_meaning,
    name_of,
    of_salesforce,
)
from definitions.conftest import DEMO_VARIABLES
from definitions.warehouses import BuiltProject
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import load_target
from metrics_store.query.metric_store import open_store

if TYPE_CHECKING:
    from definitions.forked_dbt import ForkedDbt
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")

PUSHES = (
    "pushed_count",
    "pushed_amount",
    "average_days_pushed",
    "pulled_in_amount",
    "pushes_per_opportunity",
)
DUE = (
    "due_opportunity_count",
    "slipped_opportunity_count",
    "slippage_rate",
    "due_amount",
    "slipped_amount",
    "slippage_rate_amount",
)
SLIPPAGE_METRICS = (*PUSHES, *DUE)
RATIOS = ("average_days_pushed", "pushes_per_opportunity", "slippage_rate", "slippage_rate_amount")
# What the oracle calls by a plain name is an attribute of the time.
OF_THE_TIME = {
    "stage_name": "stage__stage_name",
    "forecast_category": "forecast_category_then__forecast_category_name",
    "close_quarter": "close_day__close_quarter",
    "is_across_quarters": "close_date_change__is_across_quarters",
    "slip_kind": "due_opportunity__slip_kind",
    "is_provisional": "due_opportunity__is_provisional",
}
GROUPS = (
    (),
    ("fiscal_quarter",),
    ("fiscal_year",),
    ("owner",),
    ("stage_name",),
    ("account__industry",),
    ("opportunity__stage_name",),
    ("fiscal_quarter", "owner"),
    ("fiscal_quarter", "account__industry"),
    ("fiscal_year", "forecast_category"),
)


def is_by_period(group: tuple[str, ...]) -> bool:
    """Whether what is due in a quarter is asked by quarters, or by years of them."""
    return group[:1] in (("fiscal_quarter",), ("fiscal_year",))


QUESTIONS = [
    *((metric, group) for metric in PUSHES for group in GROUPS),
    *((metric, group) for metric in DUE for group in GROUPS if is_by_period(group)),
    *((metric, (grain,)) for metric in PUSHES for grain in ("day", "week", "month", "year")),
    *((metric, ("month", "close_quarter")) for metric in PUSHES),
    *((metric, ("fiscal_quarter", "is_across_quarters")) for metric in PUSHES[:3]),
    *(
        (metric, group)
        for metric in DUE
        for group in (
            ("fiscal_year", "slip_kind"),
            ("fiscal_quarter", "slip_kind", "is_provisional"),
            ("fiscal_quarter", "is_provisional"),
        )
        if has_meaning(metric, group)
    ),
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
    assert not differences(expected, found, is_ratio=metric in RATIOS)


@pytest.mark.parametrize("group_by", [(), ("owner",), ("due_opportunity__quarter_start__month",)])
@pytest.mark.parametrize("metric", DUE)
def test_what_is_due_is_not_asked_over_all_time(
    metric: str, group_by: tuple[str, ...], demo_project: BuiltProject
) -> None:
    """An opportunity that slips from quarter to quarter would count in each."""
    with pytest.raises(MetricsStoreError, match="has a meaning by period only"):
        demo_project.answer("duckdb", metric, *group_by)


@pytest.mark.parametrize("metric", DUE)
def test_what_is_due_is_not_asked_by_month(metric: str, demo_project: BuiltProject) -> None:
    with pytest.raises(MetricsStoreError, match="no meaning by month"):
        demo_project.answer_by_any_grain("duckdb", metric, "metric_time__month")


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
@pytest.mark.parametrize("grain", ["day", "week", "quarter", "year"])
@pytest.mark.parametrize("metric", DUE)
def test_parts_of_fiscal_quarters_have_no_answer(
    engine: str, metric: str, grain: str, demo_project: BuiltProject
) -> None:
    """The demo's fiscal quarters begin a month after the calendar's."""
    answer = demo_project.answer_by_any_grain(engine, metric, f"metric_time__{grain}")
    assert set(answer.values()) == {None}


@pytest.mark.slow
def test_pushes_have_the_reason_of_the_column_that_the_var_names(
    broken_project: BuiltProject,
    demo_dbt: dict[str, ForkedDbt],
    pipeline_oracle: PipelineOracle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = (broken_project.project / "warehouse" / "sales_pipeline.duckdb").resolve()
    with duckdb.connect(str(live)) as connection:
        connection.execute(
            'alter table raw_salesforce.opportunity add column "Push_Reason__c" text'
        )
        connection.execute(
            "update raw_salesforce.opportunity"
            " set \"Push_Reason__c\" = coalesce('because of ' || lead_source, '  ')"
        )
    demo_dbt["duckdb"].run(
        "run",
        "--vars",
        DEMO_VARIABLES.replace("}", ", push_reason_column: push_reason__C}"),
        "--select",
        "stg_salesforce__opportunities int_salesforce__opportunities int_opportunities",
        "fct_opportunities",
        project=broken_project.project,
    )
    for name, value in broken_project.environment.items():
        monkeypatch.setenv(name, value)
    store = open_store(load_target(broken_project.project, "duckdb"))
    built = BuiltProject(broken_project.project, {}, stores={"duckdb": store})
    by_source = pipeline_oracle.value("pushed_count", ["opportunity__lead_source"])
    expected: dict[tuple[object, ...], object] = {
        (source and f"because of {source}",): value for (source,), value in by_source.items()
    }
    names = ("opportunity__push_reason", "opportunity__crm_source")
    found = of_salesforce(built.answer("duckdb", "pushed_count", *names))
    assert len(expected) > 1
    assert not differences(expected, found, is_ratio=False)
