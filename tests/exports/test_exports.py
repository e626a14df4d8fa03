"""Saved queries become dbt models that say what the metrics say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.slow


def _rows(project: Path, query: str) -> list[tuple[object, ...]]:
    live = project / "warehouse" / "shop.duckdb"
    with duckdb.connect(str(live), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_an_export_is_written_built_and_kept_up_to_date(
    tiny_project: Path, run_metrics: RunMetrics
) -> None:
    model = tiny_project / "models" / "exports" / "export_revenue_by_status.sql"

    missing = run_metrics("exports", "--check", cwd=tiny_project)
    assert missing.returncode == 1
    assert "export_revenue_by_status.sql" in missing.stderr
    assert "run `metrics exports`" in missing.stderr
    assert not model.exists()

    written = run_metrics("exports", cwd=tiny_project)
    assert "wrote models/exports/export_revenue_by_status.sql" in written.stdout
    assert "{{ ref('orders') }}" in model.read_text()
    assert "shop" not in model.read_text()
    assert run_metrics("exports", "--check", cwd=tiny_project).returncode == 0
    assert "wrote" not in run_metrics("exports", cwd=tiny_project).stdout

    # The metric changes: its export is stale, and the model that is written says the new thing.
    definition = tiny_project / "models" / "shop.yml"
    definition.write_text(definition.read_text().replace("expr: amount", "expr: amount * 2"))
    assert run_metrics("exports", "--check", cwd=tiny_project).returncode == 1
    run_metrics("exports", cwd=tiny_project)
    built = run_metrics("build", cwd=tiny_project)
    assert built.returncode == 0, built.stdout
    assert _rows(
        tiny_project,
        "select order__status, cast(sum(revenue) as double)"
        " from main_exports.export_revenue_by_status group by 1 order by 1",
    ) == [("paid", 71.5), ("returned", 199.8)]

    # The saved query goes: so does its export, and nothing that somebody wrote by hand.
    (tiny_project / "models" / "saved_queries.yml").unlink()
    by_hand = tiny_project / "models" / "exports" / "by_hand.sql"
    by_hand.write_text("select 1 as one")
    removed = run_metrics("exports", cwd=tiny_project)
    assert "removed models/exports/export_revenue_by_status.sql" in removed.stdout
    assert not model.exists()
    assert by_hand.exists()


def test_two_exports_of_one_name(tiny_project: Path, run_metrics: RunMetrics) -> None:
    saved = tiny_project / "models" / "saved_queries.yml"
    text = saved.read_text()
    saved.write_text(text + text.split("\n", 1)[1].replace("revenue_by_status\n", "other\n", 1))
    refused = run_metrics("exports", cwd=tiny_project)
    assert refused.returncode == 1
    assert "two exports are named export_revenue_by_status" in refused.stderr


def test_an_export_says_its_alias_and_nothing_that_nobody_wrote(
    tiny_project: Path, run_metrics: RunMetrics
) -> None:
    saved = tiny_project / "models" / "saved_queries.yml"
    text = saved.read_text().replace("    description: Revenue of each month by status.\n", "")
    saved.write_text(
        text.replace("schema: exports}", "alias: statuses}").replace(
            "- Dimension", "- TimeDimension('metric_time', 'day')\n        - Dimension"
        )
    )
    profile = tiny_project / "profiles.yml"
    profile.write_text(profile.read_text().replace("      schema: main\n", ""))
    definition = tiny_project / "models" / "shop.yml"
    metrics = yaml.safe_load(definition.read_text())
    for metric in metrics["metrics"]:
        metric.pop("description", None)
    definition.write_text(yaml.safe_dump(metrics))
    written = run_metrics("exports", cwd=tiny_project)
    assert written.returncode == 0, written.stderr
    exports = tiny_project / "models" / "exports"
    model = (exports / "export_revenue_by_status.sql").read_text()
    # The schema that dbt fills in is the target's own, and nothing to say.
    assert "config(materialized='view', alias='statuses')" in model
    [described] = yaml.safe_load((exports / "export_revenue_by_status.yml").read_text())["models"]
    assert "description" not in described
    assert {one["name"]: one.get("description") for one in described["columns"]} == {
        "metric_time__month": "First day of the month.",
        "metric_time__day": "The time that the metric itself counts by. By day.",
        "order__status": None,
        "revenue": None,
    }
