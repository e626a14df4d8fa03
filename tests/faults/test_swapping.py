"""Builds are published while everybody asks: no request fails, and none is half new."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import duckdb
import pytest

from faults.interface_requests import DEADLINE, INTERFACES, rest, wait_until
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.embedded.generations import Warehouse
from serve.server_process import serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

PUBLISHED = 4
# The data double and the definitions multiply by ten, so that a mixture of two builds shows.
WHOLE = [round(135.65 * 20**number, 2) for number in range(PUBLISHED + 1)]


def _publish(shop: Path, number: int) -> None:
    with Warehouse(load_target(shop).duckdb_path).next_generation() as generation:
        with duckdb.connect(str(generation.database)) as connection:
            connection.execute("alter table orders alter amount type decimal(18, 2)")
            connection.execute("update orders set amount = amount * 2")
        manifest = generation.artifacts / SEMANTIC_MANIFEST
        content, found = re.subn(
            r'"expr": "amount[^"]*"', f'"expr": "amount * {10**number}"', manifest.read_text()
        )
        assert found
        manifest.write_text(content)


def test_no_request_fails_and_none_is_half_new(
    changing_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with serving(
        metrics_command, changing_shop, directory=tmp_path, configuration={"flight_port": 0}
    ) as server:
        stop = threading.Event()

        def ask(interface: str) -> list[float]:
            values = []
            while not stop.is_set():
                values.append(round(INTERFACES[interface](server, "revenue").value, 2))
            return values

        with ThreadPoolExecutor(8) as pool:
            callers = [pool.submit(ask, interface) for interface in INTERFACES for _ in range(2)]
            try:
                for number in range(1, PUBLISHED + 1):
                    _publish(changing_shop, number)
                    wait_until(
                        lambda wanted=WHOLE[number]: rest(server, "revenue").value == wanted,
                        "a build is not taken in",
                    )
            finally:
                stop.set()
            found = [caller.result(DEADLINE) for caller in callers]
        for values in found:
            assert len(set(values)) > 1
            # Whoever has seen a build sees none before it.
            assert [WHOLE.index(value) for value in values] == sorted(map(WHOLE.index, values))
        assert not [one for one in server.entries() if one["level"] == "error"]
