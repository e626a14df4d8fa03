"""Writes the tables as Pipedrive's API has them, chunk by chunk, and tells what was planted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from metrics_store.demo.arrival_times import arrival
from metrics_store.demo.demo_calendar import DAY, END, START, text_of
from metrics_store.demo.person_names import full_name
from metrics_store.demo.pipedrive.pipedrive_source import DEALS_PER_CHUNK, deal_count
from metrics_store.demo.pipedrive.pipedrive_stages import ACTIVITY_TYPES
from metrics_store.demo.pipedrive_api.api_pipelines import INDUSTRIES, PIPELINES, PLACES, STAGES
from metrics_store.demo.pipedrive_api.api_schemas import SCHEMAS
from metrics_store.demo.pipedrive_api.deal_courses import Course, opened
from metrics_store.demo.seeded_random import seeded_random
from metrics_store.demo.table_files import TableFiles
from metrics_store.demo.truth_file import SourceTruth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from metrics_store.demo.pipedrive_api.deal_record import DealRecord
    from metrics_store.demo.table_files import Row

USERS, ORGANIZATIONS = 12, 400
CHANGES_PER_CHUNK = DEALS_PER_CHUNK * 100
CALLED, DONE = 0.5, 0.9
MEANINGS = {
    "deals": "deals, deleted ones too",
    "deleted_deals": "deals whose record is deleted",
    "deals_without_log": "deals that the log of changes has nothing of",
    "changes_that_the_log_missed": "values that only the record knows",
    "moves_to_another_pipeline": "open deals that went to another pipeline",
    "changes_in_one_second": "seconds in which a value changed twice",
    "moves_of_closed_deals": "closed deals that were put into another stage",
    "deals_without_value": "deals without a value",
    "won_deals": "deals whose status is won",
    "lost_deals": "deals whose status is lost",
}


def generate(
    directory: Path,
    scale: float,
    seed: int,
    advance: Callable[[int], None],
    rows_per_file: int | None = None,
) -> SourceTruth:
    """Write every table into `directory`; `advance` is told the number of deals done."""
    deals = deal_count(scale)
    planted: Counter[str] = Counter()
    rng = seeded_random(seed, "pipedrive_api", "records")
    with TableFiles(directory, SCHEMAS, rows_per_file) as files:
        files.write("pipelines", list(PIPELINES.items()))
        files.write("stages", _stages())
        files.write("activity_types", _activity_types())
        files.write("users", [_user(number) for number in range(1, USERS + 1)])
        files.write("organizations", [_organization(number, rng) for number in _organizations()])
        files.write(
            "persons", [(number, full_name(number), str(number)) for number in _organizations()]
        )
        for first in range(0, deals, DEALS_PER_CHUNK):
            last = min(first + DEALS_PER_CHUNK, deals)
            _write_chunk(files, range(first, last), deals, seed, planted)
            advance(last - first)
    return SourceTruth(files.row_counts, planted, MEANINGS)


def _stages() -> list[Row]:
    return [
        (
            *(stage.id, stage.name, str(stage.pipeline_id), stage.order),
            None if stage.probability is None else stage.probability * 100,
        )
        for stage in STAGES
    ]


def _activity_types() -> list[Row]:
    return [
        (number, name, key, active == "Yes")
        for number, (key, (name, active)) in enumerate(ACTIVITY_TYPES.items(), 1)
    ]


def _user(number: int) -> Row:
    return (number, full_name(number), f"seller{number}@example.org", number != USERS)


def _organizations() -> range:
    return range(1, ORGANIZATIONS + 1)


def _organization(number: int, rng: Random) -> Row:
    industry = rng.choice((*INDUSTRIES, None))
    revenue = rng.choice((None, 50_000_000, 150_000_000, 2_000_000_000))
    return (
        *(number, f"Organisation {number}", str(1 + number % USERS), industry, revenue),
        *rng.choice(PLACES),
        *(number % 50 != 0, START - number * DAY),
    )


def _write_chunk(
    files: TableFiles, numbers: range, of: int, seed: int, planted: Counter[str]
) -> None:
    chunk = numbers.start // DEALS_PER_CHUNK
    rng = seeded_random(seed, "pipedrive_api", "deals", chunk)
    records = [_deal(number, of, rng, planted) for number in numbers]
    rows = [record.row() for record in records]
    changes = [
        (record.id, change) for record in records if record.is_logged for change in record.changes
    ]
    # The log's ids count up in the order in which it was written.
    changes.sort(key=lambda found: found[1][0])
    first_id = 1 + chunk * CHANGES_PER_CHUNK
    flow = [
        (first_id + place, deal_id, "1", key, old, new, moment)
        for place, (deal_id, (moment, key, old, new)) in enumerate(changes)
    ]
    activities = [row for record in records for row in _activities(record, rng)]
    # An export has no order; nothing may lean on one.
    for table in (rows, flow, activities):
        rng.shuffle(table)
    files.write("deals", rows)
    files.write("dealflow", flow)
    files.write("activities", activities)


def _deal(number: int, of: int, rng: Random, planted: Counter[str]) -> DealRecord:
    users = list(range(1, USERS + 1))
    record = opened(number, 1 + number, arrival(number, of, rng), users, rng)
    course = Course(record, users, rng)
    course.go()
    course.last_traps(number % 100, planted)
    planted["deals"] += 1
    planted["deals_without_value"] += record.values["value"] is None
    for status in ("won", "lost"):
        planted[f"{status}_deals"] += record.values["status"] == status
    return record


def _activities(record: DealRecord, rng: Random) -> list[Row]:
    found: list[Row] = []
    for place, kind in enumerate(ACTIVITY_TYPES):
        if rng.random() < CALLED:
            due = record.added + rng.randrange(1, 60) * DAY
            done = due <= END and rng.random() < DONE
            time = text_of(due)[11:16] if rng.random() < DONE else None
            owner = str(record.values["user_id"])
            found.append(
                (record.id * 10 + place, kind, owner, record.id, done, due // DAY, time, True)
            )
    return found
