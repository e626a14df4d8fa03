"""Many sessions at once: none hangs, none leaves anything, and a PostgreSQL that dies comes back.

`make test` opens some; `make test-sessions` opens as many as docs/sql.md says, several times.
"""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from serve.postgres.test_sessions import raw, waited

if TYPE_CHECKING:
    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

IS_LONG = "SESSIONS" in os.environ
AT_ONCE = int(os.environ.get("SESSIONS", "12"))
DROPPED = 4 * AT_ONCE
ROUNDS = 5 if IS_LONG else 1
QUESTIONS = [
    b"select customer__region, agg(buyers) from orders group by 1 order by 1",
    b"select order__status, paid_share from orders order by 1",
    (
        b"select order__status, revenue from orders where order__status in "
        b"(select order__status from orders group by 1 order by agg(revenue) desc limit 1)"
    ),
]


def ask(interface: Opened, number: int) -> list[tuple[object, ...]]:
    with psycopg.connect(interface.address, autocommit=True, connect_timeout=60) as connection:
        return connection.execute(QUESTIONS[number % len(QUESTIONS)]).fetchall()


def drop(interface: Opened, number: int) -> None:
    """Open a session, and leave it in the middle of what it asked."""
    slow = b"select count(*) from generate_series(1, 100000) a, generate_series(1, 1000000) b"
    with raw(interface) as opened:
        sql = [slow, *QUESTIONS][number % 4]
        if number % 5:
            opened.sendall(b"Q" + struct.pack("!i", len(sql) + 5) + sql + b"\0")
        if number % 3 == 0:
            time.sleep(0.05)
            opened.recv(100)


def left_over(interface: Opened) -> tuple[int, int]:
    """Give how many roles and sessions there are besides that of who looks."""
    with interface.connect() as connection:
        found = connection.execute(
            "select (select count(*) - 1 from pg_roles where rolname like 'session_%'), "
            "(select count(*) - 1 from pg_stat_activity where usename like 'session_%')"
        ).fetchone()
    assert found is not None
    return found


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident_kilobytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0])


def test_many_at_once_are_answered_and_leave_nothing(interface: Opened) -> None:
    right = [ask(interface, number) for number in range(len(QUESTIONS))]
    assert all(right)
    assert waited(lambda: left_over(interface) == (0, 0))
    files, kilobytes = open_files(), []
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(AT_ONCE) as threads:
            found = list(threads.map(lambda number: ask(interface, number), range(AT_ONCE)))
        assert found == [right[number % len(right)] for number in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda number: drop(interface, number), range(DROPPED)))
        assert waited(lambda: left_over(interface) == (0, 0))
        assert waited(lambda: open_files() <= files + 4)
        kilobytes.append(resident_kilobytes())
    # The first round may take what is kept; the others take no more.
    assert kilobytes[-1] < kilobytes[0] * 1.1 + 10_000, kilobytes


def test_postgresql_dies_under_load_and_comes_back(interface: Opened) -> None:
    right = [ask(interface, number) for number in range(len(QUESTIONS))]
    ends = threading.Event()
    asked = min(AT_ONCE, 8)

    def ask_on(number: int) -> tuple[int, int, int]:
        answered = failed = after = 0
        while not ends.is_set():
            try:
                assert ask(interface, number) == right[number % len(right)]
            except psycopg.OperationalError:
                failed += 1
                after = 0
                time.sleep(0.05)
            else:
                answered += 1
                after += 1
        return answered, failed, after

    servers = interface.listener._servers
    assert servers is not None
    with ThreadPoolExecutor(asked) as threads:
        running = [threads.submit(ask_on, number) for number in range(asked)]
        for _ in range(ROUNDS):
            time.sleep(1)
            [server] = servers._servers.values()
            file = server.server.directory / "data" / "postmaster.pid"
            os.kill(int(file.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
            # It comes back for whoever connects.
            assert waited(lambda: _works(interface))
        time.sleep(2)
        ends.set()
        found = [one.result(120) for one in running]
    assert all(answered for answered, _, _ in found), found
    assert all(after for _, _, after in found), found
    assert waited(lambda: left_over(interface) == (0, 0))


def _works(interface: Opened) -> bool:
    try:
        return bool(ask(interface, 0))
    except psycopg.OperationalError:
        return False
