"""Explore on a project that has nothing to do with sales pipelines."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.pages import cards, explore, metric_page, table, words
from metrics_store import connect
from metrics_store.app.metric_origin import metric_origin
from metrics_store.app.metric_versions import metric_versions
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from environment import RunMetrics
    from metrics_store.client import Connection
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")


@pytest.fixture
def market_metrics(market: SmallProject, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Let the app look at the market, and give its metrics."""
    for name, value in market.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(market.directory))
    monkeypatch.setenv("METRICS_STORE_TARGET", "duckdb")
    with connect(project_dir=market.directory, target="duckdb") as connection:
        yield connection


def test_a_link_opens_the_view_with_the_metrics_own_numbers(market_metrics: Connection) -> None:
    page = explore(metrics="revenue,orders_placed", group_by="customer__region")
    asked = market_metrics.query(
        ["revenue", "orders_placed"], group_by="customer__region", order_by="-revenue"
    )
    shown = table(page)
    for name in ("customer__region", "revenue"):
        assert list(shown[name].astype(object).where(shown[name].notna(), None)) == [
            float(one) if isinstance(one, Decimal) else one
            for one in asked.table.column(name).to_pylist()
        ]
    total = market_metrics.query(["revenue", "orders_placed"]).rows()[0]
    labels = {one.name: one.label for one in market_metrics.metrics()}
    assert Decimal(cards(page)[labels["orders_placed"]].replace(",", "")) == total["orders_placed"]
    assert page.multiselect(key="explore.metrics").value == ["revenue", "orders_placed"]
    assert page.query_params["group_by"] == "customer__region"


def test_only_what_answers_is_offered(market_metrics: Connection) -> None:
    page = explore(metrics="revenue,visits")
    offered = page.multiselect(key="explore.group_by").options
    common = {one.qualified_name for one in market_metrics.dimensions(["revenue", "visits"])}
    assert len(offered) >= len(common) - 1
    for name in page.session_state["explore.offered"]:
        market_metrics.compile(["revenue", "visits"], group_by=name)


def test_a_filter_has_the_dimension_s_values_and_cuts_the_answer(
    market_metrics: Connection,
) -> None:
    page = explore(metrics="revenue", group_by="order__status", filter='["customer__region"]')
    values = page.multiselect(key="explore.value.customer__region")
    known = market_metrics.dimension_values("customer__region", ["revenue"]).table.column(0)
    assert len(values.options) == len(known)
    values.set_value(['"south"']).run()
    assert not page.exception
    asked = market_metrics.query(
        "revenue", group_by="order__status", where="customer__region = 'south'"
    )
    assert len(table(page)) == len(asked)
    assert page.query_params["filter"] == '["customer__region", "south"]'


def test_what_is_not_there_is_told_and_the_rest_is_shown(market_metrics: Connection) -> None:
    del market_metrics
    page = explore(metrics="revenue,profit_that_was")
    assert "profit_that_was" in words(page)
    assert "may have been removed" in words(page)
    assert page.multiselect(key="explore.metrics").value == ["revenue"]
    assert cards(page)


def test_a_group_by_without_an_answer_says_why_and_what_has_one(
    market_metrics: Connection,
) -> None:
    page = explore(metrics="revenue", group_by="customer__regoin,visit__source")
    for name in ("customer__regoin", "visit__source"):
        with pytest.raises(MetricsStoreError) as raised:
            market_metrics.compile("revenue", group_by=name)
        assert raised.value.what in words(page)
        assert name in words(page)
    assert "customer__region" in words(page)
    # What can be answered is.
    assert cards(page)
    assert page.multiselect(key="explore.group_by").value == []


def test_nothing_chosen_says_what_to_do(market_metrics: Connection) -> None:
    page = explore()
    assert "Choose a metric" in words(page)
    page.text_input(key="explore.words").set_value("revenue").run()
    assert "revenue" in list(table(page)["Name"])
    page.text_input(key="explore.words").set_value("nothing at all of this").run()
    assert "No metric has all of these words." in words(page)
    assert len(market_metrics.metrics()) > 0


def test_a_range_is_compared_with_the_one_before(market_metrics: Connection) -> None:
    first, last = "2024-02-01", "2024-02-29"
    page = explore(
        metrics="revenue", grain="month", compare="before", **{"from": first, "to": last}
    )
    before = market_metrics.query("revenue", start_time="2024-01-01", end_time="2024-01-31").rows()
    [card] = page.metric
    assert card.delta == f"was {before[0]['revenue']:,.2f}"
    frame = table(page)
    assert float(frame["revenue__before"].iloc[0]) == pytest.approx(float(before[0]["revenue"]))


def test_the_same_question_as_a_command_gives_the_same(
    market_metrics: Connection, market: SmallProject, run_metrics: RunMetrics
) -> None:
    page = explore(
        metrics="revenue", group_by="customer__region", filter='["order__status", "paid"]'
    )
    command = next(one.value for one in page.code if one.value.startswith("metrics query"))
    ran = run_metrics(
        *shlex.split(command)[1:],
        "--format",
        "csv",
        cwd=market.directory,
        env={**market.environment, "METRICS_STORE_TARGET": "duckdb"},
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) - 1 == len(table(page))
    python = next(one.value for one in page.code if one.value.startswith("import metrics_store"))
    assert "order__status in ('paid')" in python
    del market_metrics


def test_the_page_of_a_metric_says_what_it_means(market_metrics: Connection) -> None:
    page = metric_page(name="revenue")
    metric = market_metrics.metric("revenue")
    assert metric.description.split("\n")[0] in words(page)
    assert page.query_params["name"] == "revenue"
    gone = metric_page(name="profit_that_was")
    assert "may have been removed" in words(gone)


def test_the_page_of_a_metric_says_where_it_comes_from(market_metrics: Connection) -> None:
    del market_metrics
    origin = metric_origin("revenue_to_date")
    assert origin is not None
    assert "orders" in origin.formula
    for name in ("revenue_to_date", "orders"):
        assert f'"{name}"' in origin.graph
    assert "raw_orders" in origin.sources
    page = metric_page(name="revenue_to_date")
    assert not page.exception
    assert origin.formula in [one.value for one in page.code]
    assert "raw_orders" in words(page)


@pytest.mark.slow
def test_the_page_of_a_metric_tells_its_versions(
    market: SmallProject, market_metrics: Connection, tmp_path: Path
) -> None:
    del market_metrics
    page = metric_page(name="revenue")
    page.button(key="metric.history").click().run()
    assert "the dbt project is in no git repository" in words(page)
    repository = tmp_path / "market"
    shutil.copytree(market.directory, repository, ignore=shutil.ignore_patterns("target"))
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-qm", "Begin"],
    ):
        subprocess.run(["git", *arguments], cwd=repository, check=True)  # noqa: S607
    told = metric_versions("revenue", repository, "duckdb")
    assert "revenue: 1 step" in told
    assert "measure.aggregation: sum" in told
