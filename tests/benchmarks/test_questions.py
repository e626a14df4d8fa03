from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click
import pytest
from comparison.answer_values import difference
from comparison.measured_warehouses import MeasuredWarehouse, make_market
from comparison.measurement import ENGINE, HAND, METRICFLOW, measure
from comparison.measurement_tables import (
    growth_table,
    replace_between_marks,
    summary_of,
    table_of,
)
from comparison.postgres_copy import copy_tables
from comparison.sql_runners import DuckdbRunner, PostgresRunner
from comparison.statement_process import cold_run
from questions import Comparison

from metrics_store.warehouse.embedded.duckdb_executor import Resources
from sql_snapshots import changed_snapshots

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("market_rows")]

RESOURCES = Resources(threads=1)
PATIENCE = 600


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> MeasuredWarehouse:
    return make_market(tmp_path_factory.mktemp("market_rows"), 3000, metrics_command)


def test_every_question_has_the_values_of_the_sql_by_hand(warehouse: MeasuredWarehouse) -> None:
    comparison = Comparison(warehouse, "duckdb", ())
    with closing(DuckdbRunner(warehouse.database, RESOURCES, PATIENCE)) as runner:
        found = comparison.run(runner, rounds=1)
        # The rows can tell what is right from what is not.
        for question in comparison.questions:
            rows = runner.rows(question.sql)
            assert any(value is not None for row in rows for value in row), question.name
    assert len(found) == len(comparison.questions) > 10
    assert {way for one in found for way in one.seconds} == {HAND, ENGINE, METRICFLOW}
    comparison.run_cold(found[:1], RESOURCES, PATIENCE)
    assert found[0].cold[ENGINE].mebibytes > 1
    table = table_of(found, cold=True, whole=False)
    assert table.count("\n") == len(found) + 4
    assert f"| {found[0].name} |" in table
    assert f"{len(found)} questions, all right" in summary_of(found)
    assert found[-1].name in growth_table({1000: found, 2000: found})


def test_every_question_has_them_on_postgres(
    warehouse: MeasuredWarehouse, postgres_server: dict[str, Any]
) -> None:
    comparison = Comparison(warehouse, "postgres", ())
    read = [sql for ways in comparison.statements.values() for sql in ways.values()]
    parameters = copy_tables(warehouse.database, warehouse.schemas, read, postgres_server)
    with closing(PostgresRunner(parameters, [*warehouse.schemas], PATIENCE)) as runner:
        found = comparison.run(runner, rounds=1)
    assert len(found) == len(comparison.questions)


def test_sql_snapshots_are_what_is_planned(
    warehouse: MeasuredWarehouse, pytestconfig: pytest.Config
) -> None:
    changed = changed_snapshots(
        "market", warehouse.manifest, update=pytestconfig.getoption("update")
    )
    assert changed == [], "read what changed, then run this test with --update"


def test_a_wrong_value_ends_the_run_by_the_name_of_the_question(
    warehouse: MeasuredWarehouse,
) -> None:
    statements = {HAND: "select 'a', 1.0 union all select 'b', 2", ENGINE: "select 'b', 3"}
    with closing(DuckdbRunner(warehouse.database, RESOURCES, PATIENCE)) as runner:
        with pytest.raises(click.ClickException, match="two letters: the engine gives"):
            measure("two letters", statements, runner, rounds=1)
        right = {**statements, ENGINE: "select 'b', 2.0 union all select 'a', 1"}
        other = measure("two letters", {**right, METRICFLOW: "select 'a', 1"}, runner, rounds=1)
    assert other.remarks == {METRICFLOW: "other values"}


def test_a_statement_that_fails_has_no_cold_run(warehouse: MeasuredWarehouse) -> None:
    assert cold_run(warehouse.database, "select nothing", RESOURCES, PATIENCE) is None


@pytest.mark.parametrize(
    ("found", "right", "told"),
    [
        ([(1, "a"), (2, None)], [(2.0, None), (1.0000000000001, "a")], None),
        ([(1, "a")], [(1, "b")], "(1.0, 'a'), not (1.0, 'b')"),
        ([(1, "a")], [(1, "a"), (1, "a")], "1 rows, not 2"),
        ([(None,)], [(0,)], "(None,), not (0.0,)"),
        ([(True,)], [(1,)], "(True,), not (1.0,)"),
    ],
)
def test_rows_are_compared_by_value(
    found: list[tuple[object, ...]], right: list[tuple[object, ...]], told: str | None
) -> None:
    assert difference(found, right) == told


def test_a_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(
        "Before.\n<!-- measured: duckdb -->\nold\n<!-- end: duckdb -->\nAfter.\n", encoding="utf-8"
    )
    assert replace_between_marks(document, "duckdb", "| new |\n")
    assert not replace_between_marks(document, "postgres", "| new |\n")
    assert document.read_text(encoding="utf-8") == (
        "Before.\n<!-- measured: duckdb -->\n\n| new |\n\n<!-- end: duckdb -->\nAfter.\n"
    )
