"""Today's Cube without its server: its compiler and planner of SQL, over PostgreSQL."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from clients.environments import HERE
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject


@dataclass(frozen=True)
class CompiledCube:
    """Answers as a server of the same data model would.

    Attributes:
        known: The measures that it has, by name, as its `/meta` describes them.
        connection: The warehouse.
        questions: Takes queries.
        plans: Gives their SQL.
    """

    known: dict[str, dict[str, Any]]
    connection: psycopg.Connection[Any]
    questions: IO[str]
    plans: IO[str]

    def measures(self) -> set[str]:
        return set(self.known)

    def rows(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        self.questions.write(f"{json.dumps(query)}\n")
        self.questions.flush()
        plan = json.loads(self.plans.readline())
        if "error" in plan:
            raise MetricsStoreError("Cube does not plan it", where=plan["error"])
        names = _names(query, plan["members"])
        with self.connection.cursor() as cursor:
            # Values have numbers in Cube's SQL, and this cursor wants them so.
            cursor.execute(plan["sql"].encode(), plan["values"])
            columns = [names[one.name] for one in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor]


def _names(query: dict[str, Any], members: dict[str, str]) -> dict[str, str]:
    """Give each column's name in the answers of Cube's API."""
    grains = {one["dimension"]: one.get("granularity") for one in query["timeDimensions"]}
    found = {}
    for column, member in members.items():
        grain = grains.get(member)
        found[column] = f"{member}.{grain}" if grain and column.endswith(f"_{grain}") else member
    return found


@contextmanager
def compiled_cube(packages: Path, model: Path, project: SmallProject) -> Iterator[CompiledCube]:
    """Compile a data model by Cube's own compiler."""
    environment = project.environment
    process = subprocess.Popen(
        ["node", HERE / "compile_cube.cjs", packages, model],  # noqa: S607 - found before
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        compiled = json.loads(process.stdout.readline())
        assert "error" not in compiled, compiled
        with psycopg.connect(
            host=environment["METRICS_STORE_DEV_HOST"],
            port=environment["METRICS_STORE_DEV_PORT"],
            user=environment["METRICS_STORE_DEV_USER"],
            dbname=environment["METRICS_STORE_DEV_DATABASE"],
            cursor_factory=psycopg.RawCursor,
            autocommit=True,
        ) as connection:
            connection.execute(sql.SQL("set time zone 'UTC'").as_string())
            known = {one["name"]: one for one in compiled["measures"]}
            yield CompiledCube(known, connection, process.stdin, process.stdout)
    finally:
        process.stdin.close()
        process.wait(30)
