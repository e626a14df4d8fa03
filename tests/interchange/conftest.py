"""The small projects' definitions, parsed and not built."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from metrics_store.interchange.layer.layer_reader import read_layer
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, parse_project
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from projects import BIKES_PROJECT, MARKET_PROJECT
from sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.interchange.layer.semantic_layer import SemanticLayer


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Give a function that gives a project's copy with its semantic manifest, of DuckDB."""

    def parse(project: Path) -> Path:
        def make(directory: Path) -> None:
            copy = directory / project.name
            shutil.copytree(project, copy)
            artifacts = parse_project(load_target(copy, "duckdb"))
            shutil.copy(artifacts / SEMANTIC_MANIFEST, copy / SEMANTIC_MANIFEST)

        return made_once(tmp_path_factory, f"parsed_{project.name}", make) / project.name

    return parse


@pytest.fixture(scope="session")
def bikes_layer(parsed: Callable[[Path], Path]) -> SemanticLayer:
    """Give what the bikes define."""
    manifest = read_semantic_manifest(parsed(BIKES_PROJECT) / SEMANTIC_MANIFEST)
    return read_layer(manifest, "duckdb")


@pytest.fixture(scope="session")
def market_layer(parsed: Callable[[Path], Path]) -> SemanticLayer:
    """Give what the market defines."""
    manifest = read_semantic_manifest(parsed(MARKET_PROJECT) / SEMANTIC_MANIFEST)
    return read_layer(manifest, "duckdb")
