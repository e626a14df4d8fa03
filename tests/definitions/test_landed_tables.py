"""An org as four connectors land it builds as it does from its files, without a load."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from definitions.engines import ENGINES
from definitions.forked_dbt import ForkedDbt
from definitions.landing import LANDINGS, landed_statements, read_export
from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables
from forking.commands import forked_commands
from load.exports import write_export

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from definitions.landing import Landing

pytestmark = pytest.mark.xdist_group("landed")

SOURCES = ("salesforce", "pipedrive")
VARIABLES = "{source_dt: '2024-06-30'}"
# Marts of every kind, which all others are made of.
MARTS = (
    "fct_opportunities",
    "fct_opportunity_snapshots",
    "fct_pipeline_movements",
    "fct_stage_entries",
    "fct_close_date_changes",
    "fct_funnel_events",
    "fct_activities",
    "fct_won_to_date",
    "dim_accounts",
    "dim_owners",
    "dim_stages",
)
VERSIONS = "stg_salesforce__opportunity_versions"
# When a row was landed is the connector's own; when it was found changed, the build's.
NOT_COMPARED = ("extracted_at", "raw_changed_at")
Tables = dict[str, list[tuple[Any, ...]]]


def _exports(directory: Path) -> dict[str, Path]:
    """Write both exports, with a record in the recycle bin and a modification after the history."""
    directory.mkdir()
    exports = {name: write_export(name, directory / name) for name in SOURCES}
    path = exports["salesforce"] / "Opportunity.csv"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("CreatedDate,Region__c", "CreatedDate,LastModifiedDate,IsDeleted,Region__c"),
        ("10:00:00.000Z,North", "10:00:00.000Z,2024-04-02T08:00:00.000Z,false,North"),
        ("15:30:00.000Z,\n", "15:30:00.000Z,2024-03-04T12:00:00.000Z,false,\n"),
        ("00:00:00.000Z,South", "00:00:00.000Z,,false,South"),
    ):
        assert old in text
        text = text.replace(old, new)
    gone = (
        "006000000000004AAA,001000000000001AAA,005000000000002AAA,Gone,Prospecting,77,10,2024-08-01,"
        "false,false,2024-01-05T00:00:00.000Z,,true,\n"
    )
    path.write_text(text + gone, encoding="utf-8")
    return exports


class Org:
    """One org on one engine, landed again and again."""

    # What staging gives of the files, loaded.
    loaded: Tables

    def __init__(
        self, project: BuiltProject, engine: str, dbt: ForkedDbt, exports: dict[str, Path]
    ) -> None:
        self._project, self._dbt, self._exports = project, dbt, exports
        self.target, self._prefix, self._connected = ENGINES[engine]

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        with self._connected(self._project) as execute:
            for statement in statements:
                rows = execute(statement)
        return rows

    def land(self, *landings: Landing) -> None:
        """Land the exports, the tables by each of the connectors in turn."""
        for source, directory in self._exports.items():
            self.execute(*landed_statements(f"raw_{source}", read_export(directory), landings))

    def dbt(self, *arguments: str) -> tuple[int, str]:
        return self._dbt.attempt(*arguments, "--target", self.target, "--vars", VARIABLES)

    def build(self, *arguments: str) -> str:
        exit_code, printed = self.dbt(*arguments)
        assert exit_code == 0, printed[-4000:]
        return " ".join(printed.split())

    def relations(self, schema: str) -> list[str]:
        return [
            row[0]
            for row in self.execute(
                "select table_name from information_schema.tables"
                f" where table_schema = '{self._prefix}{schema}' order by 1"
            )
        ]

    def contents(self, schema: str, names: list[str] | tuple[str, ...]) -> Tables:
        """Read relations, without the columns that are not compared."""
        found = {}
        for name in names:
            columns = ", ".join(
                f'"{row[0]}"'
                for row in self.execute(
                    "select column_name from information_schema.columns where table_schema = "
                    f"'{self._prefix}{schema}' and table_name = '{name}' order by 1"
                )
                if row[0] not in NOT_COMPARED
            )
            rows = self.execute(f"select {columns} from {self._prefix}{schema}.{name}")
            found[name] = sorted(rows, key=repr)
        return found

    def restore(self, parsed: Path) -> None:
        """Load the files in the place of what was landed."""
        self.execute(*(f"drop schema raw_{source} cascade" for source in self._exports))
        self._project.load(parsed, self._exports, self.target)

    def metrics(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `metrics`, however it ends."""
        return subprocess.run(
            [forked_commands() / "metrics", *arguments, "--target", self.target],
            cwd=self._project.project,
            env={**os.environ, **self._project.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def marts(self) -> Tables:
        """Build the marts anew, without what earlier builds have seen."""
        self.execute(f"drop schema if exists {self._prefix}snapshots cascade")
        selected = [f"+{name}" for name in MARTS]
        without = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
        self.build("build", "--full-refresh", *without, "--select", *selected)
        return self.contents("marts", MARTS)

    def staged(self) -> Tables:
        self.build("run", "--select", "path:models/staging")
        return self.contents("staging", self.relations("staging"))


@pytest.fixture(scope="module", params=ENGINES)
def org(
    request: pytest.FixtureRequest,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Org]:
    directory = tmp_path_factory.mktemp("landed_org")
    project = BuiltProject(copy_definitions(directory / "org"), postgres_variables(postgres_server))
    target = ENGINES[request.param][0]
    exports = _exports(directory / "exports")
    project.load(parsed, exports, target)
    with ForkedDbt(project.project, project.environment, "--target", target) as dbt:
        made = Org(project, request.param, dbt, exports)
        made.loaded = made.staged()
        yield made


def test_staging_is_the_same_whoever_lands_which_table(org: Org) -> None:
    """All else is made of what staging gives."""
    assert len(org.loaded["stg_salesforce__opportunities"]) == 4
    assert len(org.loaded["stg_pipedrive__deal_changes"]) == 4
    org.land(*LANDINGS)
    staged = org.staged()
    # Versions are more history than the files have.
    assert len(staged[VERSIONS]) == 6
    assert {**staged, VERSIONS: []} == org.loaded


@pytest.mark.slow
@pytest.mark.parametrize("landing", LANDINGS, ids=lambda landing: landing.name)
def test_staging_is_the_same_whoever_lands(landing: Landing, org: Org) -> None:
    org.land(landing)
    staged = org.staged()
    assert len(staged[VERSIONS]) == (6 if landing.keeps_versions else 0)
    assert {**staged, VERSIONS: []} == org.loaded


def test_raw_tables_are_tested_and_timed_under_any_spelling(org: Org) -> None:
    [airbyte] = [one for one in LANDINGS if one.name == "airbyte"]
    org.land(airbyte)
    assert "ERROR=0" in org.build("test", "--select", "source:salesforce", "source:pipedrive")
    org.execute('update raw_salesforce."Opportunity" set "StageName" = null')
    exit_code, printed = org.dbt("test", "--select", "source:salesforce.opportunity")
    assert exit_code != 0
    assert "FAIL 4 source_not_null_salesforce_opportunity_stage_name" in printed
    printed = org.dbt("source", "freshness", "--select", "source:salesforce")[1]
    assert "WARN freshness of salesforce.opportunity" in printed
    assert "is left out" not in printed.split("opportunity_field_history")[0]


def test_what_a_landed_table_lacks_is_said(org: Org) -> None:
    [dlt] = [one for one in LANDINGS if one.name == "dlt"]
    org.land(dlt)
    org.execute("alter table raw_salesforce.opportunity add column amount__v_text text")
    org.build("run", "--select", "stg_salesforce__opportunities")
    org.execute(
        "update raw_salesforce.opportunity set amount__v_text = '12 k' where amount is null"
    )
    exit_code, printed = org.dbt("run", "--select", "stg_salesforce__opportunities")
    assert exit_code != 0
    assert "column amount__v_text: 1 value, such as 12 k, which the connector set" in printed
    org.execute(
        "alter table raw_salesforce.opportunity drop column amount__v_text",
        "alter table raw_salesforce.opportunity drop column probability cascade",
    )
    exit_code, printed = org.dbt("run", "--select", "stg_salesforce__opportunities")
    assert exit_code != 0
    assert "raw_salesforce.opportunity has no column probability" in printed
    assert "metrics sources check" in printed


@pytest.mark.slow
def test_marts_are_the_same_whoever_lands(org: Org, parsed: Path) -> None:
    org.restore(parsed)
    expected = org.marts()
    assert len(expected["fct_opportunities"]) == 4
    for landing in LANDINGS:
        org.land(landing)
        found = org.marts()
        for name, rows in expected.items():
            assert found[name] == rows, (landing.name, name)


@pytest.mark.slow
def test_the_check_says_what_was_found_and_what_not(org: Org) -> None:
    for landing in LANDINGS:
        org.land(landing)
        said = org.metrics("sources", "check")
        assert said.returncode == 0, said.stderr
        assert "nothing compulsory is missing" in said.stdout
        name = landing.table("Opportunity")
        assert f"opportunity: raw_salesforce.{name}, 4 rows" in said.stdout
        assert f"{landing.column('StageName')}, " in said.stdout
        assert ("former versions, left out: 2 rows" in said.stdout) == landing.keeps_versions
        assert ("gone in the source: 1 row" in said.stdout) == bool(landing.gone[0])
        assert ("newest: 2024-07-01 06:00 UTC" in said.stdout) == bool(landing.own)
        assert "there is no raw_salesforce.user_role: team is empty" in said.stdout
    capitals = LANDINGS[-1]
    org.land(capitals)
    org.execute('alter table raw_salesforce."OPPORTUNITY" drop column "CLOSE_DATE" cascade')
    org.execute('drop table raw_pipedrive."STAGES" cascade')
    said = org.metrics("sources", "check")
    assert said.returncode == 1
    assert (
        "raw_salesforce.OPPORTUNITY has no column CLOSE_DATE: close_date is compulsory"
        in said.stdout
    )
    assert "problem: there is no raw_pipedrive.stages" in said.stdout
    assert "error: the raw tables are not as the sources declare them" in said.stderr
    assert org.metrics("sources", "check", "planning").returncode == 0
