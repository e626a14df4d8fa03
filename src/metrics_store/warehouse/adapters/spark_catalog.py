"""What Spark has of schemas, tables and views, and how a build changes it."""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.adapters.adapter_connections import AdapterConnections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target


class SparkCatalog:
    """The catalog of a target, over the connection of its dbt adapter.

    Args:
        target: Where the warehouse is.
    """

    def __init__(self, target: Target) -> None:
        self._connections = AdapterConnections(target)
        self._where = f"target {target.name}"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep one connection open for the block.

        Raises:
            UnavailableError: Spark cannot be reached.
        """
        with self._connections.opened("catalog"):
            yield

    def create_schema(self, schema: str) -> None:
        """Make a schema where there is none."""
        self._run(f"create schema if not exists {_quoted(schema)}")

    def tables(self, schema: str) -> set[str]:
        """Give the names of all tables of a schema, its views left out; none without it."""
        if not self._has(schema):
            return set()
        named = {row[1] for row in self._run(f"show tables in {_quoted(schema)}")}
        return named - self.views(schema)

    def views(self, schema: str) -> set[str]:
        """Give the names of all views of a schema; none without it."""
        if not self._has(schema):
            return set()
        return {row[1] for row in self._run(f"show views in {_quoted(schema)}")}

    def share_files(self, old: tuple[str, str], new: tuple[str, str]) -> None:
        """Make a table of the files of another; they stay when it is dropped."""
        location = self._described(*old)["Location"]
        self._run(f"create table {_name(*new)} like {_name(*old)} location {_literal(location)}")

    def owns_files(self, schema: str, name: str) -> bool:
        """Whether the files of a table go with it."""
        return self._described(schema, name)["Type"] == "MANAGED"

    def location(self, schema: str, name: str) -> str:
        """Give the directory of a table's files; empty where there is no such table."""
        if name not in self.tables(schema):
            return ""
        return self._described(schema, name).get("Location", "").removeprefix("file:")

    def create_table_of(self, schema: str, name: str, files: Path, comment: str) -> None:
        """Make a table of a directory of Parquet files, in the place of one of its name.

        Files of tables that were made so stay when these go.
        """
        self.create_schema(schema)
        self.drop(schema, name, is_view=False)
        said = f" comment {_literal(comment)}" if comment else ""
        made = f"create table {_name(schema, name)} using parquet"
        self._run(f"{made} location {_literal(str(files))}{said}")

    def view_text(self, schema: str, name: str) -> str:
        """Give the SELECT of a view."""
        return self._described(schema, name)["View Text"]

    def replace_view(self, schema: str, name: str, text: str) -> None:
        """Make a view, in the place of one of its name."""
        self._run(f"create or replace view {_name(schema, name)} as {text}")

    def drop(self, schema: str, name: str, *, is_view: bool) -> None:
        """Drop a table or view."""
        self._run(f"drop {'view' if is_view else 'table'} if exists {_name(schema, name)}")

    def drop_schema(self, schema: str) -> None:
        """Drop a schema with nothing in it."""
        self._run(f"drop schema if exists {_quoted(schema)}")

    def _has(self, schema: str) -> bool:
        return (schema,) in {(row[0],) for row in self._run("show schemas")}

    def _described(self, schema: str, name: str) -> dict[str, str]:
        rows = self._run(f"describe extended {_name(schema, name)}")
        return {str(row[0]): str(row[1]) for row in rows}

    def _run(self, sql: str) -> list[Any]:
        try:
            _, cursor = self._connections.manager.add_query(sql, auto_begin=False)
            with contextlib.closing(cursor):
                return list(cursor.fetchall() or ())
        except Exception as error:  # noqa: BLE001 - drivers have no error in common
            said = str(getattr(error, "msg", error)).strip()
            raise MetricsStoreError(
                "Spark rejects what a build needs", where=self._where, detail=said
            ) from None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _name(schema: str, name: str) -> str:
    return f"{_quoted(schema)}.{_quoted(name)}"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
