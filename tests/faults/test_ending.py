"""The server is told to end while it works, or is killed."""

from __future__ import annotations

import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from faults.interface_requests import DEADLINE, INTERFACES, Told, wait_until
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]


def _ask_everywhere(
    server: Serving, metric: str, pool: ThreadPoolExecutor
) -> dict[str, Future[Told]]:
    """Ask at every interface, and wait until all are worked on."""
    asked = {interface: pool.submit(ask, server, metric) for interface, ask in INTERFACES.items()}
    turns = 'metrics_store_requests_total{action="compile",door="flight",outcome="ok"}'
    wait_until(lambda: turns in server.get("/metrics").text, "Flight does not ask")
    # GraphQL's client comes and goes; REST and MCP and the one who counts are there.
    wait_until(
        lambda: any(
            f"metrics_store_http_in_flight {number}.0" in server.get("/metrics").text
            for number in (3, 4)
        ),
        "nobody asks",
    )
    return asked


def test_what_is_under_way_is_ended_first_at_interfaces_that_keep_their_callers(
    heavy_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    configuration = {"flight_port": 0, "shutdown_seconds": 50}
    with (
        serving(
            metrics_command, heavy_shop, directory=tmp_path, configuration=configuration
        ) as server,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = _ask_everywhere(server, "brief", pool)
        assert server.stop() == 0
        # GraphQL's clients ask again and again, which a server that stops does not hear.
        for interface in ("rest", "flight", "mcp"):
            assert asked[interface].result(DEADLINE).rows, interface


def test_what_would_take_too_long_is_given_up(
    heavy_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    configuration = {
        "flight_port": 0,
        "shutdown_seconds": 1,
        "limits": {"timeout_seconds": 3600},
    }
    with (
        serving(
            metrics_command, heavy_shop, directory=tmp_path, configuration=configuration
        ) as server,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = _ask_everywhere(server, "endless", pool)
        # It waits no longer than a deadline for the end, and no question takes less than an hour.
        assert server.stop() == 0
        for interface, one in asked.items():
            try:
                told = one.result(DEADLINE)
            except requests.exceptions.ConnectionError:
                assert interface == "graphql"
            else:
                assert told.rows is None, interface
        assert server.entry(message="stopped")
        assert not [line for line in server.lines if "Traceback" in line]


def test_killed_and_started_again(heavy_shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = {"port": port, "flight_port": 0, "audit_log": "audit.jsonl"}
    caches = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    for _ in range(2):
        with (
            serving(
                metrics_command,
                heavy_shop,
                directory=tmp_path,
                configuration=configuration,
                environment=caches,
            ) as server,
            ThreadPoolExecutor(8) as pool,
        ):
            for interface, ask in INTERFACES.items():
                assert ask(server, "revenue").value == 135.65, interface
            asked = _ask_everywhere(server, "endless", pool)
            assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            for one in asked.values():
                try:
                    assert one.result(DEADLINE).rows is None
                except requests.exceptions.ConnectionError:
                    continue
