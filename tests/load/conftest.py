"""The PostgreSQL target that the tests of loading use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.project.profile import Target

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def postgres_target(postgres_environment: dict[str, str], tmp_path: Path) -> Target:
    """Give a target whose database is new and empty."""
    settings = {
        name.removeprefix("METRICS_STORE_DEV_").lower(): value
        for name, value in postgres_environment.items()
    }
    return Target(tmp_path, "dev", settings | {"type": "postgres"})


@pytest.fixture(scope="session")
def metrics_command(metrics_process: Path) -> Path:
    """Give the command itself: what becomes of its process is what is tested here."""
    return metrics_process
