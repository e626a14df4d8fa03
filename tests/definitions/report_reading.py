"""Read the reports as their readers do: SQL in the reports' schema, on either engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from metrics_store.warehouse.postgres import connect

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

Row = dict[str, Any]


def rows_of(project: BuiltProject, engine: str, statement: str) -> list[Row]:
    """Run a statement as it stands and give its rows by the names of their columns."""
    target = project.targets[engine]
    if engine == "duckdb":
        with duckdb.connect(str(target.duckdb_path), read_only=True) as connection:
            connection.execute("set search_path = 'reports'")
            cursor = connection.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    with connect(target) as server:
        server.execute(b"set search_path to dev_reports")
        answer = server.execute(statement.encode())
        names = [column.name for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
