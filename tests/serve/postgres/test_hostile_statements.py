"""What nobody may reach is refused, and the session and the server go on."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import yaml

from serve.postgres.test_sessions import raw

if TYPE_CHECKING:
    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

STATEMENTS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "hostile_statements.yml").read_text(encoding="utf-8")
)
_DEEP = "select " + "(" * 5000 + "revenue" + ")" * 5000 + " from orders"


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_nobody_may_reach(name: str, connection: psycopg.Connection) -> None:
    sql = _DEEP if name == "deep" else STATEMENTS[name]["sql"]
    for prepare in (False, True):
        if prepare and (";" in sql or STATEMENTS[name]["state"].startswith("53")):
            continue
        with pytest.raises(psycopg.Error) as error:
            connection.execute(sql.encode(), prepare=prepare)
        assert error.value.sqlstate == STATEMENTS[name]["state"], error.value
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_statements_of_others_are_not_shown(
    interface: Opened, connection: psycopg.Connection
) -> None:
    with interface.connect() as other:
        other.execute("select 'what ana asks'")
        shown = connection.execute("select query, client_addr from pg_stat_activity").fetchall()
        assert len(shown) > 1
        assert not any("what ana asks" in query for query, _ in shown)


def test_texts_that_are_read_otherwise_smuggle_nothing(connection: psycopg.Connection) -> None:
    connection.execute("select set_config('standard_conforming_strings', 'off', false)")
    # To the interface one text, to PostgreSQL a text and a second statement.
    for smuggled in (
        "create table t (a int)",
        "do $$ begin end $$",
        "copy (select 1) to program 'id'",
    ):
        sql = r"select '\'' || '; " + smuggled.replace("'", "''") + " --'"
        with pytest.raises(psycopg.Error):
            connection.execute(sql.encode())
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_large_parameters_are_refused(connection: psycopg.Connection) -> None:
    sql = "select sum(revenue) from orders where order__status = %s"
    assert connection.execute(sql, ["x" * 9_000]).fetchall() == [(None,)]
    with pytest.raises(psycopg.Error, match="too long"):
        connection.execute(sql, ["x" * 5_000_000])
    with pytest.raises(psycopg.Error):
        connection.execute("select " + ", ".join(["%s"] * 70_000), ["x"] * 70_000)


def test_a_message_that_is_too_large_ends_its_session_alone(
    interface: Opened, connection: psycopg.Connection
) -> None:
    for sent in (
        b"Q" + struct.pack("!i", 2**30),
        b"P" + struct.pack("!i", 70 * 1024 * 1024) + b"x" * 1000,
        b"p" + struct.pack("!i", 8) + b"abcd",
        b"B" + struct.pack("!i", 12) + b"\0\0\xff\xff\xff\xff\0\0",
    ):
        with raw(interface) as stranger:
            stranger.sendall(sent)
            stranger.shutdown(socket.SHUT_WR)
            while stranger.recv(65_536):
                pass
    with socket.create_connection(("127.0.0.1", interface.listener.port)) as stranger:
        stranger.settimeout(60)
        stranger.sendall(struct.pack("!i", 2**30) + b"user\0ana\0\0")
        stranger.shutdown(socket.SHUT_WR)
        assert b"08P01" in b"".join(iter(lambda: stranger.recv(4096), b""))
    assert connection.execute("select 1").fetchall() == [(1,)]
