"""`metrics access` on the small shop."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("shop")

POLICIES = """
local: {groups: [clerks], attributes: {statuses: [paid]}}
policies:
  - name: clerks see some orders
    to: {groups: [clerks]}
    metrics: [revenue]
    dimensions: [order__status]
    rows:
      - {dimension: order__status, in: caller.statuses}
"""


@pytest.fixture
def project(shop: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "shop"
    shutil.copytree(shop, directory)
    (directory / "access.yml").write_text(POLICIES, encoding="utf-8")
    return directory


def test_no_policies(shop: Path, run_metrics: RunMetrics) -> None:
    assert "whoever is let in sees everything" in run_metrics("access", cwd=shop).stdout


@pytest.mark.slow
def test_what_somebody_may_see(project: Path, run_metrics: RunMetrics) -> None:
    arguments = ("--as", "ana", "--group", "clerks", "--attribute")
    shown = run_metrics(
        "access", *arguments, "statuses=open", "--attribute", "statuses=paid", cwd=project
    ).stdout
    assert "access.yml fits the metrics: 1 policy" in shown
    assert "clerks see some orders: order__status in open, paid" in shown
    assert "metrics: revenue" in shown
    assert "by: metric_time, order__status\n" in shown
    assert "from orders: by itself" in shown
    assert "in all 1 metrics; saved queries: revenue_by_status" in shown
    assert "they see nothing" in run_metrics("access", "--as", "ana", cwd=project).stdout
    local = run_metrics("access", "--local", cwd=project).stdout
    assert "order__status in paid" in local
    wrong = run_metrics("access", *arguments, "statuses", cwd=project)
    assert wrong.returncode == 1
    assert "teams=EMEA" in wrong.stderr
    assert run_metrics("access", "--group", "clerks", cwd=project).returncode == 2


def test_a_mistake(project: Path, run_metrics: RunMetrics) -> None:
    text = POLICIES.replace("[revenue]", "[revenu]")
    (project / "access.yml").write_text(text, encoding="utf-8")
    shown = run_metrics("access", cwd=project)
    assert shown.returncode == 1
    assert "policies[0] (clerks see some orders)" in shown.stderr
    assert "revenue" in shown.stderr
