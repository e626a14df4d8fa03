"""Targets have schemas of their own, and vars that cannot be are refused with words."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from definitions.forked_dbt import ForkedDbt
from definitions.warehouses import copy_definitions
from forking.commands import forked_commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

POSTGRES = {"METRICS_STORE_DEV_USER": "ana", "METRICS_STORE_DEV_SCHEMA": "dev_ana"} | {
    f"METRICS_STORE_PROD_{name}": "prod" for name in ("HOST", "USER", "PASSWORD")
}


def _dbt(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [forked_commands() / "dbt", *arguments],
        cwd=project,
        env={**os.environ, **POSTGRES},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("target", "marts", "reports", "database"),
    [
        ("duckdb", "marts", "reports", "sales_pipeline"),
        ("dev", "dev_ana_marts", "dev_ana_reports", "sales_pipeline"),
        ("prod", "marts", "reports", "sales_pipeline"),
    ],
)
def test_schemas_of_a_target(
    target: str, marts: str, reports: str, database: str, tmp_path: Path
) -> None:
    project = copy_definitions(tmp_path / "project")
    parsed = _dbt(project, "parse", "--target", target, "--no-version-check")
    assert parsed.returncode == 0, parsed.stdout
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    relations = {
        node["name"]: (node["database"], node["schema"]) for node in manifest["nodes"].values()
    }
    assert relations["fct_funnel_events"] == (database, marts)
    assert relations["rep_sales_funnel_monthly"] == (database, reports)
    sources = {(source["database"], source["schema"]) for source in manifest["sources"].values()}
    assert sources == {
        (database, f"raw_{name}") for name in ("pipedrive", "salesforce", "planning")
    }


# Parsing renders no macro that only an incremental run calls.
WINDOW = ("run-operation", "rewrite_window_start")


@pytest.fixture(scope="module")
def parsed_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedDbt]:
    project = copy_definitions(tmp_path_factory.mktemp("vars") / "project")
    with ForkedDbt(project, {}) as dbt:
        yield dbt


@pytest.mark.xdist_group("vars")
@pytest.mark.parametrize(
    ("variables", "command", "words"),
    [
        ("{source_dt: tomorrow}", WINDOW, "expected a date written YYYY-MM-DD"),
        ("{source_dt: '2024-13-01'}", WINDOW, "2024-13-01"),
        ("{backfill_period: 0}", WINDOW, "expected a whole number from 1 to 36500"),
        ("{backfill_period: three}", WINDOW, "expected a whole number from 1 to 36500"),
        ("{months: -1}", WINDOW, "expected a whole number from 0 to 1200"),
        (
            "{push_reason_column: 'a b'}",
            ("compile", "--select", "stg_salesforce__opportunities"),
            "expected the name of a column",
        ),
        (
            "{fiscal_year_start_month: 13}",
            ("compile", "--select", "time_spine_daily"),
            "expected a whole number from 1 to 12",
        ),
        (
            "{bottleneck_days: -1}",
            ("compile", "--select", "fct_stage_entries"),
            "expected a whole number from 0 to 36500",
        ),
        (
            "{fewest_closed_for_stage_win_rate: 0}",
            ("compile", "--select", "fct_opportunities"),
            "expected a whole number from 1 to 100000",
        ),
    ],
)
def test_a_var_that_cannot_be(
    variables: str, command: tuple[str, ...], words: str, parsed_once: ForkedDbt
) -> None:
    exit_code, printed = parsed_once.attempt(*command, "--vars", variables)
    assert exit_code != 0
    assert words in printed
    assert "Traceback" not in printed


def test_parsing_refuses_a_var_that_cannot_be(tmp_path: Path) -> None:
    project = copy_definitions(tmp_path / "project")
    refused = _dbt(project, "parse", "--vars", "{fewest_closed_for_stage_win_rate: 0}")
    assert refused.returncode != 0
    assert "expected a whole number from 1 to 100000" in refused.stdout
    assert "Traceback" not in refused.stdout


@pytest.mark.xdist_group("vars")
def test_freshness_leaves_out_a_crm_that_is_not_used(parsed_once: ForkedDbt) -> None:
    # Nothing was loaded at all; on PostgreSQL as here, what is not there is no error.
    exit_code, printed = parsed_once.attempt("source", "freshness", "--no-populate-cache")
    assert exit_code == 0, printed
    assert "raw_salesforce.opportunity is not there, and is left out" in printed
    assert "ERROR" not in printed
