"""Writes the six Salesforce tables, chunk by chunk, and tells what was planted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.demo.salesforce.accounts import Accounts
from metrics_store.demo.salesforce.opportunities.opportunity import count_opportunity, opportunity
from metrics_store.demo.salesforce.raw_rows import (
    field_history_rows,
    history_rows,
    opportunity_row,
    ties_that_only_bytes_decide,
)
from metrics_store.demo.salesforce.salesforce_counts import MEANINGS
from metrics_store.demo.salesforce.salesforce_schemas import SCHEMAS
from metrics_store.demo.salesforce.salesforce_users import Team
from metrics_store.demo.seeded_random import seeded_random
from metrics_store.demo.table_files import TableFiles
from metrics_store.demo.truth_file import SourceTruth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.demo.table_files import Row

OPPORTUNITIES_AT_SCALE_1 = 20_000
# A chunk has its own accounts, so that chunks never have to know of one another.
OPPORTUNITIES_PER_CHUNK = 10_000
OPPORTUNITIES_PER_ACCOUNT = 10


@dataclass
class Chunk:
    """The rows of one chunk and what was planted in them."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    planted: Counter[str] = field(default_factory=Counter)


def opportunity_count(scale: float) -> int:
    """Give the number of opportunities at a scale."""
    return max(1, round(OPPORTUNITIES_AT_SCALE_1 * scale))


def generate(
    directory: Path,
    scale: float,
    seed: int,
    advance: Callable[[int], None],
    rows_per_file: int | None = None,
) -> SourceTruth:
    """Write every table into `directory`; `advance` is told the number of opportunities done."""
    opportunities = opportunity_count(scale)
    team = Team(scale, seed)
    planted = team.planted()
    with TableFiles(directory, SCHEMAS, rows_per_file) as files:
        files.write("user_role", team.roles())
        files.write("user", team.users())
        for first in range(0, opportunities, OPPORTUNITIES_PER_CHUNK):
            last = min(first + OPPORTUNITIES_PER_CHUNK, opportunities)
            chunk = make_chunk(range(first, last), team, seed)
            for table, rows in chunk.tables.items():
                files.write(table, rows)
            planted.update(chunk.planted)
            advance(last - first)
    return SourceTruth(files.row_counts, planted, MEANINGS)


def make_chunk(numbers: range, team: Team, seed: int) -> Chunk:
    """Make some opportunities, in a row from the first of a chunk, and all their accounts."""
    chunk = Chunk()
    number = numbers.start // OPPORTUNITIES_PER_CHUNK
    first_account = numbers.start // OPPORTUNITIES_PER_ACCOUNT
    count = -(-len(numbers) // OPPORTUNITIES_PER_ACCOUNT)
    accounts = Accounts(
        range(first_account, first_account + count),
        team,
        seeded_random(seed, "salesforce", "accounts", number),
        chunk.planted,
    )
    rng = seeded_random(seed, "salesforce", "opportunities", number)
    opportunities: list[Row] = []
    history: list[Row] = []
    field_history: list[Row] = []
    empty = {account.id for account in accounts.all if account.master is not None}
    for place, each in enumerate(numbers):
        made = opportunity(each, place, len(numbers), accounts, team, rng)
        count_opportunity(made, chunk.planted)
        if not made.is_lost_to_history:
            opportunities.append(opportunity_row(made, rng))
            field_history += field_history_rows(made)
            empty.discard(made.account_id or "")
        history += history_rows(made)
        if not (made.is_deleted or made.is_lost_to_history):
            chunk.planted["ties_that_only_bytes_decide"] += ties_that_only_bytes_decide(made)
    chunk.planted["merged_accounts_without_opportunities"] += len(empty)
    chunk.tables = {
        "account": [account.row() for account in accounts.all],
        "opportunity": opportunities,
        "opportunity_history": history,
        "opportunity_field_history": field_history,
    }
    # An export has no order; nothing may lean on one.
    for rows in chunk.tables.values():
        rng.shuffle(rows)
    return chunk
