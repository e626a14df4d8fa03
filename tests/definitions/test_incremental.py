"""Incremental runs and backfills end in the tables that one full refresh gives."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from definitions.engines import ENGINES
from definitions.forked_dbt import ForkedDbt
from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables
from environment import LONG
from metrics_store.demo.demo_data import generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from definitions.engines import Execute

pytestmark = pytest.mark.slow

FACTS = (
    "fct_activities",
    "fct_funnel_events",
    "fct_stage_entries",
    "fct_opportunity_snapshots",
    "fct_pipeline_movements",
    "fct_close_date_changes",
    "fct_stage_outcomes",
)
RAW = "raw_pipedrive"
SALESFORCE = "raw_salesforce"

LAST = date(2024, 12, 31)
# Each changes raw rows of some day, inside a window or long before it.
CHANGES = {
    "a late stage entry": f"""
        insert into {RAW}.deal_changes
        select deal_id, timestamp '{{day}} 10:00:00', 'stage_id', '4'
        from {RAW}.deal_changes where changed_field_key = 'add_time'
        order by deal_id limit 3""",
    "a deal that never was": f"""
        delete from {RAW}.deal_changes where deal_id in (
            select deal_id from {RAW}.deal_changes
            where cast(change_time as date) <= date '{{day}}' order by change_time desc limit 1)""",
    "a call completed later": f"""
        update {RAW}.activity set done = true
        where not done and cast(due_to as date) <= date '{{day}}'
        and cast(due_to as date) > date '{{day}}' - 40""",
    "an activity without deal taken back": f"""
        delete from {RAW}.activity where deal_id is null
        and cast(due_to as date) <= date '{{day}}'
        and cast(due_to as date) > date '{{day}}' - 90""",
    "a lost reason renamed": f"""
        update {RAW}.fields set field_value_options = cast(
            replace(cast(field_value_options as text), 'Pricing', 'Price') as json)
        where field_key = 'lost_reason'""",
    "an amount corrected long after": f"""
        update {SALESFORCE}.opportunity_history set amount = amount + 1
        where cast(created_date as date) <= date '{{day}}'
        and cast(created_date as date) > date '{{day}}' - 20""",
    # Its sign alone changes, which not every hash tells.
    "amounts taken back": f"""
        update {SALESFORCE}.opportunity_history set amount = -amount
        where cast(created_date as date) <= date '{{day}}'
        and cast(created_date as date) > date '{{day}}' - 8""",
    "a change of the history that went": f"""
        delete from {SALESFORCE}.opportunity_history
        where cast(created_date as date) = date '{{day}}'""",
    "an opportunity deleted": f"""
        update {SALESFORCE}.opportunity set is_deleted = true
        where cast(created_date as date) <= date '{{day}}'
        and cast(created_date as date) > date '{{day}}' - 5""",
    # The first status of all: from then on win rates count the CRM.
    "deals won, lost, deleted and opened by status": f"""
        insert into {RAW}.deal_changes
        select deal_id, timestamp '{{day}} 11:00:00', 'status',
            case deal_id % 4
                when 0 then 'won' when 1 then 'lost' when 2 then 'deleted' else 'open' end
        from {RAW}.deal_changes
        where changed_field_key = 'add_time' and cast(change_time as date) <= date '{{day}}'
        order by change_time desc, deal_id limit 20""",
    "a stage entry moved to another day": f"""
        update {RAW}.deal_changes set change_time = change_time - interval '1 day'
        where changed_field_key = 'stage_id' and cast(change_time as date) = date '{{day}}'""",
}


@pytest.fixture(scope="module")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("small_data")
    generate(directory, 0.04, 11, lambda _: None)
    return directory


class Runs:
    """A project on one engine, run day by day."""

    def __init__(self, project: BuiltProject, engine: str, dbt: ForkedDbt) -> None:
        self.project, self.engine, self.dbt = project, engine, dbt
        self.target, self.prefix, self.connected = ENGINES[engine]

    def run(
        self, source_dt: date, *arguments: str, backfill_period: int = 3, months: int = 0
    ) -> None:
        self.dbt.run(
            "run",
            "--target",
            self.target,
            "--vars",
            f"{{source_dt: '{source_dt}', backfill_period: {backfill_period}, months: {months}}}",
            "--select",
            *(f"+{fact}" for fact in FACTS),
            *arguments,
        )

    def _relation(self, fact: str) -> str:
        return f"{self.prefix}marts.{fact}"

    def _columns(self, execute: Execute, fact: str) -> str:
        names = execute(
            "select column_name from information_schema.columns"
            f" where table_schema = '{self.prefix}marts' and table_name = '{fact}'"
            # Which run saw a change first is the one thing that a full refresh forgets.
            " and column_name != 'raw_changed_at' order by ordinal_position"
        )
        return ", ".join(name for (name,) in names)

    def change(self, statement: str) -> None:
        with self.connected(self.project) as execute:
            execute(statement)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        with self.connected(self.project) as execute:
            return {
                fact: sorted(
                    execute(f"select {self._columns(execute, fact)} from {self._relation(fact)}"),
                    key=repr,
                )
                for fact in FACTS
            }


@pytest.fixture(params=ENGINES)
def runs(
    request: pytest.FixtureRequest,
    small_data: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path: Path,
) -> Iterator[Runs]:
    project = BuiltProject(
        copy_definitions(tmp_path / "project"), postgres_variables(postgres_server)
    )
    target = ENGINES[request.param][0]
    sources = {source: small_data / source for source in ("pipedrive", "salesforce")}
    project.load(parsed, sources, target)
    with ForkedDbt(project.project, project.environment, "--target", target) as dbt:
        dbt.run("seed", "--target", target)
        yield Runs(project, request.param, dbt)


def _assert_same_as_full_refresh(runs: Runs, source_dt: date) -> None:
    step_by_step = runs.tables()
    runs.run(source_dt, "--full-refresh")
    at_once = runs.tables()
    for fact in FACTS:
        assert at_once[fact], f"{fact} is empty"
        assert step_by_step[fact] == at_once[fact], fact


def _sequence(engine: str) -> list[str]:
    """Give changes in a random order: each of them on one engine; all on both in the long form."""
    names = random.Random(2024).sample(sorted(CHANGES), len(CHANGES))
    if os.environ.get(LONG):
        return names
    half = len(names) // 2
    return names[:half] if engine == "postgres" else names[half:]


def test_any_sequence_ends_like_a_full_refresh(runs: Runs) -> None:
    dice = random.Random(2024)
    day = LAST - timedelta(days=30)
    runs.run(day)
    for name in _sequence(runs.engine):
        changed_day = day - timedelta(days=dice.choice([0, 2, 45, 400]))
        runs.change(CHANGES[name].format(day=changed_day))
        # On most days on, on some back to an earlier one: a replay.
        day += timedelta(days=dice.choice([1, 5, 0, -9]))
        runs.run(day, backfill_period=dice.choice([1, 3, 20]), months=dice.choice([0, 2]))
    _assert_same_as_full_refresh(runs, day)


@pytest.mark.parametrize(
    ("window", "first_day"),
    [({"backfill_period": 10}, date(2024, 12, 22)), ({"months": 2}, date(2024, 11, 1))],
)
def test_a_backfill_rewrites_its_window_and_nothing_before(
    runs: Runs, window: dict[str, int], first_day: date
) -> None:
    runs.run(LAST)
    built = runs.tables()
    marts = f"{runs.prefix}marts"
    # Damage that no raw row explains: only rewriting the day mends it.
    runs.change(f"update {marts}.fct_funnel_events set kpi_name = 'damaged'")
    runs.run(LAST, **window)
    with runs.connected(runs.project) as execute:
        [(last_damaged, damaged)] = execute(
            "select max(cast(occurred_at as date)), count(*)"
            f" from {marts}.fct_funnel_events where kpi_name = 'damaged'"
        )
        [(in_window,)] = execute(
            f"select count(*) from {marts}.fct_funnel_events"
            f" where cast(occurred_at as date) >= date '{first_day}'"
        )
    assert last_damaged < first_day
    assert in_window > 0
    assert damaged == len(built["fct_funnel_events"]) - in_window
