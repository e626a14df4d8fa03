"""Warehouses of the project's own definitions, built by its own commands, on both engines."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from forking.commands import forked_commands
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.loader import load_directory
from metrics_store.project.artifacts import read_manifest
from metrics_store.project.profile import Target, load_target
from metrics_store.project_template.project_creation import create_project
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_store import MetricStore
from metrics_store.query.planner import Planner
from metrics_store.warehouse.embedded.duckdb_executor import Resources
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from metrics_store.warehouse.statement import Executor, Limits, Statement
from projects import TARGETS
from sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa

ROOT = Path(__file__).parents[2]
Answer = dict[tuple[object, ...], Any]
_ONE_THREAD = Resources(threads=1)
_PATIENT = Limits(seconds=600)


class OpenStore(MetricStore):
    """A target's metrics, over a connection that stays open from question to question."""

    @functools.cached_property
    def _executor(self) -> Executor:
        return self.warehouse.executor(_ONE_THREAD)

    def read(self, sql: str) -> pa.Table:
        """Run SQL that a planner made."""
        return self._executor.read(Statement(sql, limits=_PATIENT))

    @functools.cached_property
    def planner_of_any_grain(self) -> Planner:
        """A planner that knows nothing of the grains that metrics are meant for."""
        manifest = self.planner.manifest.copy(deep=True)
        for declared in manifest.metrics:
            if declared.config:
                declared.config.meta.pop("grains", None)
        return Planner(manifest, self.warehouse.target.adapter_type)

    def close(self) -> None:
        """Let go of the warehouse."""
        self._executor.close()


def copy_definitions(directory: Path) -> Path:
    """Make the dbt project, without the engine, as `metrics init` does."""
    create_project(directory)
    return directory


def parse_definitions(factory: pytest.TempPathFactory) -> Path:
    """Give a directory with dbt's manifest of the definitions, parsed once a test run."""

    def parse(directory: Path) -> None:
        arguments = ["parse", "--target", "duckdb", "--target-path", str(directory)]
        subprocess.run([forked_commands() / "dbt", *arguments], cwd=ROOT, check=True)

    return made_once(factory, "parsed_definitions", parse)


def postgres_variables(server: dict[str, Any]) -> dict[str, str]:
    """Make a fresh database and give the environment of the target `dev` in it.

    Sessions start in New York, to show that no answer depends on it.
    """
    name = f"definitions_{uuid.uuid4().hex}"
    with psycopg.connect(**server, autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("create database {}").format(identifier))
        connection.execute(
            sql.SQL("alter database {} set timezone = 'America/New_York'").format(identifier)
        )
    return {
        "METRICS_STORE_DEV_HOST": str(server["host"]),
        "METRICS_STORE_DEV_PORT": str(server.get("port", 5432)),
        "METRICS_STORE_DEV_USER": str(server["user"]),
        "METRICS_STORE_DEV_DATABASE": name,
    }


@dataclass(frozen=True)
class BuiltProject:
    """A copy of the definitions with a warehouse on each engine, built from the same data."""

    project: Path
    environment: dict[str, str]
    targets: dict[str, Target] = field(default_factory=dict)
    stores: dict[str, OpenStore] = field(default_factory=dict)
    _answers: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    def target(self, name: str) -> Target:
        """Give a target of the project's profile, with the project's own environment."""
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in self.environment.items():
                patch.setenv(variable, value)
            return load_target(self.project, name)

    def open(self, engine: str) -> None:
        """Open the metrics; of a copy of the DuckDB file, because others may want to write it."""
        self.targets[engine] = self.target(TARGETS[engine])
        warehouse = find_live_warehouse(self.targets[engine])
        if warehouse.database:
            copy = self.project.with_name("read_only") / warehouse.database.name
            copy.parent.mkdir()
            log = warehouse.database.with_name(f"{warehouse.database.name}.wal")
            for file in (warehouse.database, log):
                if file.exists():
                    shutil.copy(file, copy.parent)
            warehouse = replace(warehouse, database=copy)
        self.stores[engine] = OpenStore(warehouse)

    def close(self) -> None:
        """Close what was opened."""
        for store in self.stores.values():
            store.close()

    def load(self, parsed: Path, sources: dict[str, Path], target: str) -> None:
        """Load sources, each from its directory, as `metrics load` does when dbt has parsed.

        Args:
            parsed: Where dbt's manifest of the definitions is.
            sources: The dbt sources that there is data for.
            target: The target to load into.
        """
        manifest = read_manifest(parsed)
        for source, data in sources.items():
            load_directory(read_source(manifest, source), data, self.target(target))

    def run(self, command: str, *arguments: str, **environment: str) -> str:
        """Run a command of the environment in the project and give what it printed."""
        completed = subprocess.run(
            [forked_commands() / command, *arguments],
            cwd=self.project,
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert completed.returncode == 0, completed.stdout[-4000:] + completed.stderr[-4000:]
        return completed.stdout

    def answer(self, engine: str, metric: str, *group_by: str) -> Answer:
        """Ask MetricFlow for one metric; rows by the values they are grouped by.

        What several tests ask is asked once: what is built stays as it is.
        """
        asked = (engine, metric, *group_by)
        if asked not in self._answers:
            table = self.stores[engine].answer(MetricRequest(metrics=[metric], group_by=group_by))
            self._answers[asked] = _rows_of(table)
        return dict(self._answers[asked])

    def answer_by_any_grain(self, engine: str, metric: str, *group_by: str) -> Answer:
        """Ask as plain `mf` does, which knows nothing of the grains that a metric is meant for."""
        store = self.stores[engine]
        sql = store.planner_of_any_grain.plan(MetricRequest(metrics=[metric], group_by=group_by))
        return _rows_of(store.read(sql))


def _rows_of(table: pa.Table) -> Answer:
    rows = [tuple(row.values()) for row in table.to_pylist()]
    answer = {row[:-1]: row[-1] for row in rows}
    assert len(answer) == len(rows), "two rows for one group"
    return answer


def build_on_engines(  # noqa: PLR0913, PLR0917 - what a build is made from
    directory: Path,
    parsed: Path,
    sources: dict[str, Path],
    server: dict[str, Any],
    variables: str,
    engines: Collection[str] = tuple(TARGETS),
) -> BuiltProject:
    """Load and build on DuckDB and PostgreSQL; every dbt test runs with it, on each.

    Args:
        directory: Where the project is copied to.
        parsed: Where dbt's manifest of the definitions is.
        sources: The dbt sources that there is data for, each with its directory.
        server: The PostgreSQL server.
        variables: The project's vars, as YAML.
        engines: The engines to build on.
    """
    built = BuiltProject(copy_definitions(directory), postgres_variables(server))
    # DuckDB last: plain `mf` reads the manifest of the build that came last.
    for engine in sorted(engines, reverse=True):
        target = TARGETS[engine]
        built.load(parsed, sources, target)
        built.run("metrics", "build", "--target", target, "--vars", variables)
    for engine in engines:
        built.open(engine)
    return built
