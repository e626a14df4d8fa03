"""Each project rule fails on definitions that break it, and names what, where and what to do."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from definitions.conftest import DEMO_VARIABLES
from definitions.warehouses import ROOT, BuiltProject
from forking.commands import forked_commands

if TYPE_CHECKING:
    from pathlib import Path

    from definitions.forked_dbt import ForkedDbt

pytestmark = pytest.mark.xdist_group("demo")

RULES = "tests/data/project_rules"
TEST_RULES = ("test", "--select", f"path:{RULES}", "--vars", DEMO_VARIABLES)
FIELDS = ("owner", "unit", "tier", "source", "version", "direction")

# File, what stands in it, what takes its place.
BREAKAGES = [
    # A metric of which nothing is known, and one of a tier that is none.
    (
        "metrics/quota.yml",
        "{<<: *common, synonyms: [attainment, quota achievement], version: 3.0.0, unit: ratio}",
        "{<<: *common, " + ", ".join(f'{field}: ""' for field in FIELDS) + ", grains: []}",
    ),
    ("metrics/quota.yml", "    label: Quota attainment\n", "    label: ' '\n"),
    ("metrics/activity.yml", "unit: activities}", "unit: activities, tier: gold}"),
    # Metrics that nobody is shown: taken out of its saved query, no building block any more.
    ("saved_queries/rep_performance.yml", "        - other_activities\n", ""),
    ("metrics/quota.yml", "building_block: true, unit: months", "unit: months"),
    # A mart without contract, one without description, a column without.
    ("models/marts/fct_opportunity_history.yml", "contract: {enforced: true}", "tags: []"),
    ("models/marts/dim_stages.yml", "{{ doc('dim_stages') }}", ""),
    ("models/marts/fct_quotas.yml", "description: The owner.\n", "description: ' '\n"),
    # A measure of which nothing is made.
    (
        "semantic_models/sem_quotas.yml",
        "    measures:\n",
        "    measures:\n      - {name: largest_quota_measure, agg: max, expr: quota}\n",
    ),
    # Reports that read a fact, by its reference and past it, and a seed.
    (
        "models/reports/daily_deal_stats.sql",
        "ref('export_sales_funnel_daily')",
        "ref('fct_funnel_events')",
    ),
    (
        "models/reports/monthly_deal_stats.sql",
        "{{ ref('export_sales_funnel_monthly') }}",
        "marts.fct_funnel_events",
    ),
    ("models/reports/monthly_stats.sql", "ref('export_sales_funnel_monthly')", "ref('stage_map')"),
    # A report that nobody reads.
    ("models/reports/exposures.yml", "      - ref('m_forecast')\n", ""),
    # An alert that reads a fact.
    (
        "tests/data/alerts/leads_down.sql",
        "ref('export_sales_funnel_growth_monthly')",
        "ref('fct_funnel_events')",
    ),
]

VIOLATIONS = {
    "reports_are_exposed": {"the report m_forecast is in no exposure"},
    "metrics_are_described": {
        *(f"the metric quota_attainment has no {name}" for name in (*FIELDS, "grains", "label")),
        "the metric activities_completed has the unknown tier gold",
    },
    "metrics_are_in_a_saved_query": {
        "the metric other_activities is in no saved query",
        "the metric quota_months_to_go is in no saved query",
    },
    "mart_columns_are_described": {
        "the mart fct_opportunity_history has no enforced contract",
        "the mart dim_stages has no description",
        "the column owner_id of the mart fct_quotas has no description",
    },
    "measures_are_used": {"no metric uses the measure largest_quota_measure of quotas"},
    "reports_read_exports": {
        "the report daily_deal_stats reads fct_funnel_events",
        "the report monthly_deal_stats reads marts.fct_funnel_events past ref()",
        "the report monthly_stats reads stage_map",
    },
    "alerts_read_exports": {"the alert leads_down reads fct_funnel_events"},
}


def _break(project: Path) -> None:
    for name, right, wrong in BREAKAGES:
        file = project / name
        text = file.read_text()
        assert right in text, (name, right)
        file.write_text(text.replace(right, wrong, 1))


def _test_rules(project: BuiltProject) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Metrics, reports and docs change at once: all of it is parsed as if for the first time.
        [forked_commands() / "dbt", "--no-partial-parse", *TEST_RULES],
        cwd=project.project,
        env={**os.environ, **project.environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_every_rule_fails_where_it_is_broken(
    broken_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    assert set(VIOLATIONS) == {file.stem for file in (ROOT / RULES).glob("*.sql")}
    whole = demo_dbt["duckdb"].run(*TEST_RULES, project=broken_project.project)
    for rule in VIOLATIONS:
        assert re.search(rf" PASS {rule} ", whole), whole
    assert "project rule:" not in whole

    _break(broken_project.project)
    broken = _test_rules(broken_project)
    assert broken.returncode == 1, broken.stdout[-3000:]
    for rule, violations in VIOLATIONS.items():
        assert re.search(rf" FAIL {len(violations)} {rule} ", broken.stdout), broken.stdout
    found = defaultdict(set)
    for what, where, remedy in re.findall(
        r"project rule: (.+) \((\S+)\); (.+)$", broken.stdout, re.MULTILINE
    ):
        found[what].add(where)
        assert remedy
    assert set(found) == set.union(*VIOLATIONS.values())
    changed = {name for name, _, _ in BREAKAGES}
    named = set.union(*found.values())
    # What is left out is named, not the file that lacks it.
    lacking = {"saved_queries/rep_performance.yml", "models/reports/exposures.yml"}
    assert named == changed - lacking | {"models/reports/m_forecast.yml"}
