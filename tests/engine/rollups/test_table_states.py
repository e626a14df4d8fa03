"""Roll-ups that do not have the rows of their marts are not used, and the answer says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import psycopg
import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from engine.rollups.conftest import Open
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("rollup_market")

QUESTION = MetricRequest(["largest_order", "revenue"], ["metric_time__month"])
NAME = "rollup_orders_by_day"
OTHER_ROWS = (
    f"{NAME} does not have the rows that its marts give now: it is older than they are, half "
    "built, or was changed by hand"
)
# What is done to the warehouse -> what the answer says.
CHANGES = {
    "update orders set amount = amount + 1 where order_id = 7": OTHER_ROWS,
    "delete from orders where order_id = 7": OTHER_ROWS,
    "update customers set region = 'nowhere' where customer_id = 3": OTHER_ROWS,
    f"update {NAME} set amount_sum__sum = amount_sum__sum + 0.01 where metric_time__day = "
    f"(select min(metric_time__day) from {NAME})": OTHER_ROWS,
    f"delete from {NAME} where metric_time__day > timestamp '2024-02-01'": OTHER_ROWS,
    f"insert into {NAME} select * from {NAME} limit 1": OTHER_ROWS,
    f"drop table {NAME}": f"{NAME} is not there: it was dropped, or is not built yet",
    f"alter table {NAME} drop column amount_max__max": f"{NAME} has no column amount_max__max",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_warehouse(changed_market: SmallProject, open_engine: Open, change: str) -> None:
    with open_engine(changed_market) as engine:
        assert engine.answer(QUESTION, LOCAL).rollups == (NAME,)
    file = (changed_market.directory / "warehouse" / "market.duckdb").resolve()
    with duckdb.connect(file) as connection:
        connection.execute(change)
    with (
        open_engine(changed_market) as engine,
        open_engine(changed_market, rollups=False) as plain,
    ):
        answer = engine.answer(QUESTION, LOCAL)
        assert answer.rollups == ()
        assert CHANGES[change] in answer.rollup_reasons
        assert answer.table.equals(plain.answer(QUESTION, LOCAL).table)


def test_a_mart_that_is_a_view(changed_market: SmallProject, open_engine: Open) -> None:
    file = (changed_market.directory / "warehouse" / "market.duckdb").resolve()
    with duckdb.connect(file) as connection:
        connection.execute("alter table orders rename to orders_stored")
        connection.execute("create view orders as from orders_stored")
    with open_engine(changed_market) as engine:
        answer = engine.answer(QUESTION, LOCAL)
    assert answer.rollups == ()
    assert any("a view" in reason for reason in answer.rollup_reasons)


@pytest.mark.slow
def test_a_changed_server(rollup_market: SmallProject, open_engine: Open) -> None:
    environment = rollup_market.environment
    with (
        open_engine(rollup_market, "postgres") as engine,
        open_engine(rollup_market, "postgres", rollups=False) as plain,
        psycopg.connect(
            host=environment["METRICS_STORE_DEV_HOST"],
            port=environment["METRICS_STORE_DEV_PORT"],
            user=environment["METRICS_STORE_DEV_USER"],
            dbname=environment["METRICS_STORE_DEV_DATABASE"],
            autocommit=True,
        ) as connection,
    ):
        assert engine.answer(QUESTION, LOCAL).rollups == (NAME,)
        connection.execute("update dev.orders set amount = amount + 1 where order_id = 7")
        try:
            answer = engine.answer(QUESTION, LOCAL)
            assert answer.rollups == ()
            assert any(reason.startswith(NAME) for reason in answer.rollup_reasons)
            assert answer.table.equals(plain.answer(QUESTION, LOCAL).table)
        finally:
            connection.execute("update dev.orders set amount = amount - 1 where order_id = 7")
        connection.execute(f"alter table dev.{NAME} rename to gone")
        try:
            dropped = engine.answer(QUESTION, LOCAL)
            assert dropped.rollups == ()
            assert dropped.table.equals(plain.answer(QUESTION, LOCAL).table)
        finally:
            connection.execute(f"alter table dev.gone rename to {NAME}")
