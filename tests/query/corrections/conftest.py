"""DuckDB and PostgreSQL with the same balances in both, and a planner for each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest
from psycopg import sql

from metrics_store.query.planner import Planner
from query.corrections.manifests import PlainPlanner, manifest, plan
from query.corrections.tables import COUNTRIES, DAYS, PERIODS, Balance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TABLES = """
create schema if not exists main;
drop table if exists main.balances, main.accounts, main.days;
create table main.balances
    (id int, account_id int, as_of date, made date, region text, amount int);
create table main.accounts (account_id int, country text, as_of date);
create table main.days (date_day date, ten_days text)
"""


@dataclass(frozen=True)
class Warehouse:
    """A warehouse, and two ways to plan for it."""

    planner: Planner
    plain: PlainPlanner
    execute: Callable[..., Any]
    mark: str

    def fill(self, table: Sequence[Balance]) -> None:
        for statement in TABLES.split(";"):
            # DuckDB drops one at a time.
            for name in ("balances", "accounts", "days") if "drop" in statement else ("",):
                self.execute(f"drop table if exists main.{name}" if name else statement)
        self._insert("days", [(day, PERIODS["ten_days"](day)) for day in DAYS])
        self._insert("accounts", [(*one, DAYS[0]) for one in COUNTRIES.items()])
        self._insert(
            "balances",
            [(row.number, row.account, row.day, row.made, row.region, row.amount) for row in table],
        )

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        for row in rows:
            marks = ", ".join([self.mark] * len(row))
            self.execute(f"insert into main.{table} values ({marks})", row)

    def answer(
        self,
        metrics: str,
        group_by: str = "",
        where: str = "",
        *,
        plain: bool = False,
        **times: dt.datetime,
    ) -> dict[tuple[Any, ...], Any]:
        """Ask for a metric; give its values by what it is grouped by."""
        planned = plan(self.plain if plain else self.planner, metrics, group_by, where, **times)
        rows = [tuple(map(_plain, row)) for row in self.execute(planned).fetchall()]
        answer = {row[:-1]: row[-1] for row in rows}
        assert len(answer) == len(rows)
        return answer


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    return round(float(value), 6) if isinstance(value, float | Decimal) else value


@pytest.fixture(scope="session")
def _duckdb() -> Warehouse:
    connection = duckdb.connect()
    return Warehouse(
        Planner(manifest(), "duckdb"), PlainPlanner(manifest(), "duckdb"), connection.execute, "?"
    )


@pytest.fixture(scope="session")
def _postgres(postgres_server: dict[str, Any]) -> Iterator[Warehouse]:
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database corrections"))
    with psycopg.connect(
        **{**postgres_server, "dbname": "corrections"}, autocommit=True, options="-c timezone=UTC"
    ) as connection:
        yield Warehouse(
            Planner(manifest(), "postgres"),
            PlainPlanner(manifest(), "postgres"),
            connection.execute,
            "%s",
        )


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    found: Warehouse = request.getfixturevalue(f"_{request.param}")
    return found
