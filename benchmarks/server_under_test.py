"""`metrics serve` as a process of its own, and callers of it, for the benchmarks of the server."""

from __future__ import annotations

import itertools
import json
import os
import socket
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

import click
import psutil
import psycopg
import yaml

if TYPE_CHECKING:
    from types import TracebackType

METRICS = Path(sysconfig.get_path("scripts")) / "metrics"
TILES = 20
ANSWERED, REFUSED = 200, 400
ARROW = "application/vnd.apache.arrow.stream"
JSON = "application/json"
CREATE = """mutation($metrics: [MetricInput!], $by: [GroupByInput!], $saved: String) {
  createQuery(environmentId: 1, metrics: $metrics, groupBy: $by, savedQuery: $saved) { queryId }
}"""
LOOK = """query($id: String!) {
  query(environmentId: 1, queryId: $id) { status error arrowResult }
}"""


class Server:
    """A server under way.

    Args:
        project: The project that it serves.
        scratch: Where its configuration, its log and its plans are.
        limits: Its limits.
        workers: How many workers it has.
    """

    def __init__(
        self, project: Path, scratch: Path, limits: dict[str, object], workers: int = 1
    ) -> None:
        scratch.mkdir()
        self.log = scratch / "log"
        said = {"port": 0, "flight_port": None, "postgres_port": 0}
        said |= {"limits": limits, "workers": workers}
        (scratch / "server.yml").write_text(yaml.safe_dump(said))
        arguments = ["--project-dir", str(project), "--config", str(scratch / "server.yml")]
        with self.log.open("w") as log:
            self.process = psutil.Popen(
                [str(METRICS), "serve", *arguments],
                env={**os.environ, "XDG_CACHE_HOME": str(scratch / "cache")},
                stderr=log,
            )
        addresses = self._listening()
        self.address = urlsplit(str(addresses["url"])).netloc
        self.postgres = str(addresses["postgres"])

    def _listening(self) -> dict[str, object]:
        while self.process.poll() is None:
            for line in self.log.read_text().splitlines():
                if '"listening"' in line:
                    found: dict[str, object] = json.loads(line)
                    return found
            time.sleep(0.1)
        raise click.ClickException(self.log.read_text()[-3000:])

    @property
    def memory(self) -> float:
        """What of it is in memory, in MiB; what several processes share is counted once."""
        return sum(self.memory_of_each)

    @property
    def memory_of_each(self) -> list[float]:
        """The same of each process: with several workers the supervisor comes first."""
        return [
            one.memory_full_info().pss / 2**20 for one in (self.process, *self.process.children())
        ]

    @property
    def cpu_seconds(self) -> float:
        """What it has computed so far."""
        times = [one.cpu_times() for one in (self.process, *self.process.children())]
        return sum(one.user + one.system for one in times)

    def __enter__(self) -> Self:
        """Give it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Tell it to stop, and wait."""
        self.process.terminate()
        self.process.wait(60)


class Client:
    """One caller over one connection, who takes as little of the machine as can be."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: psycopg.Connection | None = None
        self._host = server.address
        host, _, port = server.address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _asked(
        self, method: str, path: str, body: bytes = b"", accept: str = JSON
    ) -> tuple[int, bytes]:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Accept: {accept}"]
        if body:
            lines += [f"Content-Type: {JSON}", f"Content-Length: {len(body)}"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._received()
        head = bytes(received[:end]).lower()
        status = int(head[9:12])
        body_begins = end + 4
        _, _, rest = head.partition(b"content-length: ")
        if rest:
            length = int(rest.partition(b"\r\n")[0])
            while len(received) < body_begins + length:
                received += self._received()
        else:
            while not received.endswith(b"0\r\n\r\n"):
                received += self._received()
        return status, bytes(received[body_begins:])

    def _received(self) -> bytes:
        part = self._socket.recv(1 << 20)
        if not part:
            raise click.ClickException("the server hung up")
        return part

    def rest(self, tile: dict[str, Any], accept: str = ARROW) -> int:
        """Ask a question in one request, and give the status."""
        # A name twice in a query string is a list.
        return self._asked("GET", "/v1/query?" + urlencode(tile, doseq=True), accept=accept)[0]

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Give a document."""
        return json.loads(self._asked("GET", path)[1])

    def _graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        found: dict[str, Any] = json.loads(self._asked("POST", "/api/graphql", body)[1])
        return found["data"]

    def graphql(self, tile: dict[str, Any]) -> int:
        """Ask a question as dbt's clients do: create a query, and ask for it until it is done."""
        names = [name.rpartition("__") for name in tile.get("group_by", [])]
        said = {
            "metrics": [{"name": name} for name in tile.get("metrics", [])] or None,
            "by": [{"name": name, "grain": grain.upper()} for name, _, grain in names] or None,
            "saved": tile.get("saved_query"),
        }
        query_id = self._graphql(CREATE, said)["createQuery"]["queryId"]
        while True:
            query = self._graphql(LOOK, {"id": query_id})["query"]
            if query["status"] == "SUCCESSFUL":
                return ANSWERED
            if query["status"] == "FAILED":
                return REFUSED

    def postgres(self, tile: dict[str, Any]) -> int:
        """Ask a question by SQL over PostgreSQL's protocol, in the binary format of drivers."""
        if self._connection is None:
            self._connection = psycopg.connect(self._server.postgres, user="ana", autocommit=True)
        if "saved_query" in tile:
            sql = f'select * from metrics."{tile["saved_query"]}"'  # noqa: S608 - names of the project
        else:
            [metric], [by] = tile["metrics"], tile["group_by"]
            sql = f'select "{by}", agg("{metric}") from metrics.all_metrics group by 1'  # noqa: S608 - as above
        self._connection.cursor(binary=True).execute(sql.encode()).fetchall()
        return ANSWERED


def tiles_of(client: Client) -> list[dict[str, Any]]:
    """Choose the questions of a dashboard: saved queries, then metrics by time that answer."""
    asked: list[dict[str, Any]] = [
        {"saved_query": one["name"]} for one in client.get("/v1/saved-queries")["items"]
    ]
    metrics = client.get("/v1/metrics?page_size=1000")["items"]
    metrics.sort(key=lambda metric: metric["meta"].get("tier") != "certified")
    for metric in metrics:
        grain = "month" if "month" in metric["grains"] else (metric["grains"] or ["month"])[0]
        asked.append({"metrics": [metric["name"]], "group_by": [f"metric_time__{grain}"]})
    tiles = list(itertools.islice((one for one in asked if client.rest(one) == ANSWERED), TILES))
    if len(tiles) < TILES:
        raise click.ClickException(f"the project has {len(tiles)} questions that can be asked so")
    return tiles
