"""What is answered from roll-ups is what the rows themselves say, to the last digit of decimals."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.metric_request import MetricRequest
from projects import TARGETS

if TYPE_CHECKING:
    import pyarrow as pa

    from engine.rollups.conftest import Open
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("rollup_market")

ORDERS, BUYERS, MONTHS, STOCK = (
    "rollup_orders_by_day",
    "rollup_buyers_by_day",
    "rollup_revenue_by_month",
    "rollup_stock_by_day",
)
# Metrics, group-bys, filter, and the roll-ups that answer.
QUESTIONS: list[tuple[list[str], list[str], str, list[str]]] = [
    (["revenue"], ["metric_time__month"], "", [MONTHS]),
    (["revenue"], ["metric_time__year"], "", [MONTHS]),
    (["revenue"], [], "", [MONTHS]),
    (["revenue"], ["metric_time__week"], "", [BUYERS]),
    (["revenue"], [], "metric_time >= '2024-02-10'", [BUYERS]),
    (["revenue", "average_order"], ["metric_time__month", "customer__region"], "", [ORDERS]),
    (["average_order"], [], "order__status = 'paid' and customer__region is not null", [ORDERS]),
    (["paid_share"], ["metric_time__month", "order__channel"], "", [ORDERS]),
    (["web_share"], ["metric_time__extract_month"], "", [ORDERS]),
    (["largest_order", "smallest_order"], ["customer__region"], "", [ORDERS]),
    (["orders_paid", "orders_placed"], ["metric_time__market_quarter"], "", [ORDERS]),
    (["revenue_every_day"], ["metric_time__day"], "", [BUYERS]),
    (["revenue_7_days"], ["metric_time__month", "order__status"], "", [ORDERS]),
    (["revenue_7_days_average", "revenue_to_date"], ["metric_time__month"], "", [BUYERS]),
    (["revenue_month_to_date"], ["metric_time__day", "customer__region"], "", [BUYERS]),
    (["revenue_growth"], ["metric_time__month", "customer__region"], "", [BUYERS]),
    (["revenue_growth"], ["metric_time__month"], "metric_time >= '2024-03-01'", [BUYERS]),
    (["revenue_since_month_start"], ["metric_time__week"], "", [BUYERS]),
    (["buyers"], ["customer__region", "metric_time__quarter"], "", [BUYERS]),
    (["buyers", "revenue_per_buyer"], ["customer__agent__team"], "", [BUYERS]),
    (["stock", "stock_change"], ["metric_time__month"], "", [STOCK]),
    (["stock"], ["shelf_day__store"], "", [STOCK]),
    (["stock_of_apples", "stock_at_start"], ["metric_time__week", "shelf_day__store"], "", [STOCK]),
    (["stock"], ["metric_time__month"], "metric_time <= '2024-02-20'", [STOCK]),
    (["revenue", "stock"], ["metric_time__month"], "", [MONTHS, STOCK]),
    # In part from roll-ups, in part from rows.
    (["revenue", "visits"], ["metric_time__month"], "", [MONTHS]),
    # Not covered, or not to be rolled up.
    (["revenue"], ["order__is_large"], "", []),
    (["buyers"], ["order__status"], "", []),
    (["largest_order"], ["customer__agent__team"], "", []),
    (["median_order", "revenue"], ["metric_time__month"], "", []),
    (["visit_to_order"], [], "", []),
    (["revenue_of_big_customers"], [], "", []),
    (["revenue"], [], "{{ Metric('orders_placed', ['customer']) }} > 10", []),
    ([], ["customer__region"], "", []),
]


def _close(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1.0)
    return type(one) is type(other) and one == other


def _same(one: pa.Table, other: pa.Table) -> bool:
    return one.schema.types == other.schema.types and all(
        _close(*values)
        for values in itertools.zip_longest(
            (value for row in one.to_pylist() for value in row.values()),
            (value for row in other.to_pylist() for value in row.values()),
        )
    )


@pytest.mark.parametrize("warehouse", TARGETS)
def test_answers_are_those_of_the_rows(
    rollup_market: SmallProject, open_engine: Open, warehouse: str
) -> None:
    with (
        open_engine(rollup_market, warehouse) as engine,
        open_engine(rollup_market, warehouse, rollups=False) as plain,
    ):
        for metrics, group_by, where, rollups in QUESTIONS:
            question = MetricRequest(
                metrics, group_by, where=parse_filters([where]) if where else None
            )
            answer = engine.answer(question, LOCAL)
            assert list(answer.rollups) == rollups, (question, answer.rollup_reasons)
            # Whoever is not answered from roll-ups alone is told why.
            rest = not rollups or "visits" in metrics
            assert bool(answer.rollup_reasons) == rest, question
            expected = plain.answer(question, LOCAL)
            assert (expected.rollups, expected.rollup_reasons) == ((), ())
            assert expected.table.num_rows
            assert _same(answer.table, expected.table), (question, answer.sql)
            # Asked again, it is the same plan.
            assert engine.answer(question, LOCAL).sql == answer.sql


def test_an_answer_says_its_rollups(rollup_market: SmallProject, open_engine: Open) -> None:
    with open_engine(rollup_market) as engine:
        answer = engine.answer(MetricRequest(["buyers"], ["order__status"]), LOCAL)
        assert answer.table.schema.metadata[b"rollup_reasons"] == (
            b'["rollup_buyers_by_day has no order__status", '
            b'"rollup_orders_by_day does not store buyers", '
            b'"rollup_revenue_by_month does not store buyers"]'
        )
        assert b"rollups" not in answer.table.schema.metadata
        saved = engine.answer(MetricRequest(saved_query="orders_by_day"), LOCAL)
        assert saved.table.schema.metadata[b"rollups"] == b'["rollup_orders_by_day"]'
        # The filter of this one is on what the roll-up stores too.
        filtered = engine.answer(MetricRequest(saved_query="revenue_by_region"), LOCAL)
        assert filtered.rollups == (ORDERS,)
