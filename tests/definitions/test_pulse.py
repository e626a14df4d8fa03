"""The Sales Pipeline Pulse on the demo: each tab and filter, its numbers those of the metrics."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from app.pages import cards, page_file, table, words
from definitions.warehouses import ROOT
from metrics_store import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from definitions.warehouses import BuiltProject
    from metrics_store.client import Connection

pytestmark = pytest.mark.xdist_group("demo")

_QUARTER = {"from": "2024-10-01", "to": "2024-12-31"}
_DAYS = {"start_time": "2024-10-01", "end_time": "2024-12-31"}
# The fiscal quarter of the last day: the demo's fiscal year begins in February.
_RUNNING = dt.datetime(2024, 11, 1)
_BEFORE = {"start_time": "2024-07-01", "end_time": "2024-09-30"}


@pytest.fixture
def metrics(demo_project: BuiltProject, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Let the app look at the demo, and give its metrics."""
    for name, value in demo_project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(demo_project.project))
    monkeypatch.setenv("METRICS_STORE_TARGET", "duckdb")
    monkeypatch.syspath_prepend(str(ROOT / "app"))
    with connect(project_dir=demo_project.project, target="duckdb") as connection:
        yield connection


def pulse(**link: str | list[str]) -> AppTest:
    return page_file(ROOT / "app" / "sales_pipeline_pulse.py", **link)


def only(metrics: Connection, name: str, **asked: Any) -> Any:  # noqa: ANN401 - of any type
    return metrics.query(name, **asked).rows()[0][name]


def amount(value: Any) -> str:  # noqa: ANN401 - a number
    """Write a number as the cards do."""
    return f"{value / 1_000_000:,.1f}M" if value >= 1_000_000 else f"{value:,.0f}"


def test_the_cards_are_the_metrics_now_and_before(metrics: Connection) -> None:
    page = pulse(**_QUARTER)
    found = cards(page)
    now = metrics.query(
        ["pipeline_snapshot", "weighted_pipeline_snapshot", "open_opportunity_snapshot"], **_DAYS
    ).rows()[0]
    assert found["Open pipeline"] == amount(now["pipeline_snapshot"])
    assert found["Open pipeline"] == amount(only(metrics, "open_pipeline"))
    assert found["Weighted pipeline"] == amount(now["weighted_pipeline_snapshot"])
    assert found["Open opportunities"] == amount(now["open_opportunity_snapshot"])
    assert found["Won revenue"] == amount(only(metrics, "won_revenue", **_DAYS))
    assert found["Average deal size"] == amount(only(metrics, "average_deal_size", **_DAYS))
    assert found["Health score"] == str(only(metrics, "pipeline_health_score", **_DAYS))
    coverage = metrics.query(
        "pipeline_coverage",
        group_by="metric_time__fiscal_quarter",
        start_time=f"{_RUNNING:%Y-%m-%d}",
    ).rows()
    known = next(row["pipeline_coverage"] for row in coverage if row["pipeline_coverage"])
    assert found["Pipeline coverage"] == f"{known:.1%}"
    before = only(metrics, "win_rate", **_BEFORE)
    # Of the rate itself and of its points, which stand in this order.
    rate, points = [one for one in page.metric if one.label == "Win rate"]
    assert rate.value == f"{only(metrics, 'win_rate', **_DAYS):.1%}"
    assert rate.delta == f"was {before:.1%}"
    assert points.value == str(only(metrics, "win_rate_score", **_DAYS))


# Each of the sidebar, in as few questions as tell them apart.
_FILTERS = [
    (
        {"industry": "Energy", "account_type": "Customer - Direct", "crm": "salesforce"},
        (
            "account__industry = 'Energy' and account__account_type = 'Customer - Direct'"
            " and opportunity__crm_source = 'salesforce'"
        ),
    ),
    (
        {
            "stage": ["Prospecting", "Qualification"],
            "team": "Sales Team Americas 1",
            "active": "yes",
        },
        (
            "stage__stage_name in ('Prospecting', 'Qualification') and account__is_active"
            " and owner__team = 'Sales Team Americas 1'"
        ),
    ),
]


@pytest.mark.parametrize(("link", "where"), _FILTERS, ids=["account", "stage"])
def test_filters_cut_cards_and_table(
    link: dict[str, str | list[str]], where: str, metrics: Connection
) -> None:
    page = pulse(**_QUARTER, **link)
    found = cards(page)
    count = only(metrics, "open_opportunity_count", where=where)
    assert 0 < count < only(metrics, "open_opportunity_count")
    assert found["Open pipeline"] == amount(only(metrics, "open_pipeline", where=where))
    assert found["Open opportunities"] == amount(count)
    shown = table(page)
    assert len(shown) == count
    everything = float(only(metrics, "open_pipeline", where=where))
    assert shown["open_pipeline"].sum() == pytest.approx(everything)
    assert {name: page.query_params[name] for name in link} == link
    if "stage" not in link:
        return
    # What has no answer under a filter says why, and what is asked with it has its own.
    size = only(metrics, "average_deal_size", where=where, **_DAYS)
    assert found["Average deal size"] == amount(size)
    rate = next(one for one in page.metric if one.label == "Win rate")
    assert rate.value == "\u2013"
    assert rate.delta == "not so filtered"
    assert "has no meaning by" in rate.help.replace("\\", "")


def test_filters_that_leave_nothing_say_what_to_do(metrics: Connection) -> None:
    owner = metrics.query("open_pipeline", group_by="owner__owner_label", limit=1).rows()[0]
    page = pulse(stage=["Closed Lost"], owner=[owner["owner__owner_label"]])
    assert "Nothing is open." in words(page)
    assert "Take a filter of the sidebar away." in words(page)


def test_the_forecast_is_the_metrics_own(metrics: Connection) -> None:
    page = pulse(tab="Forecast", industry="Energy")
    found = cards(page)
    where = "account__industry = 'Energy'"
    assert found["Likely to close"] == amount(only(metrics, "likely_to_close", where=where))
    assert found["Overdue pipeline"] == amount(only(metrics, "overdue_pipeline", where=where))
    likely, quota = table(page), table(page, 1)
    assert (likely["likely_to_close"] > 0).all()
    assert list(likely["likely_to_close"]) == sorted(likely["likely_to_close"], reverse=True)
    assert "Quotas are of owners; not filtered by: Industry." in words(page)
    assert "Of the whole organization" in words(page)
    asked = metrics.query(
        ["quota", "pipeline_coverage"],
        group_by=["metric_time__fiscal_quarter", "owner__team"],
        order_by=["metric_time__fiscal_quarter", "owner__team"],
        start_time=f"{_RUNNING:%Y-%m-%d}",
    ).rows()
    known = [row for row in asked if row["quota"] is not None]
    # The running quarter is there as a whole, and nothing of those before it.
    assert known[0]["metric_time__fiscal_quarter"] == _RUNNING
    assert list(quota["owner__team"]) == [row["owner__team"] for row in known]
    assert list(quota["pipeline_coverage"].fillna(-1)) == pytest.approx(
        [-1 if row["pipeline_coverage"] is None else row["pipeline_coverage"] for row in known]
    )


@pytest.mark.parametrize(
    ("newest", "whole"),
    [
        (dt.date(2024, 11, 15), [dt.datetime(2024, 10, 1), dt.datetime(2025, 1, 1)]),
        (dt.date(2024, 12, 31), [dt.datetime(2024, 10, 1), dt.datetime(2025, 1, 1)]),
        (dt.date(2024, 10, 1), [dt.datetime(2024, 10, 1), dt.datetime(2025, 1, 1)]),
        # Quarters of a fiscal year that begins in February.
        (dt.date(2025, 1, 31), [dt.datetime(2024, 11, 1), dt.datetime(2025, 2, 1)]),
    ],
)
def test_quarters_are_those_that_the_days_hold_whole(
    newest: dt.date, whole: list[dt.datetime], metrics: Connection
) -> None:
    from pulse.quarters import (  # noqa: PLC0415 - beside the definitions
        QUARTER,
        days_of_quarters,
        whole_quarters,
    )

    del metrics
    earlier = [dt.datetime(2024, 7, 1) if whole[0].month == 10 else dt.datetime(2024, 8, 1)]
    table = pa.table({QUARTER: pa.array([*earlier, *whole], pa.timestamp("us"))})
    days = days_of_quarters(newest)
    assert days.first <= whole[0].date()
    assert whole_quarters(table, days).column(QUARTER).to_pylist() == whole


def test_the_walk_of_the_history_adds_up(metrics: Connection) -> None:
    page = pulse(tab="History", **_QUARTER)
    walk = table(page).iloc[0]
    ups = ("created", "reopened", "increased", "moved")
    downs = ("decreased", "won", "lost")
    reached = walk["pipeline_walk_start"]
    reached += sum(walk[f"pipeline_walk_{name}"] for name in ups)
    reached -= sum(walk[f"pipeline_walk_{name}"] for name in downs)
    assert reached == pytest.approx(walk["pipeline_walk_end"])
    assert walk["pipeline_walk_end"] == pytest.approx(
        float(only(metrics, "pipeline_snapshot", **_DAYS))
    )


def test_movers_are_what_changed_between_two_days(metrics: Connection) -> None:
    page = pulse(tab="History", **_QUARTER)
    page.date_input(key="pulse.movers.from").set_value(dt.date(2024, 12, 1)).run()
    assert not page.exception
    up, down = table(page, 1), table(page, 2)
    assert (up["pipeline_day_over_day"] > 0).all()
    assert (down["pipeline_day_over_day"] < 0).all()
    name, change = up.iloc[0][["opportunity__opportunity_name", "pipeline_day_over_day"]]
    where = "opportunity__opportunity_name = '" + name.replace("'", "''") + "'"
    last = only(metrics, "pipeline_snapshot", where=where, end_time="2024-12-31")
    first = metrics.query("pipeline_snapshot", where=where, end_time="2024-12-01").rows()
    before = float(first[0]["pipeline_snapshot"] or 0) if first else 0.0
    assert float(last) - before == pytest.approx(change)


def test_a_link_names_the_tab_and_the_filters(metrics: Connection) -> None:
    page = pulse(tab="History", team=["Sales Team Americas 1"], crm="salesforce")
    assert page.multiselect(key="pulse.team").value == ["Sales Team Americas 1"]
    assert page.query_params["tab"] == "History"
    assert page.query_params["team"] == "Sales Team Americas 1"
    assert next(one.value for one in page.subheader) == "Pipeline by day"
    del metrics
