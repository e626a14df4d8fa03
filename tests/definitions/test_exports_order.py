"""One project has one SQL for each export, in whatever order dbt read its files."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from metrics_store.exports.export_files import ExportFiles, exported_files
from metrics_store.exports.export_reader import read_exports
from metrics_store.exports.export_sources import read_sources

if TYPE_CHECKING:
    from pathlib import Path

    from definitions.warehouses import BuiltProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_the_order_of_files_does_not_matter(demo_project: BuiltProject, tmp_path: Path) -> None:
    artifacts = demo_project.stores["duckdb"].semantic_manifest.parent
    shutil.copy(artifacts / "manifest.json", tmp_path)
    content = json.loads((artifacts / "semantic_manifest.json").read_text(encoding="utf-8"))
    for part in ("semantic_models", "metrics", "saved_queries"):
        random.Random(part).shuffle(content[part])
    content["project_configuration"]["time_spines"].reverse()
    (tmp_path / "semantic_manifest.json").write_text(json.dumps(content), encoding="utf-8")
    shuffled = read_exports(read_sources(tmp_path), default_schema="main")
    # Those of the project are written from what is in the order of the disk.
    directory = demo_project.project / "models" / "exports"
    assert ExportFiles(directory, exported_files(shuffled)).stale() == []
