"""`metrics export` and `metrics import`, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects import MARKET_PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from environment import RunMetrics


def test_ossie_is_exported_checked_and_imported(
    parsed: Callable[[Path], Path], run_metrics: RunMetrics, tmp_path: Path
) -> None:
    project = parsed(MARKET_PROJECT)
    file, copy = tmp_path / "market.json", tmp_path / "imported"
    written = run_metrics("export", "ossie", str(file), "--target", "duckdb", cwd=project)
    assert written.returncode == 0, written.stderr
    assert "15 metrics that Ossie 0.2.0.dev0 can say" in written.stdout
    assert "  stock: it does not add up over stock_day" in written.stdout
    checked = run_metrics("export", "ossie", "--check", str(file), cwd=tmp_path)
    assert checked.stdout.endswith("is right as Ossie 0.2.0.dev0: 5 datasets, 15 metrics\n")
    read = run_metrics("import", "ossie", str(file), str(copy), cwd=tmp_path)
    assert read.returncode == 0, read.stderr
    assert "5 semantic models, 30 metrics" in read.stdout
    assert (copy / "metrics.yml").is_file()
    again = run_metrics("import", "ossie", str(file), str(copy), cwd=tmp_path)
    assert again.returncode == 1
    assert "files are there that would be written over" in again.stderr
    file.write_text(file.read_text().replace("SUM(orders.", "SUM(order."))
    wrong = run_metrics("export", "ossie", "--check", str(file), cwd=tmp_path)
    assert wrong.returncode == 1
    assert "there is no dataset `order`; expected a dataset of this semantic" in wrong.stderr


def test_a_layer_is_exported_and_told_when_it_is_stale(
    parsed: Callable[[Path], Path], run_metrics: RunMetrics, tmp_path: Path
) -> None:
    project = parsed(MARKET_PROJECT)
    command = ("export", "snowflake", str(tmp_path / "layer"), "--target", "duckdb")
    written = run_metrics(*command, cwd=project)
    assert written.returncode == 0, written.stderr
    assert "19 metrics are in a Snowflake semantic view" in written.stdout
    assert run_metrics(*command, "--check", cwd=project).returncode == 0
    (tmp_path / "layer" / "market.sql").unlink()
    stale = run_metrics(*command, "--check", cwd=project)
    assert stale.returncode == 1
    assert "exported files do not say what the metrics say now" in stale.stderr
