"""A small manifest with everything that definitions can offer, parsed by dbt once a process."""

from __future__ import annotations

import os
import subprocess

import pytest

from forking.commands import forked_commands
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.planner import Planner
from query.definitions.project import make_project


@pytest.fixture(scope="session")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """Give a planner of the shop with more metrics, models and saved queries than it has."""
    directory = tmp_path_factory.mktemp("definitions") / "shop"
    make_project(directory)
    subprocess.run(
        [forked_commands() / "dbt", "--quiet", "parse", "--profiles-dir", "."],
        cwd=directory,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        check=True,
        capture_output=True,
    )
    return Planner(read_semantic_manifest(directory / "target" / SEMANTIC_MANIFEST), "duckdb")
