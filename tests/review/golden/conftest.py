"""A market some of whose metrics are certified, built once; tests change copies of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MARKET = Path(__file__).parents[2] / "market_project"
_MORE = """
  - name: takings
    label: Takings
    type: simple
    type_params: {measure: amount_sum}
    config:
      meta:
        tier: certified
        grains: [month]
        example: {group_by: [order__status], order_by: [-takings], limit: 2}
        deprecated: {since: 1.0.0, sunset: 2027-01-31, replacement: revenue}
  - name: takings_block
    label: Part of takings
    type: simple
    type_params: {measure: amount_sum}
    config: {meta: {tier: certified, building_block: true}}
"""


@pytest.fixture(scope="session")
def built_market(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the market, built; tests only read it."""
    project = tmp_path_factory.mktemp("golden") / "market"
    shutil.copytree(MARKET, project)
    metrics = project / "models" / "metrics.yml"
    text = metrics.read_text(encoding="utf-8")
    for unit in ("meta: {unit: euro,", "meta: {unit: ratio,"):
        text = text.replace(unit, unit.replace("{", "{tier: certified, "))
    metrics.write_text(text, encoding="utf-8")
    more = project / "models" / "more.yml"
    more.write_text("metrics:" + _MORE, encoding="utf-8")
    subprocess.run(
        [metrics_command, "build"], cwd=project, env=os.environ, check=True, capture_output=True
    )
    return project


@pytest.fixture
def market(built_market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the built market that a test may change, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    directory = tmp_path / "market"
    shutil.copytree(built_market, directory, symlinks=True)
    return directory
