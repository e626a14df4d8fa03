"""The shop, built once a test process; these tests only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.project.profile import load_target
from metrics_store.query.metric_store import MetricStore, open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(shop: Path) -> MetricStore:
    return open_store(load_target(shop))
