"""The market, built once on DuckDB and once on PostgreSQL, and every door to it open."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

import metrics_store
from corpus.doors.command import CommandDoor
from corpus.doors.flight import FlightDoor
from corpus.doors.graphql import GraphqlArrowDoor, GraphqlJsonDoor
from corpus.doors.mcp import McpDoor, over_http, over_stdio
from corpus.doors.metricflow import MetricFlowDoor
from corpus.doors.python import EngineDoor, PythonDoor, RemotePythonDoor
from corpus.doors.rest import RestArrowDoor, RestCsvDoor, RestDoor, RestParquetDoor
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from serve.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.answers import Outcome
    from corpus.asking import Asked
    from corpus.doors.door import Door
    from projects import SmallProject

DUCKDB, POSTGRES = "duckdb", "dev"


@dataclass(frozen=True)
class Opened:
    """One warehouse with all doors to it.

    Attributes:
        target: Its target.
        engine: The engine itself.
        metricflow: MetricFlow's own.
        command: `metrics query`, which costs half a second a question.
        doors: All the others.
    """

    target: str
    engine: EngineDoor
    metricflow: MetricFlowDoor
    command: CommandDoor
    doors: list[Door]
    _known: dict[str, Outcome] = field(default_factory=dict)

    def right(self, asked: Asked) -> Outcome:
        """Give what the engine itself says, asked once."""
        if asked.name not in self._known:
            self._known[asked.name] = self.engine.ask(asked)
        return self._known[asked.name]


@contextmanager
def opened(market: SmallProject, target: str, command: Path, directory: Path) -> Iterator[Opened]:
    """Open every door to a target."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in market.environment.items():
            patch.setenv(name, value)
        found = load_target(market.directory, target)
        here = metrics_store.connect(project_dir=market.directory, target=target)
        settings = EngineSettings(plan_directory=default_directory())
    warehouse = find_live_warehouse(found)
    manifest = read_semantic_manifest(warehouse.artifacts / SEMANTIC_MANIFEST)
    with ExitStack() as stack:
        stack.enter_context(here)
        engine = Engine(found, settings)
        stack.callback(engine.close)
        server = stack.enter_context(
            serving(
                command,
                market.directory,
                "--target",
                target,
                configuration={"flight_port": 0},
                directory=directory,
                environment=market.environment,
            )
        )
        url = server.url
        flight_port = int(server.entry(message="listening")["flight"].rpartition(":")[2])
        there = stack.enter_context(metrics_store.connect(url))
        mcp = [
            McpDoor(over_http(url), "MCP, HTTP"),
            McpDoor(
                over_stdio(command, market.directory, target, market.environment), "MCP, stdio"
            ),
        ]
        for door in mcp:
            stack.callback(door.close)
        yield Opened(
            target,
            EngineDoor(engine),
            MetricFlowDoor(manifest, found.adapter_type, warehouse),
            CommandDoor(command, market.directory, target, market.environment),
            [
                PythonDoor(here),
                RemotePythonDoor(there),
                RestDoor(url),
                RestCsvDoor(url),
                RestArrowDoor(url),
                RestParquetDoor(url),
                GraphqlArrowDoor(url),
                GraphqlJsonDoor(url),
                FlightDoor(flight_port),
                *mcp,
            ],
        )


@pytest.fixture(scope="session")
def on_duckdb(
    market: SmallProject, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with opened(market, DUCKDB, metrics_command, tmp_path_factory.mktemp("on_duckdb")) as doors:
        yield doors


@pytest.fixture(scope="session")
def on_postgres(
    market: SmallProject, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with opened(market, POSTGRES, metrics_command, tmp_path_factory.mktemp("on_postgres")) as doors:
        yield doors


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest) -> Opened:
    """Give each warehouse with its doors."""
    found: Opened = request.getfixturevalue(f"on_{request.param}")
    return found
