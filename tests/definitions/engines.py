"""The project's warehouse on each engine, open to be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

Execute = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def _duckdb(project: BuiltProject) -> Iterator[Execute]:
    path = project.project / "warehouse" / "sales_pipeline.duckdb"
    with duckdb.connect(str(path)) as connection:
        yield lambda statement: connection.execute(statement).fetchall()


@contextmanager
def _postgres(project: BuiltProject) -> Iterator[Execute]:
    variables = project.environment
    with psycopg.connect(
        host=variables["METRICS_STORE_DEV_HOST"],
        port=variables["METRICS_STORE_DEV_PORT"],
        user=variables["METRICS_STORE_DEV_USER"],
        dbname=variables["METRICS_STORE_DEV_DATABASE"],
    ) as connection:

        def execute(statement: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

        yield execute


# Of each engine the target, what schemas begin with, and a connection.
ENGINES = {"duckdb": ("duckdb", "", _duckdb), "postgres": ("dev", "dev_", _postgres)}
