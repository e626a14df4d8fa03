"""The shop, built once a test process; these tests only read it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import TINY_PROJECT
from metrics_store.project.profile import load_target
from metrics_store.query.store import MetricStore, open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    directory = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(TINY_PROJECT, directory)
    subprocess.run(
        [metrics_command, "build"], cwd=directory, env=os.environ, check=True, capture_output=True
    )
    return directory


@pytest.fixture
def store(shop: Path) -> MetricStore:
    return open_store(load_target(shop))
