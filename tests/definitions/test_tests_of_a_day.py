"""The tests of an incremental run look at what it rewrote, all others at everything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from definitions.conftest import DEMO_VARIABLES
from definitions.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from definitions.forked_dbt import ForkedDbt
    from definitions.warehouses import BuiltProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

# Three days up to the last one are rewritten in any case.
OLD, NEW = "due_at < timestamp '2024-12-01'", "due_at >= timestamp '2024-12-30'"
UNIQUE, NOT_NULL = "unique_fct_activities_activity_key", "not_null_in_fct_activities"
WARNS = "accepted_values_fct_activities_activity_category__sales_call_1__sales_call_2__other"
PARENT = "relationships_fct_activities_owner_id__owner_id__ref_dim_owners_"


class Day:
    """A day's run of one fact, whose tables a test may break."""

    def __init__(self, project: BuiltProject, engine: str, dbt: ForkedDbt) -> None:
        self.project, self.dbt = project, dbt
        self.target, self.prefix, self.connected = ENGINES[engine]

    def change(self, table: str, change: str, rows: str) -> None:
        """Update the first of some rows, by key."""
        relation = f"{self.prefix}{table}"
        with self.connected(self.project) as execute:
            [(key,)] = execute(f"select min(activity_key) from {relation} where {rows}")
            execute(f"update {relation} set {change} where activity_key = '{key}'")

    def key(self, rows: str) -> str:
        """Give the last key of some rows of the fact."""
        with self.connected(self.project) as execute:
            [(key,)] = execute(
                f"select max(activity_key) from {self.prefix}marts.fct_activities where {rows}"
            )
        return str(key)

    def execute(self, statement: str) -> None:
        """Change a table of the marts."""
        with self.connected(self.project) as execute:
            execute(statement.format(marts=f"{self.prefix}marts"))

    def found(self, *arguments: str, tested_before: bool = True) -> set[str]:
        """Run dbt and give the tests that found something."""
        _, printed = self.dbt.attempt(
            *(arguments or ("build",)),
            "--target",
            self.target,
            "--vars",
            DEMO_VARIABLES,
            "--select",
            "fct_activities",
            "--exclude-resource-type",
            "unit_test",
            project=self.project.project,
            DBT_ENV_CUSTOM_ENV_TESTED_BEFORE=str(tested_before).lower(),
        )
        assert "Completed" in printed, printed[-3000:]
        return set(re.findall(r"(?:FAIL|WARN) \d+ (\w+)", printed))


@pytest.fixture(params=ENGINES)
def day(
    request: pytest.FixtureRequest,
    demo_project: BuiltProject,
    demo_dbt: dict[str, ForkedDbt],
) -> Iterator[Day]:
    """Give the demo on an engine; what a test does to it is undone."""
    engine = request.param
    if engine == "duckdb":
        project = request.getfixturevalue("broken_project")
        yield Day(project, engine, demo_dbt[engine])
        return
    day = Day(demo_project, engine, demo_dbt[engine])
    tables = ("dev_marts.fct_activities", "dev_marts.dim_owners")
    tables += ("dev_intermediate.int_pipedrive__activities",)
    with day.connected(demo_project) as execute:
        for table in tables:
            execute(f"create table kept_{table.replace('.', '_')} as select * from {table}")
    try:
        yield day
    finally:
        with day.connected(demo_project) as execute:
            for table in tables:
                kept = f"kept_{table.replace('.', '_')}"
                execute(f"delete from {table}")
                execute(f"insert into {table} select * from {kept}")
                execute(f"drop table {kept}")


def test_a_row_of_the_day_is_found(day: Day) -> None:
    assert day.found() == set()
    activities = "intermediate.int_pipedrive__activities"
    day.change(activities, "activity_type_key = null", NEW)
    day.change(activities, f"activity_key = '{day.key(OLD)}'", NEW)
    assert day.found() == {UNIQUE, NOT_NULL}


def test_a_row_of_another_day_is_found_by_every_other_run(day: Day) -> None:
    day.change("marts.fct_activities", "activity_type_key = null", OLD)
    day.change("marts.fct_activities", f"activity_key = '{day.key(OLD)}'", OLD)
    assert day.found() == set()
    # What went where the run did not look, and what is only warned of, is found in any row.
    day.change("marts.fct_activities", "activity_category = 'no'", OLD)
    day.execute("delete from {marts}.dim_owners")
    assert day.found() == {WARNS, PARENT}
    everything = {UNIQUE, NOT_NULL, WARNS, PARENT}
    assert day.found(tested_before=False) == everything
    # Without a run that rewrites, all rows count.
    assert day.found("test") == everything
