"""A real Cube server over a project's PostgreSQL, without native code and without Cube Store."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jwt
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject

SECRET = "a secret of the tests and of nobody else"  # noqa: S105 - there is nothing to keep
_SETTINGS = {
    "CUBEJS_API_SECRET": SECRET,
    "CUBEJS_CACHE_AND_QUEUE_DRIVER": "memory",
    "CUBEJS_DB_TYPE": "postgres",
    "CUBEJS_DEV_MODE": "false",
    "CUBEJS_EXTERNAL_DEFAULT": "false",
    "CUBEJS_SCHEDULED_REFRESH_TIMER": "false",
    "CUBEJS_SCHEMA_PATH": "schema",
    "CUBEJS_TELEMETRY": "false",
    "NODE_ENV": "production",
}


@dataclass(frozen=True)
class CubeProcess:
    """A Cube server that runs.

    Attributes:
        url: Its address.
        token: What it knows its callers by.
    """

    url: str
    token: str


@contextmanager
def cube_server(
    packages: Path, model: Path, directory: Path, project: SmallProject
) -> Iterator[CubeProcess]:
    """Run Cube with a data model over a project's PostgreSQL database.

    Args:
        packages: Where npm put it.
        model: The data model.
        directory: Where it may write.
        project: The project, built on PostgreSQL.
    """
    shutil.copytree(model, directory / "schema")
    (directory / "node_modules").symlink_to(packages / "node_modules")
    (directory / "package.json").write_text('{"name": "cube", "private": true}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CUBEJS_")}
    environment = project.environment
    log = directory / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["node", "node_modules/@cubejs-backend/server/bin/server"],  # noqa: S607 - found before
            cwd=directory,
            env={
                **kept,
                **_SETTINGS,
                "CUBEJS_DB_HOST": environment["METRICS_STORE_DEV_HOST"],
                "CUBEJS_DB_PORT": environment["METRICS_STORE_DEV_PORT"],
                "CUBEJS_DB_USER": environment["METRICS_STORE_DEV_USER"],
                "CUBEJS_DB_NAME": environment["METRICS_STORE_DEV_DATABASE"],
                "CUBEJS_DB_PASS": "",
                "PORT": str(port),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, f"{url}/livez", log)
        yield CubeProcess(url, jwt.encode({"exp": 4_000_000_000}, SECRET, algorithm="HS256"))
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text())
