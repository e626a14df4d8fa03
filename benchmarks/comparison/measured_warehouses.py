"""What is asked: a project that is built, or the market of the tests with rows made for it."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from comparison.written_questions import HAND_WRITTEN
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.project.profile import Target

METRICS = Path(sysconfig.get_path("scripts")) / "metrics"
MARKET = Path(__file__).parents[2] / "tests" / "market_project"


@dataclass(frozen=True)
class MeasuredWarehouse:
    """A built project on DuckDB.

    Attributes:
        project: `sales` or `market`.
        target: Its target.
        database: Its file.
        manifest: Its definitions.
        rows: How many rows the fact has that most questions are about.
        schemas: Where its tables are.
    """

    project: str
    target: Target
    database: Path
    manifest: PydanticSemanticManifest
    rows: int
    schemas: tuple[str, ...]


def open_sales(project: Path) -> MeasuredWarehouse:
    """Open this project, built already."""
    return _opened("sales", project, "marts.fct_opportunities", ("marts",))


def make_market(directory: Path, orders: int, command: Path = METRICS) -> MeasuredWarehouse:
    """Open the market of the tests with so many orders; it is made where it is not there yet."""
    project = directory / f"market_{orders}"
    if not (project / "complete").exists():
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(MARKET, project)
        shutil.copy(HAND_WRITTEN / "market_metrics.yml", project / "models")
        built = subprocess.run(
            [str(command), "build"], cwd=project, capture_output=True, text=True, check=False
        )
        if built.returncode != 0:
            raise click.ClickException(built.stdout[-3000:] + built.stderr[-3000:])
        database = find_live_warehouse(load_target(project)).database
        assert database is not None
        rows = (HAND_WRITTEN / "market_rows.sql").read_text(encoding="utf-8")
        with duckdb.connect(str(database)) as connection:
            connection.execute(rows.replace("$orders", str(orders)))
            connection.execute("checkpoint")
        (project / "complete").touch()
    return _opened("market", project, "main.orders", ("main",))


def _opened(name: str, project: Path, fact: str, schemas: tuple[str, ...]) -> MeasuredWarehouse:
    target = load_target(project)
    live = find_live_warehouse(target)
    if live.database is None:
        raise click.ClickException("the project is to be built on DuckDB; rows are copied from it")
    with duckdb.connect(str(live.database), read_only=True) as connection:
        counted = connection.execute(f"select count(*) from {fact}").fetchone()  # noqa: S608 - ours
    assert counted is not None
    manifest = read_semantic_manifest(live.artifacts / SEMANTIC_MANIFEST)
    return MeasuredWarehouse(name, target, live.database, manifest, counted[0], schemas)
