"""What a caller gets over HTTP stays the same to the byte when only rows change that they
may not see."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING

import duckdb
import pytest

from hostile.interface_requests import Question, graphql_variables
from metrics_store.project.profile import load_target
from metrics_store.warehouse.embedded.generations import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile.interface_requests import Server
    from serve.policies.conftest import Market

pytestmark = pytest.mark.xdist_group("market")

SEED = 20_240_101
CHANGES = 6
MONTHLY = ("metric_time__month",)
ASKED = [
    Question(),
    Question(metrics=("revenue", "orders_placed"), group_by=MONTHLY),
    Question(metrics=("customers_signed_up",), group_by=("customer__region",)),
    Question(metrics=("revenue_paid",), group_by=("metric_time__day", "customer__region")),
    Question(group_by=("order__status",), order_by=("-revenue",), limit=2),
    Question(group_by=(), where=("order__status in ('paid', 'open')",)),
    Question(metrics=(), group_by=("customer__region",)),
    Question(metrics=(), group_by=(), saved_query="revenue_by_region"),
    Question(group_by=MONTHLY, where=("customer__region != 'south'",)),
]
_CREATE = """mutation ($saved: String, $metrics: [MetricInput!], $groupBy: [GroupByInput!],
    $where: [WhereInput!], $orderBy: [OrderByInput!], $limit: Int) {
  createQuery(environmentId: 1, savedQuery: $saved, metrics: $metrics, groupBy: $groupBy,
    where: $where, orderBy: $orderBy, limit: $limit) { queryId } }"""
_ASK = "query ($id: String!) { query(environmentId: 1, queryId: $id) { status sql arrowResult } }"
# Customers of other regions or of none, their orders, and orders that are nobody's.
_SOUTH = "select customer_id from customers where region = 'south'"
_HIDDEN = f"(customer_id is null or customer_id not in ({_SOUTH}))"
_CHANGES: list[Callable[[random.Random], str]] = [
    lambda dice: f"update orders set amount = amount * {dice.randint(2, 9)} where {_HIDDEN}",
    lambda dice: f"delete from orders where {_HIDDEN} and order_id % 3 = {dice.randrange(3)}",
    lambda dice: f"update orders set status = 'new{dice.randrange(9)}' where {_HIDDEN}",
    lambda dice: (
        f"insert into orders select order_id + 10000, nullif({dice.choice([4, 6, 999, 0])}, 0), "
        f"ordered_at - interval '{dice.randrange(400)} days', 'paid', channel, 1e6, 1 "
        f"from orders where {_HIDDEN}"
    ),
    lambda dice: (
        f"update customers set region = 'west{dice.randrange(9)}', "
        "signed_up_on = date '2024-05-05' where region != 'south'"
    ),
    lambda dice: (
        f"insert into customers values ({dice.randint(500, 600)}, 'New', 'north', "
        "date '2023-12-01', 1)"
    ),
]


def _bytes(server: Server) -> list[bytes]:
    """Give all that both interfaces answer, without what names the moment and the request."""
    found = []
    for question in ASKED:
        for kind in ("text/csv", "application/vnd.apache.arrow.stream"):
            answer = server.http("POST", "/v1/query", json=question.said, headers={"Accept": kind})
            assert answer.status_code == 200, answer.text
            found.append(answer.content)
            assert "X-Total-Rows" in answer.headers
            found.append(answer.headers["X-Total-Rows"].encode())
        found.append(server.http("POST", "/v1/sql", json=question.said).content)
        begun = server.graphql(_CREATE, graphql_variables(question))
        given = {"id": begun["data"]["createQuery"]["queryId"]}
        page = server.graphql(_ASK, given)["data"]["query"]
        assert page["status"] == "SUCCESSFUL"
        found += [base64.b64decode(page["arrowResult"]), page["sql"].encode()]
    values = "dimension-values?dimension=customer__region&format=csv"
    for path in (values, "metrics", "dimensions"):
        found.append(server.http("GET", f"/v1/{path}").content)
    return found


def _change(project: Path, statement: str) -> bool:
    """Make a newer warehouse; tells whether the statement changed rows."""
    with (
        Warehouse(load_target(project).duckdb_path).next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        changed = connection.execute(statement).fetchone()
    return changed is not None and changed[0] > 0


@pytest.mark.slow
def test_hidden_rows_change_nothing(own_market: Market) -> None:
    bea, ada = own_market.of("bea"), own_market.of("ada")
    before, all_before = _bytes(bea), _bytes(ada)
    dice = random.Random(SEED)
    version = bea.http("GET", "/v1/query?metrics=revenue").headers["X-Data-Version"]
    for number in range(CHANGES):
        assert _change(own_market.project, _CHANGES[number % len(_CHANGES)](dice))
        assert _bytes(bea) == before, number
        now = bea.http("GET", "/v1/query?metrics=revenue").headers["X-Data-Version"]
        # The newer warehouse is what was asked.
        assert now != version
        version = now
    assert _bytes(ada) != all_before
    visible = f"update orders set amount = amount + 1 where customer_id in ({_SOUTH})"
    assert _change(own_market.project, visible)
    assert _bytes(bea) != before
