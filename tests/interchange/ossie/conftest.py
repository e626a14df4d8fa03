"""Projects as they are exported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from forking.commands import forked_commands
from metrics_store.interchange.exported_project import ExportedProject, parse_exported_project
from metrics_store.project.profile import load_target
from projects import BIKES_PROJECT, MARKET_PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL_PROJECTS = {"bikes": BIKES_PROJECT, "market": MARKET_PROJECT}


@pytest.fixture
def forked_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare dbt's processes to import all of it anew."""
    monkeypatch.setattr(sys, "executable", str(forked_commands() / "python"))


@pytest.fixture(scope="session")
def exported(parsed: Callable[[Path], Path]) -> Callable[[str], ExportedProject]:
    """Give a function that gives a small project by its name, parsed once."""

    def export(name: str) -> ExportedProject:
        return parse_exported_project(load_target(parsed(SMALL_PROJECTS[name]), "duckdb"))

    return export
