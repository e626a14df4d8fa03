"""What a server's memory does over many requests that each leave something behind.

python benchmarks/soak.py --project-dir . --requests 100000
"""

from __future__ import annotations

import itertools
import json
import statistics
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from server_under_test import JSON, TILES, Client, Server, tiles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The caches are full by then, so that what grows afterwards is lost.
WARM_SHARE = 0.1


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
            ("json", lambda: client.rest(tile, JSON)),
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
@click.option("--requests", "total", default=100_000, show_default=True)
@click.option("--clients", default=4, show_default=True)
def main(project_dir: Path, total: int, clients: int) -> None:
    """Print what the memory did; then all as JSON."""
    with tempfile.TemporaryDirectory() as directory:
        # Little is kept, so that it is full early and all that grows afterwards is lost.
        limits: dict[str, object] = {"result_cache_megabytes": 4}
        with Server(project_dir.resolve(), Path(directory, "soak"), limits) as server:
            found = soak(server, tiles_of(Client(server)), total, clients)
    click.echo(
        f"{found['requests']:,} requests in {found['seconds']:,} s: "
        f"{found['first_third']} MiB in the first third, {found['last_third']} MiB in the "
        f"last, {'flat' if found['flat'] else 'NOT FLAT'}"
    )
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
