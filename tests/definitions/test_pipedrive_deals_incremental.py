"""Incremental runs over Pipedrive's records and their log end as one full refresh does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from definitions.engines import ENGINES
from definitions.forked_dbt import ForkedDbt
from definitions.test_incremental import LAST, RAW, Runs, _assert_same_as_full_refresh
from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables
from metrics_store.demo.pipedrive_api import api_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

# In this order, each followed by a run: the first five bring what is late, the others take away.
CHANGES = (
    (
        f"update {RAW}.deals set value = value + 7, update_time = timestamp '2024-12-05 09:00:00'"
        " where id % 7 = 3 and value is not null"
    ),
    (
        f"update {RAW}.deals set status = 'won', won_time = timestamp '2024-12-08 09:00:00',"
        " close_time = timestamp '2024-12-08 09:00:00' where id % 9 = 4 and status = 'open'"
    ),
    (
        f"insert into {RAW}.dealflow (id, item_id, field_key, old_value, new_value, log_time)"
        " select 900000 + id, id, 'expected_close_date', '2024-01-31', '2024-04-30',"
        f" timestamp '2024-01-15 10:00:00' from {RAW}.deals"
        " where id % 11 = 5 and add_time < timestamp '2024-01-10 00:00:00'"
    ),
    f"update {RAW}.stages set deal_probability = 33 where stage_id = 13",
    f"update {RAW}.organizations set active_flag = false where id % 10 = 1",
    f"update {RAW}.deals set deleted = true where id % 13 = 6",
    f"delete from {RAW}.dealflow where id % 17 = 2",
    f"delete from {RAW}.deals where id % 19 = 8",
)


@pytest.fixture(params=ENGINES)
def runs(
    request: pytest.FixtureRequest,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path: Path,
) -> Iterator[Runs]:
    data = tmp_path / "data"
    api_source.generate(data, 0.06, 11, lambda _: None)
    project = BuiltProject(
        copy_definitions(tmp_path / "project"), postgres_variables(postgres_server)
    )
    target = ENGINES[request.param][0]
    project.load(parsed, {"pipedrive": data}, target)
    with ForkedDbt(project.project, project.environment, "--target", target) as dbt:
        dbt.run("seed", "--target", target)
        yield Runs(project, request.param, dbt)


def test_any_sequence_ends_like_a_full_refresh(runs: Runs) -> None:
    day = LAST - timedelta(days=30)
    runs.run(day)
    for place, change in enumerate(CHANGES):
        runs.change(change)
        # Mostly days on, once back to an earlier one: a replay.
        day += timedelta(days=-9 if place == 3 else place)
        runs.run(day, backfill_period=1 + place)
    _assert_same_as_full_refresh(runs, day)
