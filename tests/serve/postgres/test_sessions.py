"""Sessions: what is cancelled, cut off, garbled or killed, and what nobody may reach."""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

# It takes long, and its rows are none.
_LONG = b"select count(*) from generate_series(1, 100000) a, generate_series(1, 1000000) b"


def waited(found: object, seconds: float = 60) -> bool:
    assert callable(found)
    ends = time.monotonic() + seconds
    while not found():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def works(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def raw(interface: Opened) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", interface.listener.port), timeout=60)
    body = struct.pack("!i", 196608) + b"user\0ana\0database\0metrics\0\0"
    opened.sendall(struct.pack("!i", len(body) + 4) + body)
    return opened


def test_a_cancel_request_cancels_its_own_session_alone(interface: Opened) -> None:
    with interface.connect() as one, interface.connect() as other:
        failures: list[BaseException] = []

        def run(connection: psycopg.Connection) -> None:
            try:
                connection.execute(_LONG)
            except psycopg.Error as error:
                failures.append(error)

        threads = [threading.Thread(target=run, args=[each]) for each in (one, other)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        # A key that is none cancels nobody.
        with socket.create_connection(("127.0.0.1", interface.listener.port)) as stranger:
            number = other.pgconn.backend_pid
            stranger.sendall(struct.pack("!iiiI", 16, 80877102, number, 1))
        one.cancel_safe(timeout=30)
        threads[0].join(60)
        assert [type(error) for error in failures] == [psycopg.errors.QueryCanceled]
        assert threads[1].is_alive()
        other.cancel_safe(timeout=30)
        threads[1].join(60)
        assert one.execute("select 1").fetchall() == other.execute("select 1").fetchall()


def test_what_is_no_protocol_ends_its_connection_alone(interface: Opened) -> None:
    with interface.connect() as connection:
        for sent in (
            b"GET / HTTP/1.1\r\n\r\n",
            b"\0\0\0\4",
            b"\xff" * 64,
            struct.pack("!ii", 8, 7),
        ):
            with socket.create_connection(("127.0.0.1", interface.listener.port)) as stranger:
                stranger.settimeout(60)
                stranger.sendall(sent)
                stranger.shutdown(socket.SHUT_WR)
                while stranger.recv(4096):
                    pass
        for sent in (
            b"Q\xff\xff\xff\xff",
            b"Q" + struct.pack("!i", 2**31 - 1),
            b"Q\0\0\0\4",
            b"B\0\0\0\x06\0\0",
            b"?\0\0\0\4",
            b"F\0\0\0\4",
            b"P\0\0\0\x08ab\0c",
        ):
            with raw(interface) as stranger:
                time.sleep(0.05)
                stranger.sendall(sent)
                stranger.shutdown(socket.SHUT_WR)
                while stranger.recv(4096):
                    pass
        assert connection.execute("select 1").fetchall() == [(1,)]


@pytest.fixture
def garbage_collected() -> Iterator[None]:
    """Collect garbage all the time, as a busy server does now and then."""
    ends = threading.Event()

    def collect() -> None:
        while not ends.wait(0.02):
            gc.collect()

    thread = threading.Thread(target=collect)
    thread.start()
    yield
    ends.set()
    thread.join()


@pytest.mark.usefixtures("garbage_collected")
def test_sessions_that_are_dropped_leave_nothing(interface: Opened) -> None:
    def sessions() -> int:
        with interface.connect() as connection:
            found = connection.execute(
                "select count(*) from pg_roles where rolname like 'session_%'"
            ).fetchone()
        assert found is not None
        return int(found[0])

    for number in range(20):
        opened = raw(interface)
        if number % 2:
            sql = _LONG if number % 4 == 1 else b"select customer__region, revenue from orders"
            opened.sendall(b"Q" + struct.pack("!i", len(sql) + 5) + sql + b"\0")
        opened.close()
    assert waited(lambda: sessions() == 1)


def test_a_role_sees_its_own_schema_and_reaches_nothing_else(interface: Opened) -> None:
    with interface.connect() as connection:
        schemas = connection.execute(
            "select nspname from pg_namespace where nspname !~ '^pg_' order by 1"
        ).fetchall()
        assert schemas == [("information_schema",), ("metrics",)]
        assert connection.execute("select datname from pg_database where datallowconn").fetchall()
        rights = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
            "from pg_roles where rolname = current_user"
        ).fetchall()
        assert rights == [(False,) * 5]
        for sql in (
            b"select * from pg_authid",
            b"select * from pg_shadow",
            b"select pg_reload_conf()",
            b"select pg_terminate_backend(pid) from pg_stat_activity where usename like 'metrics%'",
            b"select lo_create(1)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(interface.address, dbname="template1")


def test_a_postgresql_that_is_killed_comes_back(interface: Opened) -> None:
    connection = interface.connect()
    servers = interface.listener._servers
    assert servers is not None
    [server] = servers._servers.values()
    postmaster = int((server.server.directory / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert waited(lambda: not works(connection))
    connection.close()
    with interface.connect() as again:
        assert again.execute("select customer__region, revenue from orders").fetchall()
