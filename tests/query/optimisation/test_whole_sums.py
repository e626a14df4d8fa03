"""On PostgreSQL sums of sums keep the type of the sum, or stay as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pytest
from psycopg import sql

from metrics_store.engine.snapshots.input_types import InputTypes
from metrics_store.query.optimisation.whole_sums import NotRewrittenError, counts_are_whole
from metrics_store.query.planner import Planner
from query.corrections.conftest import Warehouse
from query.corrections.manifests import EUROPE, PlainPlanner, manifest, plan
from query.corrections.tables import random_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.warehouse.statement import Statement

QUESTIONS = [
    ("rolling_last", "metric_time__month balance__region", EUROPE),
    ("ever_last europe_share", "metric_time__month account__country", ""),
    ("flows_week_before row_count", "metric_time__month", ""),
]


@pytest.fixture(scope="module")
def connection(postgres_server: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    name = "whole_sums"
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    known = {**postgres_server, "dbname": name}
    with psycopg.connect(**known, autocommit=True, options="-c timezone=UTC") as connection:
        yield connection


@pytest.mark.parametrize(("kind", "is_rewritten"), [("numeric(18, 2)", True), ("int", False)])
def test_types_stay_the_same(
    connection: psycopg.Connection[Any], kind: str, *, is_rewritten: bool
) -> None:
    def read(statement: Statement) -> pa.Table:
        rows = connection.execute(statement.sql).fetchall()
        return pa.table({"found": [value for (value,) in rows]})

    definitions = manifest()
    types = InputTypes(definitions, read)
    fast = Planner(definitions, "postgres", is_integer=types.is_integer)
    plain = Planner(definitions, "postgres", optimise=False)
    warehouse = Warehouse(fast, PlainPlanner(definitions, "postgres"), connection.execute, "%s")
    warehouse.fill(random_table(1))
    connection.execute(f"alter table main.balances alter column amount type {kind}")
    for question in QUESTIONS:
        asked = plan(fast, *question), plan(plain, *question)
        if "europe_share" not in question[0]:
            assert (asked[0] != asked[1]) is is_rewritten
        found = [connection.execute(one) for one in asked]
        kinds = [[one.type_code for one in result.description or ()] for result in found]
        assert kinds[0] == kinds[1], question
        assert sorted(found[0].fetchall(), key=repr) == sorted(found[1].fetchall(), key=repr)


@pytest.mark.parametrize(
    ("expression", "is_count"),
    [
        ("1", True),
        ("CASE WHEN id IS NOT NULL THEN 1 ELSE 0 END", True),
        ("case when is_won then 1 else 0 end", True),
        ("amount", False),
        ("CASE WHEN a THEN 2.5 WHEN b THEN 1 ELSE 0 END", False),
        ("CASE WHEN a = 'THEN 2.5' THEN 1 ELSE 0 END", False),
    ],
)
def test_only_counts_are_whole_by_what_they_are(expression: str, *, is_count: bool) -> None:
    planner = Planner(manifest(), "postgres")
    inputs = planner.semantic_manifest_lookup.manifest_object_lookup.simple_metric_name_to_input
    given = next(iter(inputs.values()))
    object.__setattr__(given, "expr", expression)
    if is_count:
        assert counts_are_whole(given)
    else:
        with pytest.raises(NotRewrittenError, match="integer"):
            counts_are_whole(given)
