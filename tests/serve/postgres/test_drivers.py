"""Drivers and tools as they are: what they ask when they connect, and what they make of answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pandas as pd
import pg8000.native
import psycopg
import psycopg2
import pytest
import sqlalchemy

if TYPE_CHECKING:
    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

BY_REGION = "select customer__region, agg(buyers) from metrics.orders group by 1 order by 1"
_GROUPS = 4


def psql(interface: Opened, *commands: str, program: str | None = None) -> str:
    program = program or shutil.which("psql")
    if program is None:
        pytest.skip("psql is not installed")
    arguments = [part for one in commands for part in ("-c", one)]
    found = subprocess.run(
        [
            *(program, "-X", "-A", "-t", "-h", "127.0.0.1", "-p", str(interface.listener.port)),
            *("-U", "ana", "-d", "metrics", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def right(interface: Opened) -> list[tuple[object, ...]]:
    with interface.connect() as connection:
        return connection.execute(BY_REGION.encode()).fetchall()


def test_psql(interface: Opened) -> None:
    shown = psql(interface, BY_REGION)
    assert shown.splitlines() == [f"{region or ''}|{n}" for region, n in right(interface)]
    assert "metrics|orders|view|" in psql(interface, r"\d")
    assert "Where the customer lives." in psql(interface, r"\d+ orders")
    assert "unit: euro" in psql(interface, r"\d+ metrics.orders")
    assert psql(interface, r"\dt") == "metrics|metric_definitions|table|metrics_store\n"
    assert "Metrics by their dimensions." in psql(interface, r"\dn+")
    for command in (r"\df", r"\du", r"\dp", r"\x \\ select 1"):
        psql(interface, command)


def test_psycopg_in_every_way(interface: Opened, connection: psycopg.Connection) -> None:
    expected = right(interface)
    assert len(expected) == _GROUPS
    day = dt.date(2024, 2, 1)
    sql = (
        "select customer__region, agg(revenue) from orders where metric_time >= %s "
        "and order__status = any(%s) and order__quantity > %s group by 1 order by 1 limit %s"
    )
    literal = (
        "select customer__region, agg(revenue) from orders where metric_time >= '2024-02-01' "
        "and order__status in ('paid', 'open') and order__quantity > 2 group by 1 order by 1"
    )
    wanted = connection.execute(literal.encode()).fetchall()
    for binary in (False, True):
        cursor = connection.cursor(binary=binary)
        for _ in range(3):
            cursor.execute(sql.encode(), (day, ["paid", "open"], 2, 10), prepare=True)
            assert cursor.fetchall() == wanted
    with connection.transaction(), connection.cursor("named") as named:
        named.execute(BY_REGION.encode())
        assert [*named.fetchmany(1), *named.fetchall()] == expected
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy ({BY_REGION}) to stdout".encode()) as copy,
    ):
        assert [tuple(row) for row in copy.rows()] == [(region, str(n)) for region, n in expected]
    with connection.pipeline():
        first = connection.execute("select 1")
        metric = connection.execute(BY_REGION.encode())
        last = connection.execute("select 2")
    assert (first.fetchall(), metric.fetchall(), last.fetchall()) == ([(1,)], expected, [(2,)])


def test_several_statements_in_one(connection: psycopg.Connection) -> None:
    cursor = connection.execute(
        f"begin; set local extra_float_digits = 3; {BY_REGION}; commit".encode()
    )
    found = []
    while True:
        if cursor.description is not None:
            found.append(len(cursor.fetchall()))
        if not cursor.nextset():
            break
    assert found == [_GROUPS]


def test_texts_are_texts_under_every_setting(connection: psycopg.Connection) -> None:
    strange = 'it\'s \\ "x" {a,b} NULL ä'
    for encoding in ("UTF8", "LATIN1"):
        connection.execute(f"set client_encoding = '{encoding}'".encode())
        named = connection.execute(
            "select %s::text, revenue from orders where customer__customer_name = %s",
            (strange, strange),
        ).fetchall()
        assert named == [(strange, None)]


def test_days_are_read_as_the_client_writes_them(interface: Opened) -> None:
    question = b"select sum(buyers) from orders where metric_time >= '01/02/2024'::date"
    iso = b"select sum(buyers) from orders where metric_time >= '%s'"
    with interface.connect() as connection:
        for style, day in (
            (b"DMY", b"2024-02-01"),
            (b"MDY", b"2024-01-02"),
            (b"DMY", b"2024-02-01"),
        ):
            connection.execute(b"set datestyle = 'ISO, %s'" % style)
            assert (
                connection.execute(question).fetchall() == connection.execute(iso % day).fetchall()
            )
    begun = f"{interface.address} options='-c datestyle=ISO,DMY'"
    with psycopg.connect(begun, autocommit=True) as connection:
        right = connection.execute(iso % b"2024-02-01").fetchall()
        assert connection.execute(question).fetchall() == right


def test_psycopg2(interface: Opened) -> None:
    connection = psycopg2.connect(interface.address)
    with connection, connection.cursor() as cursor:
        cursor.execute(BY_REGION)
        assert cursor.fetchall() == right(interface)
        cursor.execute("select agg(revenue) from orders where customer__region = %s", ("north",))
        [(revenue,)] = cursor.fetchall()
        assert isinstance(revenue, Decimal)
    connection.close()


def test_asyncpg(interface: Opened) -> None:
    async def ask() -> None:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=interface.listener.port, user="ana", database="metrics"
        )
        assert [tuple(row) for row in await connection.fetch(BY_REGION)] == right(interface)
        sql = (
            "select metric_time__month, agg(revenue) from orders where metric_time >= $1 "
            "and order__quantity = $2 and order__status = any($3) and order__is_large = $4 "
            "group by 1"
        )
        times = dt.datetime(2024, 1, 1)
        prepared = await connection.prepare(sql)
        assert [one.name for one in prepared.get_parameters()] == [
            "timestamp", "int8", "text[]", "bool",
        ]  # fmt: skip
        assert [one.name for one in prepared.get_attributes()] == ["metric_time__month", "revenue"]
        found = await prepared.fetch(times, 3, ["paid"], False)  # noqa: FBT003 - the driver's own
        assert found
        assert found == await connection.fetch(sql, times, 3, ["paid"], False)  # noqa: FBT003
        with pytest.raises(asyncpg.FeatureNotSupportedError, match="not the metric"):
            await connection.fetch("select stddev(revenue) from orders")
        async with connection.transaction():
            cursor = await connection.cursor(BY_REGION)
            assert len(await cursor.fetch(2)) == 2
        await connection.reset()
        await connection.close()

    asyncio.run(ask())


def test_adbc(interface: Opened) -> None:
    """It copies rows out, by a statement that it has prepared."""
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
    uri = f"postgresql://ana@127.0.0.1:{interface.listener.port}/metrics"
    paid = "select agg(buyers) from orders where order__status = {}"
    with dbapi.connect(uri) as connection, connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(BY_REGION)
            assert cursor.fetchall() == right(interface)
        cursor.execute(paid.format("'paid'"))
        [(buyers,)] = cursor.fetchall()
        assert buyers > 0
        cursor.execute(paid.format("$1"), ("paid",))
        assert cursor.fetchall() == [(buyers,)]
        listed = connection.adbc_get_objects(db_schema_filter="metrics").read_all().to_pylist()
        schemas = [schema for one in listed for schema in one["catalog_db_schemas"] or ()]
        tables = [table for schema in schemas for table in schema["db_schema_tables"]]
        assert "orders" in [table["table_name"] for table in tables]
        with pytest.raises(dbapi.Error, match="rows of a metric table cannot be counted"):
            cursor.execute("select count(*) from orders")


def test_pg8000(interface: Opened) -> None:
    connection = pg8000.native.Connection(
        "ana", host="127.0.0.1", port=interface.listener.port, database="metrics"
    )
    assert [tuple(row) for row in connection.run(BY_REGION)] == right(interface)
    found = connection.run("select agg(revenue) from orders where order__status = :s", s="paid")
    assert found == [[connection.run("select revenue_paid from orders")[0][0]]]
    connection.close()


def test_sqlalchemy_and_pandas(interface: Opened) -> None:
    engine = sqlalchemy.create_engine(
        f"postgresql+psycopg://ana@127.0.0.1:{interface.listener.port}/metrics"
    )
    inspector = sqlalchemy.inspect(engine)
    assert "metrics" in inspector.get_schema_names()
    assert "orders" in inspector.get_view_names("metrics")
    assert "metric_definitions" in inspector.get_table_names("metrics")
    columns = {one["name"]: one for one in inspector.get_columns("orders", "metrics")}
    assert columns["customer__region"]["comment"] == "Where the customer lives."
    assert isinstance(columns["metric_time"]["type"], sqlalchemy.TIMESTAMP)
    assert inspector.get_pk_constraint("orders", "metrics")["constrained_columns"] == []
    orders = sqlalchemy.Table("orders", sqlalchemy.MetaData(schema="metrics"), autoload_with=engine)
    month = sqlalchemy.func.date_trunc("month", orders.c.metric_time).label("month")
    query = (
        sqlalchemy.select(month, sqlalchemy.func.sum(orders.c.paid_share).label("share"))
        .where(orders.c.order__channel == "web")
        .group_by(month)
        .order_by(month)
    )
    with engine.connect() as connection:
        frame = pd.read_sql(query, connection)
        assert list(frame.columns) == ["month", "share"]
        assert len(frame) > 3
        same = "select metric_time__month, paid_share from orders where order__channel = 'web'"
        assert frame["share"].tolist() == [
            row[1] for row in connection.execute(sqlalchemy.text(same))
        ]
    engine.dispose()
