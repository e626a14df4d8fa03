"""Writes the six Pipedrive tables, chunk by chunk, and tells what was planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.demo.pipedrive import reference_tables
from metrics_store.demo.pipedrive.deal_activities import Activity, ActivityWriter
from metrics_store.demo.pipedrive.deals import deal
from metrics_store.demo.pipedrive.pipedrive_counts import MEANINGS
from metrics_store.demo.pipedrive.pipedrive_schemas import SCHEMAS
from metrics_store.demo.pipedrive.pipedrive_stages import STAGE_SPELLINGS
from metrics_store.demo.pipedrive.pipedrive_users import Team
from metrics_store.demo.seeded_random import seeded_random
from metrics_store.demo.table_files import TableFiles
from metrics_store.demo.truth_file import SourceTruth

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.demo.pipedrive.deal_history import Change

DEALS_AT_SCALE_1 = 2_000
DEALS_PER_CHUNK = 2_000
FIRST_ACTIVITY_ID = 700_000
# More than a chunk can need, so that chunks never have to know of one another.
ACTIVITY_IDS_PER_CHUNK = DEALS_PER_CHUNK * 50


def deal_count(scale: float) -> int:
    """Give the number of deal ids at a scale."""
    return max(1, round(DEALS_AT_SCALE_1 * scale))


def generate(
    directory: Path,
    scale: float,
    seed: int,
    advance: Callable[[int], None],
    rows_per_file: int | None = None,
) -> SourceTruth:
    """Write every table into `directory`; `advance` is told the number of deals done."""
    deals = deal_count(scale)
    team = Team(scale, seed)
    planted = team.planted()
    planted["stages_spelt_differently"] = len(STAGE_SPELLINGS)
    with TableFiles(directory, SCHEMAS, rows_per_file) as files:
        files.write("activity_types", reference_tables.activity_types())
        files.write("fields", reference_tables.fields())
        files.write("stages", reference_tables.stages())
        files.write(
            "users", [(user.id, user.name, user.email, user.modified) for user in team.users]
        )
        for first in range(0, deals, DEALS_PER_CHUNK):
            last = min(first + DEALS_PER_CHUNK, deals)
            changes, activities = _chunk(range(first, last), deals, team, seed, planted)
            files.write("deal_changes", changes)
            files.write("activity", activities)
            advance(last - first)
    return SourceTruth(files.row_counts, planted, MEANINGS)


def _chunk(
    numbers: range, of: int, team: Team, seed: int, planted: Counter[str]
) -> tuple[list[Change], list[Activity]]:
    chunk = numbers.start // DEALS_PER_CHUNK
    rng = seeded_random(seed, "pipedrive", "deals", chunk)
    activities = ActivityWriter(
        FIRST_ACTIVITY_ID + chunk * ACTIVITY_IDS_PER_CHUNK, team, rng, planted
    )
    changes: list[Change] = []
    for number in numbers:
        made = deal(number, of, team, rng, planted)
        changes += made.changes
        activities.around(made)
    # An export has no order; nothing may lean on one.
    rng.shuffle(changes)
    rng.shuffle(activities.rows)
    return changes, activities.rows
