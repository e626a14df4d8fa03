"""The marts on PostgreSQL carry the indexes that their models name; DuckDB has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.project.artifacts import MANIFEST, artifacts_directory
from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("engine", ["postgres"])
def test_postgres_has_the_indexes_of_each_model(demo_project: BuiltProject, engine: str) -> None:
    target = demo_project.targets[engine]
    manifest = json.loads((artifacts_directory(target) / MANIFEST).read_text(encoding="utf-8"))
    named = {
        (node["name"], tuple(index["columns"]))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for index in node["config"].get("indexes") or []
    }
    with connect(target) as connection:
        rows = connection.execute(
            "select tablename, indexdef from pg_indexes where schemaname = 'dev_marts'"
        ).fetchall()
    found = {
        (table, tuple(made.rpartition("(")[2].rstrip(")").split(", "))) for table, made in rows
    }
    assert ("fct_stage_entries", ("entered_at",)) in named
    assert found == {(name, columns) for name, columns in named if not name.startswith("int_")}


def test_duckdb_has_none(demo_project: BuiltProject) -> None:
    path = str(demo_project.targets["duckdb"].duckdb_path)
    with duckdb.connect(path, read_only=True) as connection:
        made = connection.execute("select index_name from duckdb_indexes()").fetchall()
    assert made == []
