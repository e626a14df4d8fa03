"""`metrics export cube`, on a project that is parsed and not built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects import MARKET_PROJECT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from environment import RunMetrics


def test_definitions_are_exported_checked_and_exported_anew(
    parsed: Callable[[Path], Path], tmp_path: Path, run_metrics: RunMetrics
) -> None:
    project = parsed(MARKET_PROJECT)
    directory = tmp_path / "model"

    def export(*options: str) -> subprocess.CompletedProcess[str]:
        return run_metrics("export", "cube", str(directory), *options, cwd=project)

    missing = export("--check")
    assert missing.returncode == 1
    assert "exported files do not say what the metrics say now" in missing.stderr
    assert f"run `metrics export cube {directory} --format yaml`" in missing.stderr

    written = export()
    assert written.returncode == 0, written.stderr
    assert "wrote" in written.stdout
    assert "17 metrics in 3 views\n13 metrics that Cube cannot say are left out:" in written.stdout
    assert "  stock: it does not add up over `stock_day`" in written.stdout
    assert export("--check").returncode == 0
    assert '"market"."main"."orders"' in (directory / "cubes" / "orders_rows.yml").read_text()

    other = export("--format", "javascript")
    assert f"removed {directory}/views/orders.yml" in other.stdout
    assert not [*directory.rglob("*.yml")]
    report = (directory / "report.md").read_text()
    assert "- **grains market_quarter**: Cube has none of a project's own" in report
    assert "- **`grains` and `not_by` of median_order" in report
