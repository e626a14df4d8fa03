"""Small worlds of random rows for the definitions of a built project, loaded into both engines."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
from metricflow_semantic_interfaces.type_enums import EntityType
from psycopg import sql

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

Rows = list[tuple[Any, ...]]

_TYPES = {"DOUBLE": "double precision", "VARCHAR": "text", "HUGEINT": "numeric"}
# How many rows a table may have: few, for thin groups and empty periods, or enough for ties.
_COUNTS = (0, 1, 4, 12, 30, 60)


@dataclass(frozen=True)
class Table:
    """A table of a project, as it was built.

    Attributes:
        name: Its name.
        columns: Column -> type of DuckDB.
        rows: Its rows.
        key: The column that tells rows apart; none where there is none.
        is_kept: Whether it stays as it is in every world: a time spine, or times of validity.
    """

    name: str
    columns: dict[str, str]
    rows: Rows
    key: str | None
    is_kept: bool

    def in_a_world(self, choose: random.Random) -> Rows:
        """Give rows of values that it has, put together anew, with ties and without values."""
        if self.is_kept:
            return self.rows
        pools = [self._pool(place, choose) for place in range(len(self.columns))]
        names = list(self.columns)
        if self.key is None:
            count = choose.choice(_COUNTS)
            keys: list[Any] = [None] * count
        else:
            known = sorted({row[names.index(self.key)] for row in self.rows})
            # Some of the keys that others point at are missing.
            keys = choose.sample(known, min(len(known), choose.choice(_COUNTS[1:])))
        return [
            tuple(
                key if name == self.key else choose.choice(pool)
                for name, pool in zip(names, pools, strict=True)
            )
            for key in keys
        ]

    def _pool(self, place: int, choose: random.Random) -> list[Any]:
        values = sorted({row[place] for row in self.rows if row[place] is not None}, key=repr)
        if len(values) > 8 and choose.random() < 0.7:
            # Neighbours, so that several rows fall on one day and one key.
            width = choose.randint(2, 40)
            first = choose.randrange(len(values))
            values = values[first : first + width]
        if choose.random() < 0.5:
            values = values + [None] * max(1, len(values) // 6)
        return values or [None]


@dataclass(frozen=True)
class World:
    """All rows of a project.

    Attributes:
        catalogue: The name of the database.
        tables: The tables with their rows.
    """

    catalogue: str
    tables: list[tuple[Table, Rows]]

    def in_duckdb(self) -> duckdb.DuckDBPyConnection:
        """Give a database in memory with these rows."""
        connection = duckdb.connect(config={"threads": 1})
        connection.execute(f"attach ':memory:' as {self.catalogue}")
        connection.execute(f"use {self.catalogue}")
        connection.execute("set TimeZone = 'UTC'")
        for table, rows in self.tables:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns.items())
            connection.execute(f"create table main.{table.name} ({columns})")
            if rows:
                marks = ", ".join("?" * len(table.columns))
                connection.executemany(f"insert into main.{table.name} values ({marks})", rows)
        return connection

    def in_postgres(self, connection: psycopg.Connection[Any]) -> None:
        """Put these rows in the place of those that a database of the catalogue's name has."""
        connection.execute("drop schema if exists main cascade")
        connection.execute("create schema main")
        for table, rows in self.tables:
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(_TYPES.get(kind, kind)))
                for name, kind in table.columns.items()
            )
            name = sql.Identifier("main", table.name)
            connection.execute(sql.SQL("create table {} ({})").format(name, columns))
            with connection.cursor().copy(sql.SQL("copy {} from stdin").format(name)) as copy:
                for row in rows:
                    copy.write_row(row)


def read_tables(database: Path, manifest: PydanticSemanticManifest) -> list[Table]:
    """Read the tables that definitions are about from the file that was built of them."""
    keys: dict[str, str] = {}
    kept = {spine.node_relation.alias for spine in manifest.project_configuration.time_spines}
    names = set(kept)
    for model in manifest.semantic_models:
        name = model.node_relation.alias
        names.add(name)
        if any(one.type is EntityType.NATURAL for one in model.entities):
            kept.add(name)
        for entity in model.entities:
            if entity.type in (EntityType.PRIMARY, EntityType.UNIQUE):
                keys[name] = entity.expr or entity.name
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            Table(
                name,
                {
                    row[0]: row[1]
                    for row in connection.execute(
                        "select column_name, data_type from duckdb_columns() "
                        "where schema_name = 'main' and table_name = ? order by column_index",
                        [name],
                    ).fetchall()
                },
                sorted(connection.execute(f"from main.{name}").fetchall(), key=repr),
                keys.get(name),
                name in kept,
            )
            for name in sorted(names)
        ]


def make_world(catalogue: str, tables: list[Table], seed: int) -> World:
    """Make the world of a seed; that of 0 has the rows as they were built."""
    choose = random.Random(f"world {catalogue} {seed}")
    return World(
        catalogue,
        [(one, one.rows if seed == 0 else one.in_a_world(choose)) for one in tables],
    )


def days_of(tables: list[Table]) -> list[dt.date]:
    """Give some days that the rows are about."""
    found = {
        value.date() if isinstance(value, dt.datetime) else value
        for table in tables
        if not table.is_kept
        for row in table.rows
        for value in row
        if isinstance(value, dt.date)
    }
    return sorted(found)
