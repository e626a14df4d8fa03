"""A small manifest with everything that definitions can offer, parsed by dbt once a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.planner import Planner, read_semantic_manifest

HERE = Path(__file__).parent
SPINE = "      standard_granularity_column: date_day\n"
COLUMNS = "    columns:\n"
OWN_GRAIN = (
    "      custom_granularities: [{name: fiscal_year}]\n    columns:\n      - name: fiscal_year\n"
)
TINY_PROJECT = HERE.parents[1] / "tiny_project"


@pytest.fixture(scope="session")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """Give a planner of the shop with more metrics, models and saved queries than it has."""
    directory = tmp_path_factory.mktemp("definitions") / "shop"
    shutil.copytree(TINY_PROJECT, directory)
    shutil.copytree(HERE / "offers", directory / "models" / "offers")
    shop = directory / "models" / "shop.yml"
    shop.write_text(shop.read_text().replace(SPINE + COLUMNS, SPINE + OWN_GRAIN))
    dbt = Path(sysconfig.get_path("scripts")) / "dbt"
    subprocess.run(
        [dbt, "--quiet", "parse", "--profiles-dir", "."],
        cwd=directory,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        check=True,
        capture_output=True,
    )
    return Planner(read_semantic_manifest(directory / "target" / SEMANTIC_MANIFEST), "duckdb")
