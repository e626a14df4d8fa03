"""Names that are words of SQL are asked like any others: the shop has an entity `order`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from metrics_store.query.metric_store import MetricStore

pytestmark = pytest.mark.xdist_group("shop")


@pytest.mark.parametrize(
    ("request_", "rows"),
    [
        (MetricRequest([], ["order"]), [(1,), (2,), (3,), (4,)]),
        (MetricRequest([], ["order"], ["-order"], limit=1), [(4,)]),
        (
            MetricRequest(["revenue"], ["order"], limit=2),
            [(1, Decimal("20.50")), (2, Decimal("10.00"))],
        ),
        (
            MetricRequest(
                ["revenue"],
                ["order", "order__status"],
                where=parse_filter("order > 2 and {{ Entity('order') }} < 4"),
            ),
            [(3, "returned", Decimal("99.90"))],
        ),
        (
            MetricRequest(
                ["revenue"],
                ["order__status"],
                where=parse_filter("{{ Metric('revenue', ['order']) }} > 50"),
            ),
            [("returned", Decimal("99.90"))],
        ),
        (
            MetricRequest(["revenue"], ["order"], ["-revenue"], 1, aliases=[("revenue", "limit")]),
            [(3, Decimal("99.90"))],
        ),
    ],
    ids=["values", "ordered", "grouped", "filtered", "joined", "alias"],
)
def test_words_of_sql_as_names(
    store: MetricStore, request_: MetricRequest, rows: list[tuple[object, ...]]
) -> None:
    table = store.answer(request_)
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


def test_other_names_stand_as_they_are(store: MetricStore) -> None:
    asked = MetricRequest(
        ["revenue"], ["order__status"], where=parse_filter("order__status = 'paid'")
    )
    sql = store.planner.plan(asked)
    assert '"order__status"' not in sql
    assert "GROUP BY\n  order__status" in sql
