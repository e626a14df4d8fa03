"""The project on Spark: built in two days with its data tests, and asked; `make test-spark`.

DuckDB is built on the same two days from the same files. That its numbers are right is what all
other tests are about; here Spark's have to be the same.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import metrics_store
from metrics_store.errors import LimitExceededError, MetricsStoreError
from metrics_store.project.artifacts import read_manifest
from metrics_store.project.profile import load_target
from metrics_store.warehouse.adapters.schema_generations import (
    SchemaGeneration,
    generations_directory,
    live_generation,
)
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from metrics_store.warehouse.statement import Limits, RelationMissingError, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.client.connection import Connection

ROOT = Path(__file__).parents[2]
CLOCKS = ("raw_changed_at",)
DAYS = ("2024-11-30", "2024-12-31")
PARTS = (
    *("dbt_project.yml", "profiles.yml", "models", "semantic_models", "metrics", "saved_queries"),
    *("seeds", "snapshots", "macros", "tests/data"),
)


@dataclass(frozen=True)
class Walk:
    """A project built on both engines.

    Attributes:
        project: Where it is.
        metrics: The command.
        connections: Its metrics on each engine.
    """

    project: Path
    metrics: Path
    connections: dict[str, Connection]


def _missing() -> str:
    if shutil.which("java") is None:
        return "there is no java: apt-get install openjdk-17-jre-headless"
    if importlib.util.find_spec("pyspark") is None:
        return "there is no PySpark: make spark"
    return ""


pytestmark = pytest.mark.skipif(bool(_missing()), reason=_missing() or "Spark is here")


def _run(project: Path, *command: object) -> None:
    done = subprocess.run(
        [*map(str, command)], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-4000:]}"


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Iterator[Walk]:
    home = tmp_path_factory.mktemp("spark")
    project = home / "project"
    for part in PARTS:
        source, copy = ROOT / part, project / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)
    (project / "warehouse").mkdir()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.chdir(project)
        for name, value in _settings(home).items():
            patch.setenv(name, value)
        scale = os.environ.get("SCALE", "0.05")
        _run(project, metrics_command, "demo", "generate", "--scale", scale)
        for target in ("duckdb", "spark"):
            for crm in ("pipedrive", "salesforce", "planning"):
                _run(project, metrics_command, "load", crm, f"demo_data/{crm}", "--target", target)
            for day in DAYS:
                _build(project, metrics_command, target, day)
        # Of the same day, so that what the days before made is beside it.
        _build(project, metrics_command, "spark", DAYS[-1], "--full-refresh")
        connections = {
            target: stack.enter_context(metrics_store.connect(project_dir=project, target=target))
            for target in ("duckdb", "spark")
        }
        yield Walk(project, metrics_command, connections)


def _settings(home: Path) -> dict[str, str]:
    return {
        "METRICS_STORE_SPARK_WAREHOUSE": str(home / "tables"),
        "METRICS_STORE_SPARK_METASTORE": str(home / "metastore"),
    }


def _build(project: Path, metrics: Path, target: str, day: str, *more: str) -> None:
    variables = f"{{source_dt: '{day}'}}"
    _run(project, metrics, "build", "--target", target, "--vars", variables, *more)


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any type
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time()).isoformat()
    # As exact as doubles that were added up in another order.
    return f"{float(value):.9g}"


def _rows(connection: Connection, saved_query: str) -> list[tuple[Any, ...]]:
    rows = connection.query(saved_query=saved_query).to_arrow().to_pylist()
    return sorted((tuple(map(_plain, row.values())) for row in rows), key=repr)


def test_every_saved_query_has_the_same_rows(walk: Walk) -> None:
    names = [one.name for one in walk.connections["duckdb"].saved_queries()]
    assert len(names) > 60
    different = {}
    for name in names:
        rows, right = (_rows(walk.connections[one], name) for one in ("spark", "duckdb"))
        if rows != right:
            different[name] = [*{*right} - {*rows}][:1], [*{*rows} - {*right}][:1]
    assert different == {}


def test_days_one_by_one_are_one_full_refresh(walk: Walk) -> None:
    target = load_target(walk.project, "spark")
    directory = generations_directory(target)
    whole = live_generation(target)
    by_day = SchemaGeneration.read(directory / whole.before)
    manifest = read_manifest(directory / whole.token)
    executor = find_live_warehouse(target).executor()
    different = {}
    for node in manifest["nodes"].values():
        if node["config"].get("materialized") not in ("table", "incremental"):
            continue
        # The moment in which a row was made is another.
        columns = [name for name in node["columns"] if name not in CLOCKS]
        key = next(one for one, place in whole.relations.items() if _is_at(node, one, place))
        listed = ", ".join(columns) if columns else "*"
        old, new = (f"{one.relations[key]}.{node['alias']}" for one in (by_day, whole))
        one_way, other = (
            f"(select {listed} from {left} except all select {listed} from {right})"
            for left, right in ((old, new), (new, old))
        )
        rows = executor.read(Statement(f"{one_way} union all {other}")).num_rows
        if rows:
            different[key] = rows
    assert different == {}


def _is_at(node: dict[str, Any], key: str, place: str) -> bool:
    return bool(key.split(".", 1)[1] == node["alias"] and place == node["schema"])


def test_limits_and_errors(walk: Walk) -> None:
    warehouse = find_live_warehouse(load_target(walk.project, "spark"))
    executor = warehouse.executor()
    with pytest.raises(LimitExceededError, match="more than 99 rows"):
        executor.read(Statement("select id from range(100)", limits=Limits(rows=99)))
    endless = (
        "select count(*) as n from range(3000000) as a cross join range(3000000) as b "
        "where a.id % 7 = b.id % 5"
    )
    with pytest.raises(LimitExceededError, match="longer than 2 seconds"):
        executor.read(Statement(endless, limits=Limits(seconds=2)))
    with pytest.raises(RelationMissingError):
        executor.read(Statement("select * from marts.nowhere"))
    # Not silently without a value, as dbt has it.
    with pytest.raises(MetricsStoreError):
        executor.read(Statement("select cast('12,0' as int) as n"))
    for sql in (
        "drop table marts.fct_quotas",
        "insert into marts.fct_quotas select * from marts.fct_quotas",
    ):
        with pytest.raises(MetricsStoreError, match="other than rows"):
            executor.read(Statement(sql))
    assert executor.read(Statement("select 1 as one", request_id="a")).to_pylist() == [{"one": 1}]
