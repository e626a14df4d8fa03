"""`metrics build` on PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from metrics_store.project.artifacts import artifacts_directory
from metrics_store.project.profile import load_target
from metrics_store.warehouse.postgres.postgres_connection import connect, exclusive_writer

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics


@pytest.mark.slow
def test_builds_and_shows_no_secret(
    tiny_project: Path, postgres_environment: dict[str, str], run_metrics: RunMetrics
) -> None:
    done = run_metrics("build", "--target", "dev", "--vars", "{marker: built}", cwd=tiny_project)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("built schema dev of target dev in ")
    target = load_target(tiny_project, "dev")
    with connect(target) as connection:
        rows = connection.execute("select marker, count(*) from dev.orders group by 1").fetchall()
    assert rows == [("built", 4)]
    directory = artifacts_directory(target)
    order = json.loads((directory / "manifest.json").read_text())["nodes"]["model.shop.orders"]
    assert order["config"]["meta"]["marker"] == "built"
    assert (order["schema"], order["relation_name"].count("__next_")) == ("dev", 0)
    assert (directory / "semantic_manifest.json").is_file()
    # `mf` asks the project's own target, whose tables have other names.
    assert not (tiny_project / "target" / "manifest.json").exists()
    assert "`mf` was told nothing of this build" in done.stderr
    password = postgres_environment["METRICS_STORE_DEV_PASSWORD"]
    assert password not in done.stdout + done.stderr
    for path in tiny_project.rglob("*"):
        assert not path.is_file() or password.encode() not in path.read_bytes(), path


@pytest.mark.slow
def test_failing_test_leaves_the_manifests(
    tiny_project: Path, postgres_environment: dict[str, str], run_metrics: RunMetrics
) -> None:
    del postgres_environment
    with (tiny_project / "seeds" / "raw_orders.csv").open("a") as seed:
        seed.write("5,2024-02-02,-1.00,paid\n")
    done = run_metrics("build", "--target", "dev", cwd=tiny_project)
    assert done.returncode == 1
    assert "dbt build did not succeed" in done.stderr
    assert not (tiny_project / "target" / "manifest.json").exists()
    assert not (artifacts_directory(load_target(tiny_project, "dev")) / "manifest.json").exists()


def test_another_build_of_the_same_schema(
    tiny_project: Path, postgres_environment: dict[str, str], run_metrics: RunMetrics
) -> None:
    del postgres_environment
    with exclusive_writer(load_target(tiny_project, "dev")):
        done = run_metrics("build", "--target", "dev", cwd=tiny_project)
    assert done.returncode == 1
    assert "another build or load is changing the schema dev" in done.stderr
    assert done.stdout == ""
