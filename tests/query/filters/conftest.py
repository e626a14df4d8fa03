"""Engines that answer the shop's question over orders that a test puts in itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest

from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.metric_store import MetricStore

# Statuses -> what the orders of those that fit a filter cost together; the first is 1, then 2, 4.
Ask = Callable[[Sequence[str | None], "Filter"], Decimal | None]


def _planner(store: MetricStore, dialect: str, schema: str) -> Planner:
    manifest = store.planner.manifest.copy(deep=True)
    [model] = manifest.semantic_models
    model.node_relation.relation_name = f"{schema}.orders"
    return Planner(manifest, dialect)


def _ask(
    connection: duckdb.DuckDBPyConnection | psycopg.Connection[Any], planner: Planner, mark: str
) -> Ask:
    connection.execute("create temporary table orders (order_id int, status text, amount numeric)")

    def ask(statuses: Sequence[str | None], where: Filter) -> Decimal | None:
        connection.execute("delete from orders")
        for number, status in enumerate(statuses):
            row = [number, status, 2**number]
            connection.execute(f"insert into orders values ({mark}, {mark}, {mark})", row)
        sql = planner.plan(MetricRequest(["revenue"], where=where))
        [(answer,)] = connection.execute(sql).fetchall()
        return None if answer is None else Decimal(answer)

    return ask


@pytest.fixture
def ask_duckdb(store: MetricStore) -> Iterator[Ask]:
    with duckdb.connect(":memory:") as connection:
        yield _ask(connection, _planner(store, "duckdb", "temp"), "?")


@pytest.fixture
def ask_postgres(store: MetricStore, postgres_server: dict[str, Any]) -> Iterator[Ask]:
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        yield _ask(connection, _planner(store, "postgres", "pg_temp"), "%s")
