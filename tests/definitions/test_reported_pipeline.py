"""The pipeline as it was reported: what the first build of each day saw, whatever came later."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from definitions.comparing import differences, store_names
from definitions.engines import ENGINES
from definitions.forked_dbt import ForkedDbt
from definitions.test_history_oracle import OF_THE_TIME
from definitions.warehouses import ROOT, BuiltProject, postgres_variables
from projects import SmallProject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.slow

# What they are of the one day that the demo was built for, as the CRM's history tells it.
REPLAYED = {
    "pipeline_as_reported": "pipeline_snapshot",
    "weighted_pipeline_as_reported": "weighted_pipeline_snapshot",
    "open_opportunities_as_reported": "open_opportunity_snapshot",
}
REPORTED_METRICS = tuple(REPLAYED)
DAY, MONTH, OWNER = "metric_time__day", "metric_time__month", "owner__owner_name"
# The definitions under test, without the CRMs.
COPIED = (
    "macros",
    "models/intermediate/int_reported_pipeline.sql",
    "models/intermediate/int_reported_pipeline.yml",
    "models/marts/fct_reported_pipeline.sql",
    "models/marts/fct_reported_pipeline.yml",
    "models/marts/marts_docs.md",
    "models/marts/time_spine_daily.sql",
    "models/marts/time_spine_daily.yml",
    "snapshots/reported_pipeline.yml",
    *(
        f"semantic_models/sem_{name}.yml"
        for name in ("reported_pipeline", "owners", "stages", "forecast_categories")
    ),
    "metrics/reported_pipeline.yml",
)
# Where a part of the definitions lies in the small project, if not where it lies here.
MOVED = {"semantic_models": "models", "metrics": "models"}


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("group", [(), ("stage_name",), ("owner",), ("forecast_category",)])
@pytest.mark.parametrize("metric", REPORTED_METRICS)
def test_the_day_of_the_build_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    names = [*store_names(group, OF_THE_TIME), "reported_slice__crm_source"]
    answer = demo_project.answer(engine, metric, *names)
    found = {key[:-1]: value for key, value in answer.items() if key[-1] == "salesforce"}
    expected = pipeline_oracle.value(REPLAYED[metric], group)
    assert expected
    # The oracle has 0 of slices that were left.
    assert not differences(expected, found, is_ratio=False)


class Crm:
    """A CRM whose deals change, and builds of what it says, on one engine."""

    def __init__(self, project: BuiltProject, engine: str, dbt: ForkedDbt) -> None:
        self.project, self.engine, self.dbt = project, engine, dbt
        self.target, _, self.connected = ENGINES[engine]

    def execute(self, *statements: str) -> None:
        with self.connected(self.project) as execute:
            for statement in statements:
                execute(statement)

    def build(self, day: str, *arguments: str) -> None:
        """Build as of a day with plain dbt, in the live tables."""
        kinds = ("--exclude-resource-type", "unit_test", "test")
        self.dbt.run("build", "--target", self.target, *_vars(day), *kinds, *arguments)

    def build_beside(self, day: str, *arguments: str, is_broken: bool = False) -> None:
        """Build as of a day as `metrics build` does, beside the live tables."""
        variables = _vars(day, is_broken=is_broken)
        self.project.run("metrics", "build", "--target", self.target, *variables, *arguments)

    def ask(self, *group_by: str, where: str | None = None) -> list[tuple[Any, ...]]:
        """Give the amount, the weighted amount and the number, as reported, by group."""
        small = SmallProject(self.project.project, self.project.environment)
        with ExitStack() as stack:
            rows = (
                small.connect(stack, self.engine)
                .query(REPORTED_METRICS, group_by=group_by, where=where, order_by=group_by)
                .rows()
            )
        return [
            tuple(f"{part:%Y-%m-%d}" if isinstance(part, date) else part for part in row.values())
            for row in rows
        ]


def _vars(day: str, *, is_broken: bool = False) -> Sequence[str]:
    return "--vars", f"{{source_dt: '{day}', is_broken: {str(is_broken).lower()}}}"


@pytest.fixture(params=ENGINES)
def crm(
    request: pytest.FixtureRequest, postgres_server: dict[str, Any], tmp_path: Path
) -> Iterator[Crm]:
    directory = tmp_path / "reported"
    shutil.copytree(ROOT / "tests" / "reported_project", directory)
    shutil.copytree(ROOT / "tests" / "data" / "generic", directory / "checks" / "generic")
    for name in COPIED:
        folder, _, rest = name.partition("/")
        copy = directory / MOVED.get(folder, folder) / rest
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
    environment = postgres_variables(postgres_server) | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    project = BuiltProject(directory, environment)
    target = ENGINES[request.param][0]
    with ForkedDbt(directory, environment, "--target", target) as dbt:
        crm = Crm(project, request.param, dbt)
        crm.execute(
            "create schema raw_crm",
            "create table raw_crm.owners (owner_id text, owner_name text)",
            "insert into raw_crm.owners values ('a', 'Ana'), ('b', 'Ben'), ('e', 'Eve')",
            "create table raw_crm.deals (deal_id integer, owner_id text, stage_id text,"
            " crm_source text, amount integer, probability numeric, is_open boolean)",
            "insert into raw_crm.deals values (1, 'a', 'new', 'salesforce', 100, 0.5, true),"
            " (2, 'b', 'new', 'salesforce', 200, 0.1, true),"
            " (3, null, null, 'pipedrive', null, null, true)",
        )
        yield crm


def test_what_was_reported_stays(crm: Crm) -> None:
    crm.build("2024-03-28")
    # A run of a part: its facts stay those of the 28th, of which there is a report; without the
    # snapshot there is none.
    crm.build("2024-03-29", "--select", "int_reported_pipeline+")
    crm.build("2024-03-29", "--exclude", "reported_pipeline")
    # The same day: a deal in another slice, and in a third; one that is deleted.
    crm.execute("update raw_crm.deals set stage_id = 'late', amount = 250 where deal_id = 2")
    crm.build("2024-03-28")
    crm.execute(
        "update raw_crm.deals set owner_id = 'a', probability = 0.2 where deal_id = 2",
        "delete from raw_crm.deals where deal_id = 1",
    )
    crm.build("2024-03-28")
    crm.build("2024-03-30")
    # Nothing is open any more: won, and deleted.
    crm.execute(
        "update raw_crm.deals set is_open = false where deal_id = 2",
        "delete from raw_crm.deals where deal_id = 3",
    )
    crm.build("2024-04-02")

    # A build that fails at its end has reported nothing; the next one of the day is its first.
    crm.execute("insert into raw_crm.deals values (4, 'e', 'new', 'salesforce', 777, 0.3, true)")
    with pytest.raises(AssertionError, match="nothing_is_broken"):
        crm.build_beside("2024-04-03", is_broken=True)
    crm.execute("update raw_crm.deals set amount = 500 where deal_id = 4")
    crm.build_beside("2024-04-03")
    first_days = [
        ("2024-03-28", 300, 70, 3),
        ("2024-03-30", 250, 50, 2),
        ("2024-04-02", 0, 0, 0),
        ("2024-04-03", 500, 150, 1),
    ]
    assert crm.ask(DAY) == first_days
    # A month is its last day that was built; who had something before, and nothing then, has 0.
    assert crm.ask(MONTH) == [("2024-03-01", 250, 50, 2), ("2024-04-01", 500, 150, 1)]
    assert crm.ask() == [(500, 150, 1)]
    in_march = "metric_time__day < '2024-04-01'"
    assert crm.ask(OWNER, where=in_march) == [
        ("Ana", 250, 50, 1),
        ("Ben", 0, 0, 0),
        (None, 0, 0, 1),
    ]
    assert crm.ask(DAY, where="owner__owner_name = 'Ben'") == [
        ("2024-03-28", 200, 20, 1),
        ("2024-03-30", 0, 0, 0),
    ]

    # A reference date that goes back: nothing after it is there, and the day gets its first build.
    crm.build("2024-03-29")
    replayed = ("2024-03-29", 500, 150, 1)
    assert crm.ask(DAY) == [first_days[0], replayed]
    # A full refresh keeps it all; an owner who is gone has no name, and what was his stays.
    crm.execute(
        "delete from raw_crm.owners where owner_id = 'e'",
        "update raw_crm.deals set amount = 1000 where deal_id = 4",
    )
    crm.build_beside("2024-04-05", "--full-refresh")
    days = [first_days[0], replayed, *first_days[1:], ("2024-04-05", 1000, 300, 1)]
    assert crm.ask(DAY) == days
    assert crm.ask(OWNER) == [(None, 1000, 300, 1)]
