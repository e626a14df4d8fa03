"""Row policies hold: a roll-up without their columns is not used for whom they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faults.interface_requests import wait_until
from metrics_store.access.principal import Principal
from metrics_store.query.metric_request import MetricRequest
from projects import TARGETS

if TYPE_CHECKING:
    from engine.rollups.conftest import Open
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("rollup_market")

POLICIES = """
policies:
  - {name: everything, to: {users: [boss]}, metrics: ["*"], dimensions: ["*"]}
  - name: region
    to: {users: [south]}
    metrics: ["*"]
    dimensions: ["*"]
    rows: [{dimension: customer__region, in: [south]}]
  - name: channel
    to: {users: [web]}
    metrics: ["*"]
    dimensions: ["*"]
    rows: [{dimension: order__channel, in: [web]}]
  - name: team
    to: {users: [orchard]}
    metrics: ["*"]
    dimensions: ["*"]
    rows: [{dimension: agent__team, in: [Orchard]}]
  - name: status and region
    to: {users: [both]}
    metrics: ["*"]
    dimensions: ["*"]
    rows:
      - {dimension: order__status, in: [open, returned]}
      - {dimension: customer__region, in: [east]}
"""
ORDERS, BUYERS, MONTHS = "rollup_orders_by_day", "rollup_buyers_by_day", "rollup_revenue_by_month"


@pytest.mark.parametrize("warehouse", TARGETS)
def test_rows_that_may_be_seen(
    changed_market: SmallProject, open_engine: Open, warehouse: str
) -> None:
    (changed_market.directory / "access.yml").write_text(POLICIES)
    question = MetricRequest(["revenue"], ["metric_time__month"])
    # The smallest that has the names by which rows are seen.
    expected = {
        "boss": (MONTHS,),
        "south": (BUYERS,),
        "web": (ORDERS,),
        "orchard": (BUYERS,),
        "both": (ORDERS,),
    }
    totals = set()
    with (
        open_engine(changed_market, warehouse) as engine,
        open_engine(changed_market, warehouse, rollups=False) as plain,
    ):
        # PostgreSQL tells late of what was written before: until then a roll-up may be left out.
        wait_until(
            lambda: engine.answer(question, Principal("boss")).rollups == expected["boss"],
            "the smallest roll-up is used",
        )
        for name, rollups in expected.items():
            answer = engine.answer(question, Principal(name))
            assert answer.rollups == rollups, (name, answer.rollup_reasons)
            rows = plain.answer(question, Principal(name)).table.to_pylist()
            assert answer.table.to_pylist() == rows, name
            totals.add(sum(row["revenue"] or 0 for row in rows))
        # Nobody sees what another does.
        assert len(totals) == len(expected)
        sold = MetricRequest(["largest_order"], ["metric_time__month"])
        orchard = engine.answer(sold, Principal("orchard"))
        assert orchard.rollups == ()
        assert f"{ORDERS} does not tell the rows apart that may be seen" in orchard.rollup_reasons
        assert (
            orchard.table.to_pylist() == plain.answer(sold, Principal("orchard")).table.to_pylist()
        )
