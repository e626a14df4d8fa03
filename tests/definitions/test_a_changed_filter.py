"""A metric's filter is changed in one place, and its export and its reports follow."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import duckdb
import pytest

from definitions.conftest import DEMO_VARIABLES
from forking.commands import forked_commands

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.slow

FILTER = "{{ Dimension('activity__is_completed') }}"
OTHER_FILTER = "not {{ Dimension('activity__is_completed') }}"


def _deals_worked(project: BuiltProject) -> dict[tuple[str, str | None], int]:
    path = str((project.project / "warehouse" / "sales_pipeline.duckdb").resolve())
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "select month, sales_rep_id, deals_worked"
            " from reports.rep_sales_rep_performance_monthly"
        ).fetchall()
    return {(month, rep): deals for month, rep, deals in rows if deals}


@pytest.mark.xdist_group("demo")
def test_a_changed_filter_reaches_the_report(broken_project: BuiltProject) -> None:
    project = broken_project
    before = _deals_worked(project)
    definition = project.project / "metrics" / "activity.yml"
    metric, found, rest = definition.read_text().partition("- name: deals_worked\n")
    assert found
    assert FILTER in rest
    definition.write_text(metric + found + rest.replace(FILTER, OTHER_FILTER, 1))

    stale = subprocess.run(
        [forked_commands() / "metrics", "exports", "--check"],
        cwd=project.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert stale.returncode == 1
    assert "export_sales_rep_performance_monthly.sql" in stale.stderr
    assert "run `metrics exports`" in stale.stderr

    project.run("metrics", "exports")
    export = "export_sales_rep_performance_monthly+"
    project.run("metrics", "build", "--select", export, "--vars", DEMO_VARIABLES)
    after = _deals_worked(project)
    path = str((project.project / "warehouse" / "sales_pipeline.duckdb").resolve())
    with duckdb.connect(path, read_only=True) as connection:
        planned = connection.execute(
            "select strftime(due_at, '%Y-%m'), split_part(owner_id, ':', 2),"
            " count(distinct opportunity_id) from marts.fct_activities"
            " where not is_completed and opportunity_id is not null group by all"
        ).fetchall()
    assert after == {(month, rep): deals for month, rep, deals in planned}
    assert after != before
