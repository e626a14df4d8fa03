"""Writes the planning tool's tables, and tells what was planted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from metrics_store.demo.planning.memberships import membership_rows
from metrics_store.demo.planning.planning_counts import MEANINGS
from metrics_store.demo.planning.planning_schemas import SCHEMAS
from metrics_store.demo.planning.quotas import quota_rows
from metrics_store.demo.salesforce.salesforce_source import opportunity_count
from metrics_store.demo.salesforce.salesforce_users import Team
from metrics_store.demo.seeded_random import seeded_random
from metrics_store.demo.table_files import TableFiles
from metrics_store.demo.truth_file import SourceTruth

if TYPE_CHECKING:
    from pathlib import Path


def generate(
    directory: Path, scale: float, seed: int, rows_per_file: int | None = None
) -> SourceTruth:
    """Write every table into `directory`: plans for Salesforce's owners of that scale and seed."""
    team = Team(scale, seed)
    planted: Counter[str] = Counter()
    tables = {
        "quota": quota_rows(opportunity_count(scale), team, planted),
        "team_membership": membership_rows(team, planted),
    }
    rng = seeded_random(seed, "planning")
    with TableFiles(directory, SCHEMAS, rows_per_file) as files:
        for table, rows in tables.items():
            # An export has no order; nothing may lean on one.
            rng.shuffle(rows)
            files.write(table, rows)
    return SourceTruth(files.row_counts, planted, MEANINGS)
