"""The real exports load with the project's own contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from psycopg import sql

from definitions.warehouses import parse_definitions
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.loader import load_directory
from metrics_store.project.artifacts import read_manifest
from metrics_store.project.profile import Target
from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source

EXPECTED = {
    ("pipedrive", "pipedrive"): {
        "activity": 4579,
        "activity_types": 4,
        "deal_changes": 15406,
        "fields": 4,
        "stages": 9,
        "users": 1787,
    },
    ("salesforce", "salesforce_export"): {
        "account": 13,
        "opportunity": 31,
        "opportunity_field_history": 0,
        "opportunity_history": 62,
        "user": 8,
        "user_role": 18,
    },
}


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Source]:
    """Give a function that gives a source's contract by its name."""
    manifest = read_manifest(parse_definitions(tmp_path_factory))
    return lambda name: read_source(manifest, name)


@pytest.mark.parametrize(("source", "folder"), EXPECTED)
def test_the_real_exports_load(
    source: str,
    folder: str,
    contract: Callable[[str], Source],
    real_data: Path,
    tmp_path: Path,
) -> None:
    target = Target(tmp_path, "duckdb", {"type": "duckdb", "path": "warehouse.duckdb"})
    loaded = load_directory(contract(source), real_data / folder, target)
    rows = {table.relation.partition(".")[2]: table.rows for table in loaded}
    # Tables that may be missing are there without rows.
    assert {name: count for name, count in rows.items() if count} == {
        name: count for name, count in EXPECTED[source, folder].items() if count
    }
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        for table, expected in EXPECTED[source, folder].items():
            counted = connection.execute(f'select count(*) from raw_{source}."{table}"').fetchone()
            assert counted == (expected,)


@pytest.mark.parametrize(("source", "folder"), EXPECTED)
def test_the_real_exports_load_into_postgres(
    source: str,
    folder: str,
    contract: Callable[[str], Source],
    real_data: Path,
    postgres_target: Target,
) -> None:
    load_directory(contract(source), real_data / folder, postgres_target)
    with connect(postgres_target) as connection:
        for table, expected in EXPECTED[source, folder].items():
            name = sql.Identifier(f"raw_{source}", table)
            counted = connection.execute(sql.SQL("select count(*) from {}").format(name))
            assert counted.fetchone() == (expected,)


def test_ids_of_zeros_stay_as_they_are(
    contract: Callable[[str], Source], real_data: Path, tmp_path: Path
) -> None:
    target = Target(tmp_path, "duckdb", {"type": "duckdb", "path": "warehouse.duckdb"})
    load_directory(contract("salesforce"), real_data / "salesforce_export", target)
    with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
        parents = connection.execute("select distinct parent_id from raw_salesforce.account")
        assert parents.fetchall() == [("000000000000000AAA",)]
