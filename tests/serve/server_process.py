"""Run the command `metrics serve` for a test, and talk to it over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_START_SECONDS = 60
_STOP_SECONDS = 60


@dataclass
class Serving:
    """A server under way.

    Attributes:
        process: Its process.
        lines: What it wrote to standard error so far.
    """

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        with self._news:
            self._over = True
            self._news.notify_all()

    def entries(self) -> list[dict[str, Any]]:
        """Give the lines of its log that are JSON."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def entry(self, **wanted: object) -> dict[str, Any]:
        """Wait for the line of the log that has these values."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.entries() if wanted.items() <= one.items()]

        with self._news:
            self._news.wait_for(lambda: found() or self._over, _START_SECONDS)
            assert found(), "".join(self.lines)
            return found()[0]

    @property
    def url(self) -> str:
        return str(self.entry(message="listening")["url"])

    def get(self, path: str, token: str | None = None, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        return self.ask("GET", path, token, **options)

    def post(
        self,
        path: str,
        question: object,
        token: str | None = None,
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        return self.ask("POST", path, token, json=question, **options)

    def ask(
        self,
        method: str,
        path: str,
        token: str | None = None,
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return requests.request(method, self.url + path, headers=headers, timeout=60, **options)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(_STOP_SECONDS)


@contextlib.contextmanager
def serving(
    command: Path,
    project: Path,
    *arguments: str,
    configuration: Mapping[str, Any] | None = None,
    directory: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Serving]:
    """Run a server on a free port of this machine.

    Args:
        command: The command `metrics`.
        project: The dbt project.
        arguments: More of its arguments.
        configuration: Its configuration file.
        directory: Where that file is written.
        environment: More of its environment.
    """
    file = directory / "server.yml"
    said = {"port": 0, "flight_port": None, "postgres_port": None, **(configuration or {})}
    file.write_text(yaml.safe_dump(said), encoding="utf-8")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBT_", "METRICS_STORE_", "PG"))
    }
    process = subprocess.Popen(
        [str(command), "serve", "--project-dir", str(project), "--config", str(file), *arguments],
        cwd=directory,
        env={**kept, **(environment or {})},
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Serving(process)
    reader = threading.Thread(target=server.read, daemon=True)
    reader.start()
    try:
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join()
        assert process.stderr is not None
        process.stderr.close()
