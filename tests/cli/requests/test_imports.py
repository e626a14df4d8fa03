"""A question that was planned before imports little, and is answered the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_ASKED = ["query", "--metrics", "revenue", "--group-by", "metric_time__month", "--format", "csv"]
# A process of its own: the commands of the other tests have imported everything.
_PROGRAM = """
import sys
from metrics_store.cli import main
sys.argv = ["metrics", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
import numpy
numpy.array([1])
"""
_NEEDLESS = {
    "numpy",
    "pandas",
    "jinja2",
    "metricflow",
    "metricflow_semantics",
    "metricflow_semantic_interfaces",
    "pydantic",
    "dbt",
}


def _run(arguments: list[str], cwd: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=cwd,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        capture_output=True,
        text=True,
    )


def test_a_repeated_question(shop: Path, tmp_path: Path) -> None:
    first, again = (_run(_ASKED, shop, tmp_path) for _ in range(2))
    assert again.stdout == first.stdout
    assert again.stdout.count("\n") > 1
    assert "metricflow" in first.stderr.split()
    assert not _NEEDLESS & set(again.stderr.split())


def test_a_repeated_list(shop: Path, tmp_path: Path) -> None:
    first, again = (_run(["list"], shop, tmp_path) for _ in range(2))
    assert again.stdout == first.stdout
    assert "revenue" in again.stdout
    assert not {*_NEEDLESS, "duckdb", "pyarrow"} & set(again.stderr.split())


def test_a_list_is_kept_for_what_is_live(shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shop"
    shutil.copytree(shop, copy, symlinks=True)
    before = _run(["list"], copy, tmp_path).stdout
    found = find_live_warehouse(load_target(copy)).artifacts / SEMANTIC_MANIFEST
    content = json.loads(found.read_text())
    [revenue] = [one for one in content["metrics"] if one["name"] == "revenue"]
    revenue["label"] = "Takings"
    found.write_text(json.dumps(content))
    after = _run(["list"], copy, tmp_path).stdout
    assert "Takings" not in before
    assert "Takings" in after
    # Whom policies leave out sees nothing, whatever was listed before.
    (copy / "access.yml").write_text("policies: []\n")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _run(["list"], copy, tmp_path)
    assert "revenue" not in refused.value.stdout
