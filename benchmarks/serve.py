"""What a server takes: a dashboard of 20 tiles for 1, 8 and 32 clients, with 1 and 2 workers.

`metrics serve` runs as processes of its own on a project that is built; the tiles are its saved
queries and its metrics by time, the certified ones first. What is kept is asked of memory; `not
kept` means that no answer is, so that the warehouse works out each.

    python benchmarks/serve.py --project-dir .

`planning.py` measures plans beside MetricFlow's own engine, `soak.py` memory over time.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
from round import HEADER, Round
from server_under_test import ANSWERED, TILES, Client, Server, tiles_of


def dashboards(
    server: Server, door: str, tiles: list[dict[str, Any]], clients: int, questions: int
) -> Round:
    """Let each client open the dashboard, tile after tile, until so many questions are asked."""
    times = max(1, questions // (TILES * clients))
    found, lock = Round(), threading.Lock()
    callers = [Client(server) for _ in range(clients)]
    for tile in tiles:
        getattr(callers[0], door)(tile)

    def open_it(number: int) -> None:
        ask = getattr(callers[number], door)
        seconds, failed = [], 0
        # Everybody begins with another tile.
        shifted = tiles[number % TILES :] + tiles[: number % TILES]
        for tile in shifted * times:
            began = time.perf_counter()
            failed += ask(tile) != ANSWERED
            seconds.append(time.perf_counter() - began)
        with lock:
            found.seconds += seconds
            found.failed += failed

    computed, began = server.cpu_seconds, time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(open_it, range(clients)))
    found.wall, found.cpu = time.perf_counter() - began, server.cpu_seconds - computed
    return found


@click.command()
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
@click.option("--clients", multiple=True, type=int, default=(1, 8, 32), show_default=True)
@click.option("--workers", multiple=True, type=int, default=(1, 2), show_default=True)
@click.option("--questions", default=2_000, show_default=True, help="About as many a round.")
@click.option(
    "--door",
    "doors",
    multiple=True,
    default=("rest", "graphql"),
    show_default=True,
    help="Also `postgres`, which one worker answers.",
)
def main(
    project_dir: Path,
    clients: tuple[int, ...],
    workers: tuple[int, ...],
    questions: int,
    doors: tuple[str, ...],
) -> None:
    """Print the percentiles, and what a server has in memory; then all as JSON."""
    project = project_dir.resolve()
    rounds: dict[str, Round] = {}
    memory: dict[str, list[float]] = {}
    click.echo(HEADER)
    with tempfile.TemporaryDirectory() as directory:
        for (kept, megabytes), count in itertools.product((("kept", 64), ("not kept", 0)), workers):
            setting = f"{kept}, {count} worker{'s' * (count > 1)}"
            limits: dict[str, object] = {"result_cache_megabytes": megabytes}
            with Server(project, Path(directory, setting), limits, count) as server:
                tiles = tiles_of(Client(server))
                for door, number in itertools.product(doors, clients):
                    name = f"{door}, {setting}, {number} clients"
                    rounds[name] = dashboards(server, door, tiles, number, questions)
                    click.echo(rounds[name].line(name))
                memory[setting] = [round(one, 1) for one in server.memory_of_each]
            click.echo(f"{setting}: {' + '.join(map(str, memory[setting]))} MiB")
    figures = {name: one.figures() for name, one in rounds.items()}
    click.echo(json.dumps({"figures": figures, "mebibytes": memory, "tiles": tiles}))


if __name__ == "__main__":
    main()
