"""Engines over the shop, and shops that change while they are asked."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.engine.observer import FinishedRequest


class Notes:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[FinishedRequest] = []

    def finished(self, event: FinishedRequest) -> None:
        self.events.append(event)

    @property
    def last(self) -> FinishedRequest:
        return self.events[-1]


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def engine(shop: Path, notes: Notes, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine over the shop that everybody reads."""
    settings = EngineSettings(plan_directory=tmp_path / "plans")
    opened = Engine(load_target(shop), settings, [notes])
    yield opened
    opened.close()


@pytest.fixture
def changing_shop(shop: Path, tmp_path: Path) -> Path:
    """Give a copy of the built shop that a test may change."""
    directory = tmp_path / "changing" / "shop"
    shutil.copytree(shop, directory, symlinks=True)
    return directory
