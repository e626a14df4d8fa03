"""Callers who leave in the middle of an answer: what was done for them is given up."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import requests

from faults.interface_requests import (
    CANCEL,
    DEADLINE,
    INTERFACES,
    create,
    post_graphql,
    statement,
    wait_until,
)
from serve.flight.flight_client import field, packed
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]

# Both interfaces of HTTP are left by closing the connection, Flight by the end of the process.
FLIGHT_CALLER = """
import sys
from pyarrow import flight
client = flight.connect(sys.argv[1])
client.do_get(flight.Ticket(bytes.fromhex(sys.argv[2]))).read_all()
"""
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "query_metrics", "arguments": {}},
}
# One statement at a time, so that whoever comes next waits for the end of it.
ONE_AT_A_TIME = {
    "flight_port": 0,
    "limits": {"timeout_seconds": 600, "concurrent_statements": 1},
    "shutdown_seconds": 1,
}


def _http(server: Serving, method: str, path: str, body: object = None) -> Callable[[], None]:
    """Ask over a connection of its own; give what leaves."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=DEADLINE)
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, headers if body is not None else {})
    return connection.close


def _by_rest(server: Serving, metric: str) -> Callable[[], None]:
    return _http(server, "GET", f"/v1/query?metrics={metric}")


def _by_mcp(server: Serving, metric: str) -> Callable[[], None]:
    call: dict[str, Any] = {
        **CALL,
        "params": {**CALL["params"], "arguments": {"metrics": [metric]}},
    }  # type: ignore[dict-item]
    return _http(server, "POST", "/mcp", call)


def _by_flight(server: Serving, metric: str) -> Callable[[], None]:
    ticket = packed("CommandStatementQuery", field(1, statement(metric))).hex()
    address = server.entry(message="listening")["flight"]
    process = subprocess.Popen(
        [sys.executable, "-c", FLIGHT_CALLER, address, ticket], stderr=subprocess.DEVNULL
    )

    def leave() -> None:
        process.kill()
        process.wait()

    return leave


def _by_graphql(server: Serving, metric: str) -> Callable[[], None]:
    """Leave as dbt's clients can: a query outlives the request that created it."""
    query_id = create(server, metric)["data"]["createQuery"]["queryId"]
    return lambda: _cancel(server, query_id)


def _cancel(server: Serving, query_id: str) -> None:
    assert "errors" not in post_graphql(server, CANCEL, {"id": query_id})


LEAVING = {"rest": _by_rest, "mcp": _by_mcp, "flight": _by_flight, "graphql": _by_graphql}


def _counted(server: Serving, interface: str) -> float:
    wanted = f'action="answer",door="{interface}",outcome="cancelled"'
    lines = server.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if wanted in line)


@pytest.fixture(scope="module")
def heavy(
    heavy_shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """Give a server that answers one question at a time, however long it takes."""
    directory = tmp_path_factory.mktemp("heavy_server")
    with serving(
        metrics_command, heavy_shop, directory=directory, configuration=ONE_AT_A_TIME
    ) as server:
        yield server


@pytest.mark.parametrize("interface", LEAVING)
def test_on_duckdb_the_next_one_gets_the_turn(heavy: Serving, interface: str) -> None:
    before = _counted(heavy, interface)
    server = psutil.Process(heavy.process.pid)
    worked = server.cpu_times().user
    leave = LEAVING[interface](heavy, "endless")
    # Its statement has the only turn; nobody but the caller's leaving ends it in time. Planning
    # takes less, and how much of the machine others leave to the server is nobody's fault.
    wait_until(lambda: server.cpu_times().user > worked + 2, "the statement does not run")
    leave()
    assert INTERFACES["rest"](heavy, "revenue", f"order__status&limit={len(interface)}").rows
    wait_until(lambda: _counted(heavy, interface) == before + 1, "the question is not cancelled")


def test_a_caller_who_leaves_while_rows_come_leaves_nothing_behind(heavy: Serving) -> None:
    for number in range(5):
        path = (
            f"{heavy.url}/v1/query?metrics=revenue&group_by=metric_time__day&limit={100 + number}"
        )
        with requests.get(path, stream=True, timeout=DEADLINE) as answer:
            assert answer.raw.read(10)
    wait_until(
        lambda: "metrics_store_http_in_flight 1.0" in heavy.get("/metrics").text,
        "a response that nobody reads is left behind",
    )


@pytest.fixture(scope="module")
def postgres_shop(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: dict[str, Any],
    metrics_command: Path,
) -> Iterator[tuple[Serving, dict[str, Any]]]:
    """Give a server on PostgreSQL, and how to reach its database."""
    import os  # noqa: PLC0415
    import shutil  # noqa: PLC0415

    from projects import TINY_PROJECT  # noqa: PLC0415

    directory = tmp_path_factory.mktemp("postgres_shop")
    project = directory / "shop"
    shutil.copytree(TINY_PROJECT, project)
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute("create database leaving")
    environment = {
        "METRICS_STORE_DEV_HOST": str(postgres_server["host"]),
        "METRICS_STORE_DEV_PORT": str(postgres_server.get("port", 5432)),
        "METRICS_STORE_DEV_USER": str(postgres_server["user"]),
        "METRICS_STORE_DEV_DATABASE": "leaving",
    }
    subprocess.run(
        [metrics_command, "build", "--target", "dev"],
        cwd=project,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    configuration = {"flight_port": 0, "limits": {"timeout_seconds": 600}, "shutdown_seconds": 1}
    with serving(
        metrics_command,
        project,
        "--target",
        "dev",
        directory=directory,
        configuration=configuration,
        environment=environment,
    ) as server:
        yield server, {**postgres_server, "dbname": "leaving"}


@pytest.mark.parametrize("interface", LEAVING)
def test_on_postgres_the_statement_is_cancelled(
    postgres_shop: tuple[Serving, dict[str, Any]], interface: str
) -> None:
    server, database = postgres_shop
    assert INTERFACES[interface](server, "revenue").value == 135.65
    with (
        psycopg.connect(**database) as locking,
        psycopg.connect(**database, autocommit=True) as looking,
    ):

        def waiting() -> int:
            found = looking.execute(
                "select count(*) from pg_stat_activity where datname = 'leaving'"
                " and application_name = 'metrics' and wait_event_type = 'Lock'"
            ).fetchone()
            assert found is not None
            return int(found[0])

        locking.execute("lock table dev.orders in access exclusive mode")
        leave = LEAVING[interface](server, "revenue")
        wait_until(lambda: waiting() == 1, "the statement does not wait for the lock")
        leave()
        wait_until(lambda: waiting() == 0, "the statement goes on")
        locking.rollback()
    assert INTERFACES[interface](server, "revenue").value == 135.65
