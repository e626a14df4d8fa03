"""Warehouses of the project's own definitions, built by its own commands, on both engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.loader import load_directory
from metrics_store.project.artifacts import artifacts_directory, read_manifest
from metrics_store.project.dbt_command import run_dbt
from metrics_store.project.profile import Target, load_target
from metrics_store.project_template.project_creation import create_project
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_store import MetricStore, open_store
from metrics_store.query.planner import Planner
from sharing import made_once

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
Answer = dict[tuple[object, ...], Any]


def copy_definitions(directory: Path) -> Path:
    """Make the dbt project, without the engine, as `metrics init` does."""
    create_project(directory)
    return directory


def parse_definitions(factory: pytest.TempPathFactory) -> Path:
    """Give a directory with dbt's manifest of the definitions, parsed once a test run."""

    def parse(directory: Path) -> None:
        arguments = ["parse", "--target", "duckdb", "--target-path", str(directory)]
        run_dbt(arguments, project_directory=ROOT, quiet=True)

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
    stores: dict[str, MetricStore] = field(default_factory=dict)
    _answers: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    def target(self, name: str) -> Target:
        """Give a target of the project's profile, with the project's own environment."""
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in self.environment.items():
                patch.setenv(variable, value)
            return load_target(self.project, name)

    def load(self, parsed: Path, sources: dict[str, Path], target: str) -> None:
        """Load sources, each from its directory, as `metrics load` does when dbt has parsed.

        Args:
            parsed: Where dbt's manifest of the definitions is.
            sources: The dbt sources that there is data for.
            target: The target to load into.
        """
        # Where the command parses; what follows need not parse all of it again.
        own = artifacts_directory(self.target(target)) / "parse"
        own.mkdir(parents=True, exist_ok=True)
        shutil.copy(parsed / "partial_parse.msgpack", own)
        manifest = read_manifest(parsed)
        for source, data in sources.items():
            load_directory(read_source(manifest, source), data, self.target(target))

    def run(self, command: str, *arguments: str, **environment: str) -> str:
        """Run a command of the environment in the project and give what it printed."""
        completed = subprocess.run(
            [SCRIPTS / command, *arguments],
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
            rows = [tuple(row.values()) for row in table.to_pylist()]
            answer = {row[:-1]: row[-1] for row in rows}
            assert len(answer) == len(rows), "two rows for one group"
            self._answers[asked] = answer
        return dict(self._answers[asked])

    def answer_by_any_grain(self, engine: str, metric: str, *group_by: str) -> Answer:
        """Ask as plain `mf` does, which knows nothing of the grains that a metric is meant for."""
        store = self.stores[engine]
        manifest = store.planner.manifest.copy(deep=True)
        for declared in manifest.metrics:
            if declared.config:
                declared.config.meta.pop("grains", None)
        planner = Planner(manifest, store.warehouse.target.adapter_type)
        table = store.read(planner.plan(MetricRequest(metrics=[metric], group_by=group_by)))
        rows = [tuple(row.values()) for row in table.to_pylist()]
        return {row[:-1]: row[-1] for row in rows}


def build_on_both_engines(
    directory: Path, parsed: Path, sources: dict[str, Path], server: dict[str, Any], variables: str
) -> BuiltProject:
    """Load and build on DuckDB and PostgreSQL; every dbt test runs with it, on both.

    Args:
        directory: Where the project is copied to.
        parsed: Where dbt's manifest of the definitions is.
        sources: The dbt sources that there is data for, each with its directory.
        server: The PostgreSQL server.
        variables: The project's vars, as YAML.
    """
    built = BuiltProject(copy_definitions(directory), postgres_variables(server))
    # DuckDB last: plain `mf` reads the manifest of the build that came last.
    for target in ("dev", "duckdb"):
        built.load(parsed, sources, target)
        built.run("metrics", "build", "--target", target, "--vars", variables)
    for engine, name in (("duckdb", "duckdb"), ("postgres", "dev")):
        built.targets[engine] = built.target(name)
        built.stores[engine] = open_store(built.targets[engine])
    return built
