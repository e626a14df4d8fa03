"""The rows are right: worked out from the seeds, and MetricFlow's own unless it is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corpus.answers import Refusal, Rows, by_value, differs
from corpus.conftest import POSTGRES
from corpus.corpus_requests import ANSWERED, CORPUS, REFUSED, Asked
from corpus.interfaces.command import MfInterface
from corpus.right.found import right_rows

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.conftest import Opened
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("corpus")

RIGHT = [one for one in ANSWERED if one.right]
WRONG = [
    one
    for one in ANSWERED
    if one.metricflow or one.metricflow_on_duckdb or one.metricflow_on_postgres
]

# A metric of each type, filters, orders, limits, times and a saved query.
ASKED_OF_MF = (
    "simple.revenue_by_month",
    "simple.p90_order_by_status",
    "ratio_and_derived.paid_share_by_region",
    "ratio_and_derived.growth_by_month",
    "cumulative.to_date_by_month",
    "conversion.visit_to_order",
    "semi_additive.stock_by_month_and_store",
    "filters.and_or",
    "orders_and_limits.top_three",
    "saved_queries_and_values.saved_with_times",
)


def named(asked: Asked) -> str:
    return asked.name


@pytest.mark.parametrize("asked", RIGHT, ids=named)
def test_rows_are_those_worked_out_from_the_seeds(asked: Asked, on_duckdb: Opened) -> None:
    found = on_duckdb.right(asked)
    assert isinstance(found, Rows), found
    right = right_rows(asked, found.columns)
    assert differs(by_value(found), by_value(right), exactly=False) is None


@pytest.mark.parametrize("asked", ANSWERED, ids=named)
def test_metricflow_gives_the_same_rows_or_wrong_ones(asked: Asked, warehouse: Opened) -> None:
    interface = warehouse.metricflow
    if not asked.says <= interface.can_say or interface.lacks(asked) is not None:
        return
    right = warehouse.right(asked)
    assert isinstance(right, Rows), right
    found = interface.ask(asked, right)
    if asked.saved_query and not asked.order_by:
        found, right = by_value(found), by_value(right)
    on_postgres = warehouse.target == POSTGRES
    if asked.metricflow_types and isinstance(found, Rows) and not on_postgres:
        found = replace(found, table=None)
    difference = differs(found, right)
    here = asked.metricflow_on_postgres if on_postgres else asked.metricflow_on_duckdb
    if asked.metricflow is None and here is None:
        assert difference is None
        return
    assert difference is not None, "MetricFlow is right by now"
    if isinstance(found, Rows):
        worked_out = right_rows(asked, right.columns)
        assert differs(by_value(found), by_value(worked_out), exactly=False) is not None


@pytest.mark.parametrize("asked", REFUSED, ids=named)
def test_metricflow_refuses_what_we_refuse_or_answers_wrongly(
    asked: Asked, on_duckdb: Opened
) -> None:
    interface = on_duckdb.metricflow
    if not asked.says <= interface.can_say or interface.lacks(asked) is not None:
        return
    found = interface.ask(asked, None)
    assert isinstance(found, Rows if asked.metricflow_answers else Refusal), found


def test_where_metricflow_is_wrong_the_right_rows_are_worked_out() -> None:
    assert [one.name for one in WRONG if not one.right] == []
    assert len(WRONG) >= 10
    assert len(RIGHT) >= 80


@pytest.mark.slow
def test_the_real_command_of_metricflow(
    market: SmallProject, on_duckdb: Opened, tmp_path: Path
) -> None:
    # Beside other readers it cannot open the file for writing, as it does unless told not to.
    mf = MfInterface(market.directory, {**market.environment, "MARKET_ACCESS_MODE": "read_only"})

    def difference(asked: Asked) -> str | None:
        right = on_duckdb.right(asked)
        assert isinstance(right, Rows), right
        found = mf.ask(asked, right, tmp_path / f"{asked.name}.csv")
        return differs(by_value(found), by_value(right), exactly=False)

    asked = [one for one in CORPUS if one.name in ASKED_OF_MF]
    assert len(asked) == 10
    assert not [one for one in asked if one.metricflow]
    with ThreadPoolExecutor(2) as processes:
        found = dict(zip(map(named, asked), processes.map(difference, asked), strict=True))
    assert {name: one for name, one in found.items() if one is not None} == {}
