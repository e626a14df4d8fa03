"""The bikes on DuckDB and on PostgreSQL, and who judges the answers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from projects import connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.client.connection import Connection
    from projects import SmallProject

JUDGE = Path(__file__).parent / "judge.sql"


@pytest.fixture(scope="session")
def stores(bikes: SmallProject) -> Iterator[dict[str, Connection]]:
    """Give the metrics on each engine, by the engine's name."""
    yield from connections(bikes)


@pytest.fixture(params=["duckdb", "postgres"])
def store(request: pytest.FixtureRequest, stores: dict[str, Connection]) -> Connection:
    """Give the metrics on each engine."""
    return stores[request.param]


@pytest.fixture(scope="session")
def judge(
    bikes: SmallProject, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """Give a DuckDB that runs check queries on a copy of the tables."""
    copy = tmp_path_factory.mktemp("judge") / "bikes.duckdb"
    shutil.copyfile(bikes.directory / "warehouse" / "bikes.duckdb", copy)
    connection = duckdb.connect()
    connection.execute(f"attach '{copy}' as bikes (read_only)")
    connection.execute(JUDGE.read_text(encoding="utf-8"))
    return connection
