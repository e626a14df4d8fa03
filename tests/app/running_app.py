"""`metrics app` as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PATIENCE = 120


def free_port() -> int:
    """Give a port that nobody listens to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running_app(
    command: Path, directory: Path, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run the app in a directory; gives its address."""
    with subprocess.Popen(
        [command, "app", "--port", str(port), "--host", "localhost"],
        cwd=directory,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            url = f"http://localhost:{port}"
            ends = time.monotonic() + PATIENCE
            while True:
                try:
                    if requests.get(f"{url}/_stcore/health", timeout=PATIENCE).ok:
                        break
                except requests.ConnectionError:
                    assert process.poll() is None
                    assert time.monotonic() < ends
                    time.sleep(0.2)
            yield url
        finally:
            process.terminate()
