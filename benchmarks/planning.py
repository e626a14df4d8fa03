"""What planning takes in one process: new, from disk, repeated; and MetricFlow's own engine.

python benchmarks/planning.py --project-dir .
"""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import click
import duckdb
from comparison.plain_planner import PlainPlanner
from round import HEADER, Round, timed
from server_under_test import Client, Server, tiles_of

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.live_warehouse import find_live_warehouse


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


@click.command()
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
def main(project_dir: Path) -> None:
    """Print the percentiles, then all as JSON."""
    project = project_dir.resolve()
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        with Server(project, scratch / "server", {}) as server:
            tiles = tiles_of(Client(server))
        rounds = in_process(project, tiles, scratch)
    click.echo(HEADER)
    for name, one in rounds.items():
        click.echo(one.line(name))
    click.echo(json.dumps({name: one.figures() for name, one in rounds.items()}))


if __name__ == "__main__":
    main()
