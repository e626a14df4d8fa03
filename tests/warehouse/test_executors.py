"""Statements on both engines: limits hold, nothing is written, values have one set of types."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import psycopg
import pyarrow as pa
import pytest

from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    UnavailableError,
)
from metrics_store.project.profile import Target
from metrics_store.warehouse.adapters.adapter_executor import AdapterExecutor
from metrics_store.warehouse.embedded.duckdb_executor import DuckdbExecutor, connect_read_only
from metrics_store.warehouse.postgres.postgres_executor import PostgresExecutor
from metrics_store.warehouse.statement import (
    Executor,
    Interruption,
    Limits,
    RelationMissingError,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Enough work for minutes on either engine.
ENDLESS = "select count(*) as n from generate_series(1, 300000) a, generate_series(1, 300000) b"


@pytest.fixture
def on_duckdb(tmp_path: Path) -> Iterator[Executor]:
    file = tmp_path / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table orders as select range as id from range(100)")
    with contextlib.closing(DuckdbExecutor(file)) as executor:
        yield executor


@pytest.fixture
def on_postgres(postgres_environment: dict[str, str]) -> Iterator[Executor]:
    settings = {
        "type": "postgres",
        "host": postgres_environment["METRICS_STORE_DEV_HOST"],
        "port": int(postgres_environment["METRICS_STORE_DEV_PORT"]),
        "user": postgres_environment["METRICS_STORE_DEV_USER"],
        "dbname": postgres_environment["METRICS_STORE_DEV_DATABASE"],
    }
    with psycopg.connect(
        **{key: value for key, value in settings.items() if key != "type"}, autocommit=True
    ) as connection:
        connection.execute("create table orders as select generate_series(0, 99) as id")
    with contextlib.closing(PostgresExecutor(Target(Path(), "dev", settings))) as executor:
        yield executor


@pytest.fixture
def on_duckdb_by_dbt(on_duckdb: Executor, tmp_path: Path) -> Iterator[Executor]:
    on_duckdb.close()
    settings = {
        "type": "duckdb",
        "path": str(tmp_path / "shop.duckdb"),
        "threads": 1,
        "settings": {"TimeZone": "UTC"},
    }
    with contextlib.closing(AdapterExecutor(Target(tmp_path, "shop", settings))) as executor:
        yield executor


@pytest.fixture
def on_postgres_by_dbt(
    on_postgres: Executor, postgres_environment: dict[str, str]
) -> Iterator[Executor]:
    on_postgres.close()
    settings = {
        "type": "postgres",
        "host": postgres_environment["METRICS_STORE_DEV_HOST"],
        "port": int(postgres_environment["METRICS_STORE_DEV_PORT"]),
        "user": postgres_environment["METRICS_STORE_DEV_USER"],
        "password": "",
        "dbname": postgres_environment["METRICS_STORE_DEV_DATABASE"],
        "schema": "public",
        "threads": 1,
    }
    with contextlib.closing(AdapterExecutor(Target(Path(), "dev", settings))) as executor:
        yield executor


@pytest.fixture(params=["on_duckdb", "on_postgres"])
def own_executor(request: pytest.FixtureRequest) -> Executor:
    found: Executor = request.getfixturevalue(request.param)
    return found


# Every target that has an executor of its own can be read by dbt's adapter for it as well.
@pytest.fixture(params=["on_duckdb", "on_postgres", "on_duckdb_by_dbt", "on_postgres_by_dbt"])
def executor(request: pytest.FixtureRequest) -> Executor:
    found: Executor = request.getfixturevalue(request.param)
    return found


def test_values_have_the_same_types(executor: Executor) -> None:
    table = executor.read(
        Statement(
            "select sum(id) as whole, sum(cast(1.25 as numeric(18, 2))) as exact, "
            "cast(0.5 as double precision) as real, date '2024-02-29' as day, "
            "date_trunc('month', cast('2024-02-29 10:00:00' as timestamp)) as month, "
            "cast('2024-02-29 10:00:00+00' as timestamptz) as zoned, "
            "cast(null as varchar) as missing, true as yes from orders"
        )
    )
    assert table.to_pylist() == [
        {
            "whole": 4950,
            "exact": Decimal("125.00"),
            "real": 0.5,
            "day": dt.date(2024, 2, 29),
            "month": dt.datetime(2024, 2, 1),
            "zoned": dt.datetime(2024, 2, 29, 10),
            "missing": None,
            "yes": True,
        }
    ]
    assert table.schema.field("whole").type == pa.int64()
    assert table.schema.field("zoned").type == pa.timestamp("us")
    assert table.schema.field("missing").type == pa.string()


def test_no_rows_have_columns(executor: Executor) -> None:
    table = executor.read(Statement("select id from orders where id < 0"))
    assert (table.num_rows, table.column_names) == (0, ["id"])


# Alike as far as PostgreSQL reads them.
LONG = "the_share_of_all_that_was_asked_for_and_came_in_the_first_ninety_days"
LONGER = LONG + "_and_the_ninety_after_them"
WIDE = "Anteil an den Aufträgen für Präzisionsgeräte, die später geändert würden"


@pytest.mark.parametrize("rows", [1, 0])
def test_names_however_long(rows: int, own_executor: Executor) -> None:
    parts = [
        f'select min(id) as {LONG}, max(id) as {LONGER}, 1.5 as "{WIDE}" from orders',
        f"select {LONG}, {LONGER} - {LONG} as {LONG[:63]}, {LONGER}, \"{WIDE}\", '{LONG}' as text",
    ]
    table = own_executor.read(Statement(f"{parts[1]} from ({parts[0]}) as one limit {rows}"))
    assert table.column_names == [LONG, LONG[:63], LONGER, WIDE, "text"]
    assert [list(row.values()) for row in table.to_pylist()] == [
        [0, 99, 99, Decimal("1.5"), LONG]
    ] * rows


def test_a_column_that_postgresql_cut_off(
    on_postgres: Executor, postgres_environment: dict[str, str]
) -> None:
    with psycopg.connect(
        host=postgres_environment["METRICS_STORE_DEV_HOST"],
        user=postgres_environment["METRICS_STORE_DEV_USER"],
        dbname=postgres_environment["METRICS_STORE_DEV_DATABASE"],
    ) as connection:
        connection.execute(f"create table wide as select 7 as {LONG}")
    assert on_postgres.read(Statement(f"select {LONG} from wide")).to_pylist() == [{LONG: 7}]


@pytest.mark.parametrize(
    ("sql", "limits", "word"),
    [
        ("select id from orders", Limits(rows=99), "more than 99 rows"),
        ("select id from orders", Limits(bytes=80), "larger than 80 bytes"),
        (ENDLESS, Limits(seconds=0.3), "longer than 0.3 seconds"),
    ],
)
def test_limits(sql: str, limits: Limits, word: str, executor: Executor) -> None:
    with pytest.raises(LimitExceededError, match=word):
        executor.read(Statement(sql, limits=limits))
    assert executor.read(Statement("select id from orders limit 3")).num_rows == 3


def test_as_many_rows_as_are_allowed(executor: Executor) -> None:
    assert (
        executor.read(Statement("select id from orders", limits=Limits(rows=100))).num_rows == 100
    )


def test_cancelling_from_another_thread(executor: Executor) -> None:
    begun = threading.Event()
    stops: list[Callable[[], None] | None] = []

    def stop_with(stop: Callable[[], None] | None) -> None:
        stops.append(stop)
        begun.set()

    def cancel() -> None:
        begun.wait()
        assert stops[0] is not None
        stops[0]()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(CancelledError):
        executor.read(Statement(ENDLESS, stop_with=stop_with))
    thread.join()
    assert stops[-1] is None
    assert executor.read(Statement("select 1 as one")).to_pylist() == [{"one": 1}]


def test_cancelling_before_the_statement_itself(
    on_postgres: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = psycopg.Cursor.execute

    def slowly(
        cursor: psycopg.Cursor, query: object, *arguments: object, **options: object
    ) -> object:
        if "set_config('statement_timeout'" in str(query):
            execute(cursor, "select pg_sleep(600)")
        return execute(cursor, query, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(psycopg.Cursor, "execute", slowly)

    def at_once(stop: Callable[[], None] | None) -> None:
        if stop is not None:
            stop()

    with pytest.raises(CancelledError):
        on_postgres.read(Statement("select 1 as one", stop_with=at_once))


def test_an_interrupt_under_way_does_not_meet_the_next_statement() -> None:
    interrupting, released, left = threading.Event(), threading.Event(), threading.Event()
    stops: list[Callable[[], None] | None] = []

    def interrupt() -> None:
        interrupting.set()
        released.wait()

    def work() -> None:
        with Interruption(Statement("", stop_with=stops.append), interrupt):
            assert stops[0] is not None
            stops[0]()
            interrupting.wait()
        left.set()

    thread = threading.Thread(target=work)
    thread.start()
    interrupting.wait()
    assert not left.wait(0.2)
    released.set()
    thread.join()
    interrupting.clear()
    assert not interrupting.wait(0.3)


@pytest.mark.parametrize(
    "sql",
    [
        "create table evil (id int)",
        "insert into orders values (1)",
        "delete from orders",
        "drop table orders",
        "select 1 as a; delete from orders",
    ],
)
def test_nothing_is_written(sql: str, executor: Executor) -> None:
    with pytest.raises(MetricsStoreError):
        executor.read(Statement(sql))
    assert executor.read(Statement("select count(*) as n from orders")).to_pylist() == [{"n": 100}]


def test_a_table_that_is_not_there(executor: Executor) -> None:
    with pytest.raises(RelationMissingError) as refused:
        executor.read(Statement("select * from nowhere"))
    assert "nowhere" in refused.value.detail
    assert "nowhere" not in refused.value.public()


def test_duckdb_reads_no_files_and_stays_locked(on_duckdb: Executor, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for sql in (
        f"select * from '{tmp_path}/secret.csv'",
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
    ):
        with pytest.raises(MetricsStoreError) as refused:
            on_duckdb.read(Statement(sql))
        assert str(tmp_path) not in refused.value.public()
    with connect_read_only(tmp_path / "shop.duckdb") as connection:
        for statement in (
            "set enable_external_access = true",
            f"attach '{tmp_path}/other.duckdb' as other",
            "create table more (id int)",
            "set TimeZone = 'Asia/Tokyo'",
            "install httpfs",
            "load httpfs",
            "copy orders to '/tmp/orders.csv'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_a_file_that_this_process_has_open_can_be_read(on_duckdb: Executor, tmp_path: Path) -> None:
    question = Statement("select count(*) as n from orders")
    with duckdb.connect(str(tmp_path / "shop.duckdb"), read_only=True) as connection:
        assert connection.execute(question.sql).fetchall() == [(100,)]
        with contextlib.closing(DuckdbExecutor(tmp_path / "shop.duckdb")) as executor:
            assert executor.read(question).to_pylist() == [{"n": 100}]
    assert on_duckdb.read(question).to_pylist() == [{"n": 100}]


def test_duckdb_knows_no_variables_of_ours(on_duckdb: Executor) -> None:
    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    with pytest.raises(MetricsStoreError):
        on_duckdb.read(Statement("select * from secret"))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "no.duckdb").write_text("nothing like it")
    with pytest.raises(UnavailableError) as refused:
        DuckdbExecutor(tmp_path / "no.duckdb")
    assert str(tmp_path) not in refused.value.public()


def test_postgres_survives_the_loss_of_its_connections(
    on_postgres: Executor, postgres_server: dict[str, str]
) -> None:
    assert on_postgres.read(Statement("select 1 as one")).num_rows == 1
    with psycopg.connect(**postgres_server, autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'metrics' and pid <> pg_backend_pid()"
        )
    assert on_postgres.read(Statement("select 1 as one")).num_rows == 1


def test_postgres_knows_the_request(on_postgres: Executor) -> None:
    table = on_postgres.read(
        Statement(
            "select query, current_setting('transaction_read_only') as read_only "
            "from pg_stat_activity where pid = pg_backend_pid()",
            request_id="ab12cd",
        )
    )
    [row] = table.to_pylist()
    assert row["query"].startswith("/* request ab12cd */")
    assert row["read_only"] == "on"


@pytest.mark.slow
def test_postgres_that_cannot_be_reached() -> None:
    settings = {"type": "postgres", "host": "127.0.0.1", "port": 1, "user": "nobody", "dbname": "x"}
    with contextlib.closing(PostgresExecutor(Target(Path(), "dev", settings), 1)) as executor:
        with pytest.raises(UnavailableError) as refused:
            executor.read(Statement("select 1 as one"))
        assert "127.0.0.1" not in refused.value.public()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", None, "2.50"], pa.decimal128(38, 2)),
        (["1", "2"], pa.int64()),
        (["0.33333333333333333333"], pa.float64()),
        (["NaN"], pa.float64()),
        (["1e30", "0.123456789"], pa.float64()),
    ],
)
def test_exact_numbers_of_postgres(
    values: list[str | None], kind: pa.DataType, on_postgres: Executor
) -> None:
    rows = ", ".join("(null::numeric)" if one is None else f"('{one}'::numeric)" for one in values)
    table = on_postgres.read(Statement(f"select v from (values {rows}) as t (v)"))
    assert table.schema.field("v").type == kind
    given = [None if one is None else float(one) for one in values]
    shown = [None if one is None else float(one) for one in table.column("v").to_pylist()]
    assert repr(shown) == repr(given)


@pytest.mark.parametrize(
    ("request_id", "sql"),
    [
        ("", "select 1"),
        ("*/ drop table orders; --", "/* request droptableorders-- */ select 1"),
        ("Ana_1.2-3", "/* request Ana_1.2-3 */ select 1"),
        ("/* * / \n", "select 1"),
    ],
)
def test_a_request_id_stays_in_its_comment(request_id: str, sql: str) -> None:
    assert Statement("select 1", request_id).labelled == sql
