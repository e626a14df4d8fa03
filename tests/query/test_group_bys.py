"""The table of what each metric answers by is made from the definitions, and asks for reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

THINGS = "state: [order__status]\nmonth: [metric_time__month]\nshop: [order__shop]\n"


def _ask_by(project: Path, things: str) -> Path:
    (project / "docs").mkdir()
    (project / "docs" / "group_bys.yml").write_text(things)
    return project / "docs" / "group_bys.md"


def _explain(project: Path, reason: str) -> None:
    definition = project / "models" / "shop.yml"
    meta = f"    config: {{meta: {{grains: [month], not_by: {{shop: {reason}}}}}}}\n"
    text = definition.read_text()
    named = "metrics:\n  - name: revenue\n"
    assert named in text
    definition.write_text(text.replace(named, named + meta))


@pytest.mark.slow
def test_the_table_is_written_and_kept_up_to_date(
    tiny_project: Path, run_metrics: RunMetrics
) -> None:
    table = _ask_by(tiny_project, THINGS)
    _explain(tiny_project, "There is one shop.")
    missing = run_metrics("group-bys", "--check", cwd=tiny_project)
    assert missing.returncode == 1
    assert "run `metrics group-bys`" in missing.stderr
    assert not table.exists()

    written = run_metrics("group-bys", cwd=tiny_project)
    assert written.returncode == 0, written.stderr
    lines = table.read_text().splitlines()
    assert "| `revenue` | `order__status` | `metric_time__month` | no (1) |" in lines
    assert "1. There is one shop." in lines
    assert run_metrics("group-bys", "--check", cwd=tiny_project).returncode == 0

    definition = tiny_project / "models" / "shop.yml"
    definition.write_text(definition.read_text().replace("one shop", "one shop, in Rome"))
    assert run_metrics("group-bys", "--check", cwd=tiny_project).returncode == 1


@pytest.mark.slow
def test_what_does_not_answer_says_why(tiny_project: Path, run_metrics: RunMetrics) -> None:
    _ask_by(tiny_project, THINGS)
    refused = run_metrics("group-bys", cwd=tiny_project)
    assert refused.returncode == 1
    assert "revenue by shop" in refused.stderr
    assert "revenue by state" not in refused.stderr
    assert "not_by" in refused.stderr


def test_without_things_to_ask_by(tiny_project: Path, run_metrics: RunMetrics) -> None:
    refused = run_metrics("group-bys", cwd=tiny_project)
    assert refused.returncode == 1
    assert "group_bys.yml" in refused.stderr
    assert "Traceback" not in refused.stderr
