"""What a server takes: a dashboard of 20 tiles for 1, 8 and 32 clients, and its memory over time.

`metrics serve` runs as a process of its own on a project that is built; the tiles are its saved
queries and its metrics by time, the certified ones first. Everything is compared with the same
questions asked of MetricFlow's own engine in this process, one by one, in the same run.

    python benchmarks/serve.py --project-dir .
    python benchmarks/serve.py --project-dir . --soak 100000
"""

from __future__ import annotations

import functools
import http.client
import itertools
import json
import os
import statistics
import sysconfig
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

import click
import duckdb
import psutil
import yaml
from comparison.plain_planner import PlainPlanner

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

METRICS = Path(sysconfig.get_path("scripts")) / "metrics"
TILES = 20
ANSWERED, REFUSED = 200, 400
ARROW = "application/vnd.apache.arrow.stream"
CREATE = """mutation($metrics: [MetricInput!], $by: [GroupByInput!], $saved: String) {
  createQuery(environmentId: 1, metrics: $metrics, groupBy: $by, savedQuery: $saved) { queryId }
}"""
LOOK = """query($id: String!) {
  query(environmentId: 1, queryId: $id) { status error arrowResult }
}"""
# The caches are full by then, so that what grows afterwards is lost.
WARM_SHARE = 0.1


class Server:
    """`metrics serve`, under way."""

    def __init__(self, project: Path, scratch: Path, limits: dict[str, object]) -> None:
        scratch.mkdir()
        self.log = scratch / "log"
        said = {"port": 0, "flight_port": None, "limits": limits, "log": {"level": "info"}}
        (scratch / "server.yml").write_text(yaml.safe_dump(said))
        arguments = [
            "serve",
            "--project-dir",
            str(project),
            "--config",
            str(scratch / "server.yml"),
        ]
        with self.log.open("w") as log:
            self.process = psutil.Popen(
                [str(METRICS), *arguments],
                env={**os.environ, "XDG_CACHE_HOME": str(scratch / "cache")},
                stderr=log,
            )
        self.address = urlsplit(self._listening()).netloc

    def _listening(self) -> str:
        while self.process.poll() is None:
            for line in self.log.read_text().splitlines():
                if '"listening"' in line:
                    return str(json.loads(line)["url"])
            time.sleep(0.1)
        raise click.ClickException(self.log.read_text()[-3000:])

    @property
    def memory(self) -> float:
        """What of it is in memory, in MiB."""
        return float(self.process.memory_info().rss / 2**20)

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
    """One caller, over one connection."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection(server.address, timeout=120)

    def _asked(self, *asked: Any, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401 - http's own
        self.connection.request(*asked, **more)
        response = self.connection.getresponse()
        return response.status, response.read()

    def rest(self, tile: dict[str, Any], accept: str = ARROW) -> int:
        """Ask a question in one request, and give the status."""
        # A name twice in a query string is a list.
        path = "/v1/query?" + urlencode(tile, doseq=True)
        return self._asked("GET", path, headers={"Accept": accept})[0]

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Give a document."""
        return json.loads(self._asked("GET", path)[1])

    def _graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables})
        _, content = self._asked(
            "POST", "/api/graphql", body=body, headers={"Content-Type": "application/json"}
        )
        found: dict[str, Any] = json.loads(content)
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


@dataclass
class Round:
    """What a number of questions took.

    Attributes:
        seconds: What each took.
        wall: What all took together.
        failed: How many had no answer.
    """

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    failed: int = 0

    def figures(self) -> dict[str, float]:
        """Give percentiles in milliseconds, and questions a second."""
        cuts = statistics.quantiles(self.seconds, n=100, method="inclusive")
        chosen = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
        found = {name: round(value * 1000, 2) for name, value in chosen.items()}
        return {**found, "per_second": round(len(self.seconds) / self.wall, 1)}


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


def dashboards(server: Server, door: str, tiles: list[dict[str, Any]], clients: int) -> Round:
    """Let each client open the dashboard, tile after tile, until each has opened it some times."""
    times = max(2, 24 // clients)
    found, lock = Round(), threading.Lock()

    def open_it(number: int) -> None:
        ask = getattr(Client(server), door)
        # Everybody begins with another tile.
        shifted = tiles[number % TILES :] + tiles[: number % TILES]
        for tile in shifted * times:
            began = time.perf_counter()
            status = ask(tile)
            took = time.perf_counter() - began
            with lock:
                found.seconds.append(took)
                found.failed += status != ANSWERED

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(open_it, range(clients)))
    found.wall = time.perf_counter() - began
    return found


def timed(work: Callable[[MetricRequest], object], requests: Iterable[MetricRequest]) -> Round:
    """Do something with each request, one by one."""
    found = Round()
    for request in requests:
        began = time.perf_counter()
        work(request)
        found.seconds.append(time.perf_counter() - began)
    found.wall = sum(found.seconds)
    return found


def request_of(tile: dict[str, Any]) -> MetricRequest:
    """Give a tile as the engine knows it."""
    return MetricRequest(
        tile.get("metrics", []), tile.get("group_by", []), saved_query=tile.get("saved_query")
    )


def in_process(project: Path, tiles: list[dict[str, Any]], scratch: Path) -> dict[str, Round]:
    """Plan the tiles cold and warm, and answer them as MetricFlow's own engine does."""
    target = load_target(project)
    requests = [request_of(tile) for tile in tiles]
    settings = EngineSettings(plan_directory=scratch / "plans", eager=True)
    found = {}
    for name in ("plan, cold", "plan, from disk"):
        engine = Engine(target, settings)
        # Definitions are read before the clock starts, as a server does.
        engine.definitions(LOCAL)
        found[name] = timed(functools.partial(engine.compile, principal=LOCAL), requests)
        found["plan, warm"] = timed(functools.partial(engine.compile, principal=LOCAL), requests)
        engine.close()
    live = find_live_warehouse(target)
    if live.database is None:
        return found
    planner = PlainPlanner(
        read_semantic_manifest(live.artifacts / SEMANTIC_MANIFEST), target.adapter_type
    )
    with duckdb.connect(str(live.database), read_only=True) as connection:

        def answered(request: MetricRequest) -> object:
            try:
                return connection.execute(planner.plan(request)).to_arrow_table()
            except MetricsStoreError as error:
                raise click.ClickException(f"MetricFlow: {error}") from None

        # The first question reads the definitions.
        answered(requests[0])
        found["MetricFlow, one by one"] = timed(answered, requests * 2)
    return found


@contextmanager
def watched(server: Server, done: Counter[str]) -> Iterator[list[tuple[int, float]]]:
    """Look at a server's memory twice a second: questions so far, MiB."""
    samples: list[tuple[int, float]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            samples.append((done.total(), server.memory))
            if len(samples) % 60 == 0:
                click.echo(f"{samples[-1][0]:,} requests, {samples[-1][1]:.1f} MiB", err=True)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield samples
    over.set()
    thread.join()


def soak(server: Server, tiles: list[dict[str, Any]], total: int, clients: int) -> dict[str, Any]:
    """Ask that many times, in every way that leaves something behind, and look at the memory."""
    done: Counter[str] = Counter()
    numbers, lock = itertools.count(), threading.Lock()

    def ask(client: Client, number: int) -> str:
        tile = tiles[number % TILES]
        # Another plan, until there is one for each limit, and rows that are not kept yet.
        limit = {"limit": number % 2000 + 1}
        start = {"start_time": f"20{number % 90 + 10:02}-01-01"}
        ways: list[tuple[str, Callable[[], int]]] = [
            ("graphql", lambda: client.graphql(tile)),
            ("other limit", lambda: client.rest({**tile, **limit})),
            ("unknown", lambda: client.rest({"metrics": [f"no_metric_{number}"]})),
            ("other time", lambda: client.rest({**tile, **start})),
            ("csv", lambda: client.rest(tile, "text/csv")),
            ("json", lambda: client.rest(tile, "application/json")),
        ]
        name, asked = dict(enumerate(ways)).get(number % 10, ("arrow", lambda: client.rest(tile)))
        return f"{name} {asked()}"

    def go_on(_: int) -> None:
        client = Client(server)
        while (number := next(numbers)) < total:
            outcome = ask(client, number)
            with lock:
                done[outcome] += 1

    began = time.perf_counter()
    with watched(server, done) as samples, ThreadPoolExecutor(clients) as pool:
        list(pool.map(go_on, range(clients)))
    warm = [one for one in samples if one[0] >= total * WARM_SHARE]
    third = max(1, len(warm) // 3)
    first, last = (
        statistics.mean(size for _, size in part) for part in (warm[:third], warm[-third:])
    )
    # Megabytes for each thousand questions, by all samples after the warm-up.
    slope = statistics.linear_regression(*zip(*warm, strict=True)).slope * 1000
    return {
        "requests": done.total(),
        "outcomes": dict(done),
        "seconds": round(time.perf_counter() - began, 1),
        "first_third": round(first, 1),
        "last_third": round(last, 1),
        "growth": round(last / first - 1, 4),
        "mebibytes_per_thousand": round(slope, 4),
        "flat": last < first * 1.05,
        "samples": [
            (number, round(size, 1)) for number, size in samples[:: len(samples) // 100 + 1]
        ],
    }


@click.command()
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
@click.option("--clients", multiple=True, type=int, default=(1, 8, 32), show_default=True)
@click.option("--soak", "total", type=int, default=0, help="Ask so many times, and watch memory.")
@click.option("--soak-clients", default=4, show_default=True)
def main(project_dir: Path, clients: tuple[int, ...], total: int, soak_clients: int) -> None:
    """Print the percentiles of every door, or what a soak did to the memory; then all as JSON."""
    project = project_dir.resolve()
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        if total:
            # Little is kept, so that it is full early and all that grows afterwards is lost.
            with Server(project, scratch / "soak", {"result_cache_megabytes": 4}) as server:
                found = soak(server, tiles_of(Client(server)), total, soak_clients)
            click.echo(
                f"{found['requests']:,} requests in {found['seconds']:,} s: "
                f"{found['first_third']} MiB in the first third, {found['last_third']} MiB in the "
                f"last, {'flat' if found['flat'] else 'NOT FLAT'}"
            )
            click.echo(json.dumps(found))
            return
        rounds: dict[str, Round] = {}
        for name, megabytes in (("results kept", 64), ("results not kept", 0)):
            with Server(project, scratch / name, {"result_cache_megabytes": megabytes}) as server:
                tiles = tiles_of(Client(server))
                for door, number in itertools.product(("rest", "graphql"), clients):
                    label = f"{door}, {name}, {number} clients"
                    rounds[label] = dashboards(server, door, tiles, number)
        rounds |= in_process(project, tiles, scratch)
    figures = {name: one.figures() for name, one in rounds.items()}
    plain = figures.get("MetricFlow, one by one")
    click.echo(f"{'milliseconds':<42} {'p50':>9} {'p95':>9} {'p99':>9} {'a second':>9}  MetricFlow")
    for name, row in figures.items():
        shown = " ".join(f"{row[key]:9,.1f}" for key in ("p50", "p95", "p99", "per_second"))
        ratio = f"{row['per_second'] / plain['per_second']:8.1f} x" if plain else ""
        failed = f"  {rounds[name].failed} FAILED" if rounds[name].failed else ""
        click.echo(f"{name:<42} {shown}  {ratio}{failed}")
    click.echo(json.dumps({"figures": figures, "tiles": tiles}))


if __name__ == "__main__":
    main()
