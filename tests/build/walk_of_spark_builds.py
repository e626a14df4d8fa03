"""Builds on Spark become visible at once, and a server survives it; `make test-spark`."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from metrics_store.project.profile import load_target
from metrics_store.warehouse.adapters.schema_generations import live_generation
from serve.server_process import serving

if TYPE_CHECKING:
    from projects import RunMetrics

MISSING = {
    "there is no java: apt-get install openjdk-17-jre-headless": shutil.which("java") is None,
    "there is no PySpark: make spark": importlib.util.find_spec("pyspark") is None,
}
pytestmark = [pytest.mark.skipif(is_so, reason=reason) for reason, is_so in MISSING.items()]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _total(run_metrics: RunMetrics, project: Path) -> float:
    asked = run_metrics("query", "--metrics", "total", "--format", "json", cwd=project)
    assert asked.returncode == 0, asked.stderr
    [row] = json.loads(asked.stdout)
    return float(row["total"])


def _java_of(process: int) -> int:
    """Give the Java process beneath one; 0 where there is none."""
    beneath = {process}
    # Whoever starts another has a smaller number, but for numbers that begin anew.
    for directory in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
        with contextlib.suppress(OSError):
            # What stands in parentheses is its name, which may hold anything.
            name, _, rest = (directory / "stat").read_text().partition("(")[2].rpartition(")")
            if int(rest.split()[1]) in beneath:
                beneath.add(int(directory.name))
                if name == "java":
                    return int(directory.name)
    return 0


def test_builds_become_visible_at_once(
    tmp_path: Path, run_metrics: RunMetrics, metrics_command: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(HERE / "spark_orders", project)
    for part in ("spark", "text", "types", "rewriting"):
        shutil.copytree(ROOT / "macros" / part, project / "macros" / part)
    (project / "warehouse").mkdir()
    target = load_target(project, "spark")
    seed = project / "seeds" / "raw_orders.csv"

    built = run_metrics("build", cwd=project)
    assert built.returncode == 0, built.stdout + built.stderr
    assert _total(run_metrics, project) == 60
    first = live_generation(target)

    seed.write_text(seed.read_text() + "4,2024-01-03,40\n")
    check = project / "checks" / "nothing.sql"
    check.parent.mkdir()
    check.write_text("select * from {{ ref('orders') }} where order_id = 4")
    failed = run_metrics("build", cwd=project)
    assert failed.returncode == 1
    assert "nothing was published" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert live_generation(target) == first
    assert _total(run_metrics, project) == 60

    # The views are not built, and lead to the new table all the same.
    check.unlink()
    built = run_metrics("build", "--select", "raw_orders", "--select", "orders", cwd=project)
    assert built.returncode == 0, built.stdout + built.stderr
    second = live_generation(target)
    assert second.before == first.token
    assert second.relations["shop.days"] == first.relations["shop.days"]
    assert second.relations["shop.shown_orders"] == f"shop__{second.token}"

    with serving(metrics_command, project, directory=tmp_path) as server:
        question = {"metrics": ["total"]}
        assert server.post("/v1/query", question).json()["rows"] == [{"total": 100}]
        java = _java_of(server.process.pid)
        assert java
        os.kill(java, signal.SIGKILL)
        time.sleep(2)
        again = server.post("/v1/query", {"metrics": ["total"], "limit": 7})
        assert again.json()["rows"] == [{"total": 100}], again.text
        server.stop()
