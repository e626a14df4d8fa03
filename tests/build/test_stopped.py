"""A build that is told to stop, or killed, leaves the last good warehouse and no process."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import duckdb
import psutil
import pytest

from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.embedded.retention import all_directories

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics


@pytest.fixture
def good(tiny_project: Path) -> Warehouse:
    """Give a warehouse that holds one good table."""
    warehouse = Warehouse(tiny_project / "warehouse" / "shop.duckdb")
    with (
        warehouse.next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        connection.execute("create table orders as select 'good' as marker")
        (generation.artifacts / "of_an_older_build.json").touch()
    return warehouse


def _markers(warehouse: Warehouse) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse.live_path), read_only=True) as connection:
        return connection.execute("select distinct marker from orders").fetchall()


def _start(project: Path, command: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(command), "build"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_stop(
    tiny_project: Path,
    good: Warehouse,
    metrics_command: Path,
    number: signal.Signals,
    exit_code: int,
) -> None:
    before = all_directories(good.live_path)
    with _start(tiny_project, metrics_command) as build:
        assert build.stdout is not None
        said = build.stdout.readline()  # dbt runs
        started = psutil.Process(build.pid).children(recursive=True)
        build.send_signal(number)
        said += build.stdout.read()
    assert build.returncode == exit_code, said
    assert "stopped" in said
    assert "Traceback" not in said
    assert [child.pid for child in started if child.is_running()] == []
    assert _markers(good) == [("good",)]
    assert all_directories(good.live_path) == before


@pytest.mark.slow
def test_killed_at_any_moment(
    tiny_project: Path, good: Warehouse, metrics_command: Path, run_metrics: RunMetrics
) -> None:
    for _ in range(2):
        with _start(tiny_project, metrics_command) as build:
            time.sleep(random.uniform(0.2, 3))
            started = psutil.Process(build.pid).children(recursive=True)
            build.kill()
        # dbt ends with the command that started it, and does not build on.
        assert psutil.wait_procs(started, timeout=30)[1] == []
        assert _markers(good) in ([("good",)], [("none",)])
    done = run_metrics("build", "--vars", "{marker: after}", cwd=tiny_project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _markers(good) == [("after",)]
    live = good.current()
    assert live is not None
    assert not (live.artifacts / "of_an_older_build.json").exists()
    assert len(all_directories(good.live_path)) <= 2
