"""An org without history: the versions that builds have seen are its history, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from definitions.comparing import differences, with_plain_days
from definitions.engines import ENGINES
from definitions.warehouses import (
    ROOT,
    BuiltProject,
    copy_definitions,
    postgres_variables,
)
from metrics_store.project.profile import load_target
from metrics_store.query.metric_store import open_store
from oracle.pipeline.mini import opportunity, oracle_of, raw_of, with_history

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from definitions.warehouses import Answer
    from oracle.reading import Row

pytestmark = pytest.mark.slow

RAW = "raw_salesforce"
LAST = date(2024, 12, 31)
CREATED, RAISED, LOST, MOVED = (
    f"2024-{day}"
    for day in ("01-10 08:00:00", "03-05 09:30:00", "04-01 10:00:00", "05-20 11:00:00")
)
FIRST = {"amount": "100"}
SECOND = {"amount": "300", "stage_name": "Needs Analysis", "probability": "20"}
THIRD = {"amount": "300", "stage_name": "Negotiation/Review", "probability": "90"}
CLOSED = {"stage_name": "Closed Lost"}
# What every org's raw tables have.
CONTRACT = {
    table["name"]: {
        column["name"]
        for column in table["columns"]
        if not column.get("config", {}).get("meta", {}).get("load", {}).get("optional")
    }
    for file in ("_salesforce__sources.yml", "_salesforce__history_sources.yml")
    for source in yaml.safe_load(
        (ROOT / "models" / "staging" / "salesforce" / file).read_text(encoding="utf-8")
    )["sources"]
    for table in source["tables"]
}
# The state of the pipeline, the facts whose rows end by later changes, and what was reported.
BUILT = (
    "+fct_opportunity_snapshots",
    "+fct_stage_entries",
    "+time_spine_daily",
    "+dim_accounts",
    "+fct_reported_pipeline",
)


class Org:
    """An org's raw tables on one engine, and builds of the store from them."""

    def __init__(self, project: BuiltProject, engine: str) -> None:
        self.project = project
        self.target, self.prefix, self.connected = ENGINES[engine]

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with self.connected(self.project) as execute:
            return execute(statement)

    def land(self, *opportunities: Row, history: Sequence[Row] = ()) -> None:
        """Make the raw tables anew, with the opportunities as they are now."""
        tables = raw_of(list(opportunities), list(history))
        with self.connected(self.project) as execute:
            for table, rows in tables.items():
                columns = sorted({column for row in rows for column in row} | CONTRACT[table])
                types = ", ".join(f"{column} text" for column in columns)
                execute(f'drop table if exists {RAW}."{table}" cascade')
                execute(f'create table {RAW}."{table}" ({types})')
                for row in rows:
                    values = ", ".join(f"'{row.get(column, '')}'" for column in columns)
                    execute(f'insert into {RAW}."{table}" values ({values})')

    def build(self, source_dt: date) -> None:
        selected = [part for name in BUILT for part in ("--select", name)]
        variables = f"{{source_dt: '{source_dt}'}}"
        self.project.run(
            "metrics",
            "build",
            "--target",
            self.target,
            "--vars",
            variables,
            *selected,
            DBT_EXCLUDE_RESOURCE_TYPES="test unit_test",
        )

    def versions(self) -> list[tuple[Any, ...]]:
        return self.execute(
            "select opportunity_id, amount, stage_name, dbt_valid_from, dbt_valid_to"
            f" from {self.prefix}snapshots.opportunity_versions"
            " order by opportunity_id, dbt_valid_from"
        )

    def stage_entries(self, opportunity_id: str) -> list[tuple[Any, ...]]:
        return self.execute(
            f"select stage_name, entered_at, exited_at from {self.prefix}marts.fct_stage_entries"
            f" where opportunity_id = '{opportunity_id}' order by entry_number"
        )

    def by_day(self, metric: str) -> Answer:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.project.environment.items():
                patch.setenv(name, value)
            target = load_target(self.project.project, self.target)
            stores = {self.target: open_store(target)}
            asked = BuiltProject(self.project.project, self.project.environment, {}, stores)
            return with_plain_days(asked.answer(self.target, metric, "metric_time__day"))


def _now(opportunity_id: str, modified: str, **columns: str) -> Row:
    return opportunity(opportunity_id, CREATED, last_modified_date=modified, **columns)


@pytest.fixture(params=ENGINES)
def org(request: pytest.FixtureRequest, postgres_server: dict[str, Any], tmp_path: Path) -> Org:
    project = BuiltProject(
        copy_definitions(tmp_path / "project"), postgres_variables(postgres_server)
    )
    org = Org(project, request.param)
    org.execute(f"create schema {RAW}")
    return org


def _assert_pipeline_is(org: Org, source_dt: date, *deals: list[list[Row]]) -> None:
    expected = oracle_of(*deals, source_dt=source_dt).value("pipeline_snapshot", ("day",))
    assert expected
    assert not differences(expected, org.by_day("pipeline_snapshot"), is_ratio=False)


def test_versions_are_the_history_where_there_is_none(org: Org) -> None:
    created, raised, lost_at, moved = map(datetime.fromisoformat, (CREATED, RAISED, LOST, MOVED))
    changed = with_history("006A", (CREATED, FIRST), (RAISED, SECOND), (MOVED, THIRD))
    lost = with_history("006B", (CREATED, {}), (LOST, CLOSED))
    recorded = with_history("006D", (CREATED, FIRST), (RAISED, {"amount": "7"}), (LOST, SECOND))
    org.land(
        _now("006A", CREATED, **FIRST),
        _now("006B", CREATED),
        _now("006C", RAISED, **SECOND),
        _now("006D", CREATED, **FIRST),
    )
    org.build(LAST)

    # Two change, one is that of an older export, one has come to have history of its own.
    org.land(
        _now("006A", RAISED, **SECOND),
        _now("006B", LOST, **CLOSED),
        _now("006C", CREATED, **FIRST),
        *recorded[0],
        history=recorded[1],
    )
    org.build(LAST)
    seen = with_history("006A", (CREATED, FIRST), (RAISED, SECOND))
    older = with_history("006C", (CREATED, FIRST))
    _assert_pipeline_is(org, LAST, seen, lost, older, recorded)

    # As of a past day what the CRM says now is kept, and nothing later than that day is built.
    before = datetime.now(UTC).replace(tzinfo=None)
    org.land(
        _now("006A", MOVED, **THIRD),
        _now("006B", LOST, **CLOSED),
        *recorded[0],
        history=recorded[1],
    )
    org.build(date(2024, 4, 10))
    after = datetime.now(UTC).replace(tzinfo=None)
    _assert_pipeline_is(org, date(2024, 4, 10), changed, lost, recorded)
    org.build(date(2024, 2, 29))
    _assert_pipeline_is(org, date(2024, 2, 29), changed, lost, recorded)
    assert org.stage_entries("salesforce:006A") == [("Qualification", created, None)]
    org.build(LAST)
    _assert_pipeline_is(org, LAST, changed, lost, recorded)

    # What was reported is what the first build of each day saw: all four, though 006B is lost and
    # 006C is gone by now; the earlier days without what went before they were built.
    assert org.by_day("open_opportunities_as_reported") == {
        (date(2024, 2, 29),): 3,
        (date(2024, 4, 10),): 2,
        (LAST,): 4,
    }

    *versions, gone, first_of_recorded, last_of_recorded = org.versions()
    assert versions == [
        ("salesforce:006A", 100, "Qualification", created, raised),
        ("salesforce:006A", 300, "Needs Analysis", raised, moved),
        ("salesforce:006A", 300, "Negotiation/Review", moved, None),
        ("salesforce:006B", 100, "Qualification", created, lost_at),
        ("salesforce:006B", 100, "Closed Lost", lost_at, None),
    ]
    assert (first_of_recorded[-2:], last_of_recorded[-2:]) == ((created, lost_at), (lost_at, None))
    # The older export made none. When it went away only the clock of the run can say, UTC.
    assert gone[:-1] == ("salesforce:006C", 300, "Needs Analysis", raised)
    assert before <= gone[-1] <= after
