"""`dbt run` rewrites the periods of a roll-up whose rows differ, and no others."""

from __future__ import annotations

import os
import random
import subprocess
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.query.metric_request import MetricRequest
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.rollups.conftest import Open
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("rollup_market")

NAME = "rollup_orders_by_day"
# Of the same rows; its changed periods are found by the hashes of their rows.
FOR_EXPORTS = "rollup_orders_for_exports"
QUESTION = MetricRequest(["largest_order", "revenue"], ["metric_time__day", "order__status"])
CHANGES = (
    "update orders set amount = amount + 1 where order_id = 7",
    # All of a day is gone, and there are orders of no day.
    "delete from orders where cast(ordered_at as date) = date '2024-01-05'",
    "update orders set ordered_at = null where order_id = 20",
)
# Each changes what is true of old days: late rows, deleted ones, others' columns.
LATER = (
    "update orders set ordered_at = timestamp '2024-01-05 10:00' where order_id % 97 = {0}",
    "insert into orders select * from orders where order_id % 89 = {0}",
    "delete from orders where order_id % 83 = {0}",
    "update orders set amount = -amount, status = 'paid' where order_id % 79 = {0}",
    "update customers set region = 'moved' where customer_id = {0}",
    "update orders set ordered_at = timestamp '2024-02-01' where ordered_at is null",
    f"update {NAME} set amount_sum__sum = 0 where metric_time__day > timestamp '2024-06-01'",
)


def _connected(project: SmallProject, warehouse: str) -> Any:  # noqa: ANN401 - one of two drivers'
    if warehouse == "duckdb":
        return duckdb.connect((project.directory / "warehouse" / "market.duckdb").resolve())
    environment = project.environment
    return psycopg.connect(
        host=environment["METRICS_STORE_DEV_HOST"],
        port=environment["METRICS_STORE_DEV_PORT"],
        user=environment["METRICS_STORE_DEV_USER"],
        dbname=environment["METRICS_STORE_DEV_DATABASE"],
        options="-c search_path=dev",
        autocommit=True,
    )


def _rewritten(before: dict[Any, set[Any]], after: dict[Any, set[Any]], warehouse: str) -> set[Any]:
    """Give the days whose rows were written anew."""
    if warehouse != "duckdb":
        return {day for day in after if after[day] != before.get(day)}
    # DuckDB numbers rows anew; what is written comes after all that was there, which has an order.
    days = sorted(after, key=lambda day: min(after[day]))
    breaks = [place for place, day in enumerate(days) if place and (day or "") < days[place - 1]]
    return set(days[breaks[0] :])


def _places(
    connection: Any,  # noqa: ANN401 - as above
    warehouse: str,
    name: str = NAME,
) -> dict[Any, set[Any]]:
    """Give where the rows of each day lie."""
    place = "rowid" if warehouse == "duckdb" else "cast(ctid as text)"
    found: dict[Any, set[Any]] = {}
    for day, at in connection.execute(f"select metric_time__day, {place} from {name}").fetchall():
        found.setdefault(day and str(day)[:10], set()).add(at)
    return found


def _run(project: SmallProject, metrics_process: Path, warehouse: str, *options: str) -> None:
    done = subprocess.run(
        [
            metrics_process.with_name("dbt"),
            *("run", "--target", TARGETS[warehouse], "-s", NAME, FOR_EXPORTS, *options),
        ],
        cwd=project.directory,
        env={**os.environ, **project.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _rows(connection: Any, name: str) -> Counter[Any]:  # noqa: ANN401 - as above
    """Give the rows of a roll-up, without what it finds its periods by."""
    found = connection.execute(f"select * from {name}")
    kept = [
        place
        for place, column in enumerate(found.description)
        if column[0] not in ("rollup_hash", "rollup_rows", "rollup_checksum")
    ]
    # Sums of floats may be added up in another order.
    return Counter(
        tuple(
            round(row[place], 6) if isinstance(row[place], float) else row[place] for place in kept
        )
        for row in found.fetchall()
    )


@pytest.fixture
def project_of_one_test(changed_market: SmallProject) -> Iterator[SmallProject]:
    """Give a project whose rows may change; PostgreSQL's, which others share, are put back."""
    tables = ("orders", "customers", NAME, FOR_EXPORTS)
    with closing(_connected(changed_market, "postgres")) as connection:
        for table in tables:
            connection.execute(f"create table kept_{table} as table {table}")
        yield changed_market
        for table in tables:
            connection.execute(f"truncate {table}")
            connection.execute(f"insert into {table} table kept_{table}")
            connection.execute(f"drop table kept_{table}")


@pytest.mark.slow
@pytest.mark.parametrize("warehouse", TARGETS)
def test_only_what_differs_is_written(
    project_of_one_test: SmallProject, open_engine: Open, metrics_process: Path, warehouse: str
) -> None:
    project = project_of_one_test
    with closing(_connected(project, warehouse)) as connection:
        before = _places(connection, warehouse)
        before_exports = _places(connection, warehouse, FOR_EXPORTS)
        touched = {
            str(day)[:10]
            for (day,) in connection.execute(
                "select ordered_at from orders where order_id in (7, 20)"
            ).fetchall()
        }
        for change in CHANGES:
            connection.execute(change)
    _run(project, metrics_process, warehouse)
    with closing(_connected(project, warehouse)) as connection:
        after = _places(connection, warehouse)
        after_exports = _places(connection, warehouse, FOR_EXPORTS)
        assert _rows(connection, FOR_EXPORTS) == _rows(connection, NAME)
        gone = connection.execute(f"select count(*) from {NAME} where rollup_is_gone").fetchone()
    assert gone == (0,)
    assert "2024-01-05" in before
    assert "2024-01-05" not in after
    assert None in after
    assert _rewritten(before, after, warehouse) == {*touched, None}
    assert _rewritten(before_exports, after_exports, warehouse) == {*touched, None}
    with (
        open_engine(project, warehouse) as engine,
        open_engine(project, warehouse, rollups=False) as plain,
    ):
        answer = engine.answer(QUESTION, LOCAL)
        assert answer.rollups == (NAME,), answer.rollup_reasons
        assert answer.table.to_pylist() == plain.answer(QUESTION, LOCAL).table.to_pylist()


@pytest.mark.slow
@pytest.mark.parametrize("warehouse", TARGETS)
def test_any_sequence_gives_the_rows_of_now(
    project_of_one_test: SmallProject, metrics_process: Path, warehouse: str
) -> None:
    project = project_of_one_test
    chance = random.Random(warehouse)
    for _ in range(2):
        with closing(_connected(project, warehouse)) as connection:
            for change in chance.sample(LATER, 4):
                connection.execute(change.format(chance.randint(1, 70)))
        _run(project, metrics_process, warehouse)
        with closing(_connected(project, warehouse)) as connection:
            incremental = _rows(connection, NAME)
        # Nobody has to trust the hashes: all rows are worked out anew.
        _run(project, metrics_process, warehouse, "--full-refresh")
        with closing(_connected(project, warehouse)) as connection:
            assert _rows(connection, NAME) == incremental
