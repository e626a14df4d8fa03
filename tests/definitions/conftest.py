"""The definitions built from the demo data and from the real export, once a test process."""

from __future__ import annotations

import csv
import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from definitions.forked_dbt import ForkedDbt
from definitions.warehouses import ROOT, BuiltProject, build_on_engines, parse_definitions
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.demo.demo_data import generate
from oracle import Oracle, read_parquet_directory
from oracle.pipeline import STANDARD_STAGES, PipelineOracle
from oracle.pipeline.reading import read_parquet_directory as read_salesforce_directory
from oracle.pipeline.reading import read_planning_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A fifth of the usual size: the oracle is plain Python.
DEMO_SCALE = 0.2
# A fiscal year whose quarters are not the calendar's.
FISCAL_YEAR_START_MONTH = 2
DEMO_VARIABLES = f"{{source_dt: '{LAST_DAY}', fiscal_year_start_month: {FISCAL_YEAR_START_MONTH}}}"


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parse_definitions(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo_data")
    generate(directory, DEMO_SCALE, 7, lambda _: None)
    return directory


@pytest.fixture(scope="session")
def demo_oracle(demo_data: Path) -> Oracle:
    raw = read_parquet_directory(demo_data / "pipedrive")
    return Oracle(raw, LAST_DAY, FISCAL_YEAR_START_MONTH)


@pytest.fixture(scope="session")
def pipeline_oracle(demo_data: Path) -> PipelineOracle:
    with (ROOT / "seeds" / "currency_rates.csv").open(encoding="utf-8") as file:
        rates = {row["currency"]: row["rate_to_corporate"] for row in csv.DictReader(file)}
    quotas, memberships = read_planning_directory(demo_data / "planning")
    return PipelineOracle(
        read_salesforce_directory(demo_data / "salesforce"),
        LAST_DAY,
        rates=rates,
        stage_map=STANDARD_STAGES,
        quotas=quotas,
        memberships=memberships,
        fiscal_year_start_month=FISCAL_YEAR_START_MONTH,
    )


def _asks_demo(item: pytest.Item) -> bool:
    return "demo_project" in getattr(item, "fixturenames", ())


def engine_of(item: pytest.Item) -> str:
    """Give the engine that a test is for; DuckDB where it does not say."""
    named = getattr(item, "callspec", None)
    return str(named.params.get("engine", "duckdb")) if named else "duckdb"


@pytest.fixture(scope="session")
def demo_project(
    request: pytest.FixtureRequest,
    demo_data: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("demo") / "project"
    engines = {engine_of(item) for item in request.session.items if _asks_demo(item)}
    with closing(
        build_on_engines(
            directory,
            parsed,
            {source: demo_data / source for source in ("pipedrive", "salesforce", "planning")},
            postgres_server,
            DEMO_VARIABLES,
            {"duckdb", *engines},
        )
    ) as built:
        yield built


@pytest.fixture(scope="session")
def demo_dbt(demo_project: BuiltProject) -> Iterator[dict[str, ForkedDbt]]:
    """Give for each engine a dbt that has parsed the demo, for runs there and in copies."""
    with ExitStack() as stack:
        yield {
            engine: stack.enter_context(
                ForkedDbt(
                    demo_project.project,
                    demo_project.environment,
                    "--target",
                    target.name,
                    "--target-path",
                    # Not where plain `mf` reads.
                    f"target_of_forked_dbt_{engine}",
                    "--vars",
                    DEMO_VARIABLES,
                )
            )
            for engine, target in demo_project.targets.items()
        }


@pytest.fixture(scope="session")
def real_project(
    real_data: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("real") / "project"
    with closing(
        build_on_engines(
            directory,
            parsed,
            {"pipedrive": real_data / "pipedrive"},
            postgres_server,
            "{source_dt: '2025-03-31'}",
        )
    ) as built:
        yield built


@pytest.fixture(scope="session")
def salesforce_project(
    real_data: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    """The real Salesforce export alone: Pipedrive has no tables at all."""
    with closing(
        build_on_engines(
            tmp_path_factory.mktemp("salesforce") / "project",
            parsed,
            {"salesforce": real_data / "salesforce_export"},
            postgres_server,
            "{source_dt: '2025-03-31'}",
        )
    ) as built:
        yield built


@pytest.fixture
def broken_project(demo_project: BuiltProject, tmp_path: Path) -> BuiltProject:
    """Give a copy of the built project whose DuckDB warehouse a test may break."""
    copy = tmp_path / "broken"
    shutil.copytree(
        demo_project.project, copy, symlinks=True, ignore=shutil.ignore_patterns("logs")
    )
    return BuiltProject(copy, demo_project.environment)
