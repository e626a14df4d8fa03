"""Small dbt projects of the tests, built on both engines."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

import metrics_store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from metrics_store.client.connection import Connection

TINY_PROJECT = Path(__file__).parent / "tiny_project"
BIKES_PROJECT = Path(__file__).parent / "bikes_project"
MARKET_PROJECT = Path(__file__).parent / "market_project"

TARGETS = {"duckdb": "duckdb", "postgres": "dev"}


@dataclass(frozen=True)
class SmallProject:
    """A dbt project, built on both engines.

    Attributes:
        directory: Where it is.
        environment: What its profile reads.
    """

    directory: Path
    environment: dict[str, str]

    def connect(self, stack: ExitStack, engine: str) -> Connection:
        """Connect to its metrics on an engine, until the stack is closed."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            connection = metrics_store.connect(project_dir=self.directory, target=TARGETS[engine])
        return stack.enter_context(connection)

    def copy(self, directory: Path) -> SmallProject:
        """Give a copy with a DuckDB file of its own, on the same PostgreSQL database."""
        shutil.copytree(self.directory, directory, symlinks=True)
        return SmallProject(directory, self.environment)


def build_small_project(
    source: Path,
    directory: Path,
    server: dict[str, Any],
    command: Path,
    engines: Collection[str] = tuple(TARGETS),
) -> SmallProject:
    """Build a copy of a project on DuckDB and in a PostgreSQL database of its name."""
    project = directory / source.name
    shutil.copytree(source, project)
    database = directory.name
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
    environment = {
        "METRICS_STORE_DEV_HOST": str(server["host"]),
        "METRICS_STORE_DEV_PORT": str(server.get("port", 5432)),
        "METRICS_STORE_DEV_USER": str(server["user"]),
        "METRICS_STORE_DEV_DATABASE": database,
        # Plans of other runs tell nothing of this one.
        "XDG_CACHE_HOME": str(directory / "cache"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        # DuckDB last: `mf` reads the manifest of the build that came last.
        for target in sorted(TARGETS[engine] for engine in engines):
            built = subprocess.run(
                [command, "build", "--target", target],
                cwd=project,
                capture_output=True,
                text=True,
                check=False,
            )
            assert built.returncode == 0, built.stdout + built.stderr
    return SmallProject(project, environment)


def connections(project: SmallProject) -> Iterator[dict[str, Connection]]:
    """Give the metrics of a project on each engine, by the engine's name."""
    with ExitStack() as stack:
        yield {engine: project.connect(stack, engine) for engine in TARGETS}
