"""A market with a site, written once a test process."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from catalogue.site.market import MARKET, fill

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the project, built."""
    project = tmp_path_factory.mktemp("docs") / "market"
    shutil.copytree(MARKET, project)
    fill(project)
    subprocess.run([metrics_command, "build"], cwd=project, check=True, capture_output=True)
    return project


@pytest.fixture(scope="session")
def site(market: Path, metrics_command: Path) -> Path:
    """Give the directory of its site; tests only read it."""
    format_value = subprocess.run(
        [metrics_command, "docs"],
        cwd=market,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert format_value.returncode == 0, format_value.stderr
    return market / "target" / "metrics_docs"
