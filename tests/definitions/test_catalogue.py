"""`make demo` builds what docs/metrics.md shows: the catalogue is the demo's, answer by answer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from definitions.warehouses import ROOT, BuiltProject, copy_definitions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.mark.xdist_group("catalogue")
def test_the_catalogue_is_the_demos(tmp_path: Path) -> None:
    project = BuiltProject(copy_definitions(tmp_path / "project"), {})
    shutil.copytree(ROOT / "docs", project.project / "docs", dirs_exist_ok=True)
    # Without the tests of all that it builds: the smaller demo has those, and `make demo` all.
    shown = project.run("metrics", "demo", "run", DBT_EXCLUDE_RESOURCE_TYPES="test unit_test")
    assert shown.count("$ mf query") > 1
    assert "up to date" in project.run("metrics", "catalogue", "--check")
