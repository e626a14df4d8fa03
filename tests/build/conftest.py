"""The process of a command, which these tests stop and kill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def metrics_command(metrics_process: Path) -> Path:
    """Give the command itself: what becomes of its process is what is tested here."""
    return metrics_process
