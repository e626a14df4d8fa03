"""The truth file against a recount of the raw rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from demo.conftest import ignore
from demo.recount import recount
from demo.recount_planning import read_planning, recount_planning
from demo.recount_salesforce import read_salesforce, recount_salesforce
from metrics_store.demo.demo_data import generate
from oracle.reading import Raw, read_parquet_directory

if TYPE_CHECKING:
    from pathlib import Path


def test_truth_says_what_the_rows_hold(raw: Raw, truth: dict[str, Any]) -> None:
    assert truth["pipedrive"]["planted"] == recount(raw)


def test_truth_says_what_the_salesforce_rows_hold(salesforce: Raw, truth: dict[str, Any]) -> None:
    assert truth["salesforce"]["planted"] == recount_salesforce(salesforce)


def test_truth_says_what_the_plans_hold(
    planning: Raw, salesforce: Raw, truth: dict[str, Any]
) -> None:
    assert truth["planning"]["planted"] == recount_planning(planning, salesforce)


def test_truth_counts_rows_and_names_its_run(
    raw: Raw, salesforce: Raw, planning: Raw, truth: dict[str, Any]
) -> None:
    for source, tables in (("pipedrive", raw), ("salesforce", salesforce), ("planning", planning)):
        assert truth[source]["rows"] == {table: len(rows) for table, rows in tables.items()}
    assert (truth["seed"], truth["scale"], truth["last_day"]) == (7, 1.0, "2024-12-31")


@pytest.mark.parametrize("source", ["pipedrive", "salesforce", "planning"])
def test_every_trap_is_planted_and_explained(truth: dict[str, Any], source: str) -> None:
    planted = truth[source]["planted"]
    assert not [name for name, count in planted.items() if count == 0]
    assert set(planted) == set(truth[source]["meanings"])


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "seed"), [(0.0005, 1), (0.1, 2), (1.05, 3)])
def test_truth_holds_at_other_scales_and_seeds(tmp_path: Path, scale: float, seed: int) -> None:
    sources = generate(tmp_path, scale, seed, ignore)
    salesforce = read_salesforce(tmp_path / "salesforce")
    found = {
        "pipedrive": recount(read_parquet_directory(tmp_path / "pipedrive")),
        "salesforce": recount_salesforce(salesforce),
        "planning": recount_planning(read_planning(tmp_path / "planning"), salesforce),
    }
    for name, source in sources.items():
        assert {trap: source.planted[trap] for trap in source.meanings} == {
            trap: found[name].get(trap, 0) for trap in source.meanings
        }
