"""Engines over the market with roll-ups."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from projects import SmallProject

    Open = Callable[..., AbstractContextManager[Engine]]


@pytest.fixture
def open_engine(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Give a function that opens an engine over a project on a warehouse."""

    @contextmanager
    def opened(
        project: SmallProject, warehouse: str = "duckdb", *, rollups: bool = True
    ) -> Iterator[Engine]:
        for name, value in project.environment.items():
            monkeypatch.setenv(name, value)
        target = load_target(project.directory, TARGETS[warehouse])
        engine = Engine(target, EngineSettings(rollups=rollups))
        try:
            yield engine
        finally:
            engine.close()

    return opened
