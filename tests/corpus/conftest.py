"""The market, built once on DuckDB and once on PostgreSQL, and every interface to it open."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

import metrics_store
from corpus.interfaces.command import CommandInterface
from corpus.interfaces.cube import CubeInterface
from corpus.interfaces.flight import FlightInterface
from corpus.interfaces.graphql import GraphqlArrowInterface, GraphqlJsonInterface
from corpus.interfaces.mcp import McpInterface, over_http, over_stdio
from corpus.interfaces.metricflow import MetricFlowInterface
from corpus.interfaces.postgres import PostgresInterface
from corpus.interfaces.python import EngineInterface, PythonInterface, RemotePythonInterface
from corpus.interfaces.rest import (
    RestArrowInterface,
    RestCsvInterface,
    RestInterface,
    RestParquetInterface,
)
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.answers import Outcome
    from corpus.corpus_requests import Asked
    from corpus.interfaces.interface import Interface
    from projects import SmallProject

DUCKDB, POSTGRES = "duckdb", "dev"


@dataclass(frozen=True)
class Opened:
    """One warehouse with all interfaces to it.

    Attributes:
        target: Its target.
        engine: The engine itself.
        metricflow: MetricFlow's own.
        command: `metrics query`, which costs half a second a question.
        interfaces: All the others.
    """

    target: str
    engine: EngineInterface
    metricflow: MetricFlowInterface
    command: CommandInterface
    interfaces: list[Interface]
    _known: dict[str, Outcome] = field(default_factory=dict)

    def right(self, asked: Asked) -> Outcome:
        """Give what the engine itself says, asked once."""
        if asked.name not in self._known:
            self._known[asked.name] = self.engine.ask(asked)
        return self._known[asked.name]


@contextmanager
def opened(market: SmallProject, target: str, command: Path, directory: Path) -> Iterator[Opened]:
    """Open every interface to a target."""
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
                configuration={"flight_port": 0, "postgres_port": 0},
                directory=directory,
                environment=market.environment,
            )
        )
        url = server.url
        flight_port = int(server.entry(message="listening")["flight"].rpartition(":")[2])
        postgres = PostgresInterface(server.entry(message="listening")["postgres"])
        stack.callback(postgres.close)
        there = stack.enter_context(metrics_store.connect(url))
        mcp = [
            McpInterface(over_http(url), "MCP, HTTP"),
            McpInterface(
                over_stdio(command, market.directory, target, market.environment), "MCP, stdio"
            ),
        ]
        for interface in mcp:
            stack.callback(interface.close)
        yield Opened(
            target,
            EngineInterface(engine),
            MetricFlowInterface(manifest, found.adapter_type, warehouse),
            CommandInterface(command, market.directory, target, market.environment),
            [
                PythonInterface(here),
                RemotePythonInterface(there),
                RestInterface(url),
                RestCsvInterface(url),
                RestArrowInterface(url),
                RestParquetInterface(url),
                GraphqlArrowInterface(url),
                GraphqlJsonInterface(url),
                FlightInterface(flight_port),
                CubeInterface(url),
                postgres,
                *mcp,
            ],
        )


@pytest.fixture(scope="session")
def on_duckdb(
    market: SmallProject, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with opened(
        market, DUCKDB, metrics_command, tmp_path_factory.mktemp("on_duckdb")
    ) as interfaces:
        yield interfaces


@pytest.fixture(scope="session")
def on_postgres(
    market: SmallProject, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    with opened(
        market, POSTGRES, metrics_command, tmp_path_factory.mktemp("on_postgres")
    ) as interfaces:
        yield interfaces


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest) -> Opened:
    """Give each warehouse with its interfaces."""
    found: Opened = request.getfixturevalue(f"on_{request.param}")
    return found
