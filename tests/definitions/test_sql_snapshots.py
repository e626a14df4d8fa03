from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.manifest_reader import read_semantic_manifest
from sql_snapshots import changed_snapshots

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_sql_snapshots_are_what_is_planned(parsed: Path, pytestconfig: pytest.Config) -> None:
    manifest = read_semantic_manifest(parsed / SEMANTIC_MANIFEST)
    changed = changed_snapshots("sales", manifest, update=pytestconfig.getoption("update"))
    assert changed == [], "read what changed, then run this test with --update"
