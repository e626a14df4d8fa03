"""Write checked tables into PostgreSQL, in one transaction."""

from __future__ import annotations

import contextlib
from io import BytesIO
from typing import TYPE_CHECKING

import psycopg
import pyarrow.csv
from psycopg import sql

from metrics_store.errors import MetricsStoreError
from metrics_store.load.staging.staged_view import value, view_name
from metrics_store.warehouse.postgres.postgres_connection import connect, exclusive_writer
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase
    from metrics_store.project.profile import Target

_BATCH_ROWS = 50_000
_LOCK_TIMEOUT = "60s"
# NULL is an empty field without quotes; every value is quoted.
_CSV = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")

_COLUMNS = """
select attname, format_type(atttypid, atttypmod)
from pg_attribute
where attrelid = %s and attnum > 0 and not attisdropped
"""
_RELATION = """
select pg_class.oid, relkind::text
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where nspname = %s and relname = %s
"""
_COMMENT = """
select obj_description(pg_class.oid, 'pg_class')
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where nspname = %s and relname = %s
"""
_KIND_OF_TABLE = ("r", "p")


def _identifier(staged: StagedTable) -> sql.Identifier:
    return sql.Identifier(staged.table.schema, staged.table.identifier)


def _definition(name: str, data_type: str) -> sql.Composed:
    return sql.Identifier(name) + sql.SQL(" ") + sql.SQL(data_type)


def _create_schema(schema: str, connection: psycopg.Connection) -> None:
    # Asked first, because `if not exists` needs the right to create it even where it exists.
    if not connection.execute("select 1 from pg_namespace where nspname = %s", [schema]).fetchone():
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))


def _other_type(staged: StagedTable, name: str, has: str, needs: str) -> MetricsStoreError:
    table = f"{staged.table.schema}.{staged.table.identifier}"
    return MetricsStoreError(
        f"the column {name} of the table {table} has the type {has}",
        where=f"{table} in the warehouse; nothing was loaded",
        expected=f"{needs}, as the contract says",
        remedy=f"alter the column, or drop {table} and what hangs on it, and load again",
    )


def _prepare_table(staged: StagedTable, connection: psycopg.Connection) -> None:
    """Create the table, or add the columns that are new to it."""
    columns = {matched.column.name: matched.column.data_type for matched in staged.columns}
    names = [staged.table.schema, staged.table.identifier]
    relation = connection.execute(_RELATION, names).fetchone()
    if relation is None:
        definitions = [_definition(name, kind.postgres) for name, kind in columns.items()]
        statement = sql.SQL("create table {} ({})")
        connection.execute(statement.format(_identifier(staged), sql.SQL(", ").join(definitions)))
        return
    if relation[1] not in _KIND_OF_TABLE:
        raise MetricsStoreError(
            f"{'.'.join(names)} in the warehouse is not a table", expected="a table, or nothing"
        )
    existing: dict[str, str] = dict(connection.execute(_COLUMNS, [relation[0]]).fetchall())
    for name, kind in columns.items():
        if name not in existing:
            statement = sql.SQL("alter table {} add column {}")
            connection.execute(
                statement.format(_identifier(staged), _definition(name, kind.postgres))
            )
        elif existing[name] != kind.postgres:
            raise _other_type(staged, name, existing[name], kind.postgres)


def _copy_rows(
    staged: StagedTable, staging: StagingDatabase, connection: psycopg.Connection
) -> None:
    """Stream the rows as CSV; a batch at a time is in memory."""
    names = [sql.Identifier(matched.column.name) for matched in staged.columns]
    statement = sql.SQL("copy {} ({}) from stdin with (format csv)").format(
        _identifier(staged), sql.SQL(", ").join(names)
    )
    texts = ", ".join(
        f"cast({value(number)} as varchar) as {value(number)}"
        for number in range(len(staged.columns))
    )
    relation = staging.connection.sql(
        f"select {texts} from {view_name(staged)}"  # noqa: S608 - names are our own
    )
    batches = relation.to_arrow_reader(_BATCH_ROWS) or ()
    done = 0
    with (
        working(f"writing {staged.table.name}") as status,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for batch in batches:
            buffer = BytesIO()
            pyarrow.csv.write_csv(batch, buffer, _CSV)
            copy.write(buffer.getbuffer())
            done += batch.num_rows
            status.update(f"writing {staged.table.name}: {done:,} of {staged.rows:,} rows")


def _replace_rows(
    staged: StagedTable, staging: StagingDatabase, connection: psycopg.Connection
) -> None:
    """Swap the rows, not the table: views hang on it, and readers go on meanwhile."""
    table = _identifier(staged)
    # Readers pass this lock; another load waits, else its rows would double these.
    connection.execute(sql.SQL("lock table {} in share row exclusive mode").format(table))
    connection.execute(sql.SQL("delete from {}").format(table))
    _copy_rows(staged, staging, connection)
    connection.execute(sql.SQL("analyze {}").format(table))


def _comment(staged: StagedTable, origin: str, connection: psycopg.Connection) -> None:
    """Say where the rows of a table come from; what was said of others goes."""
    names = [staged.table.schema, staged.table.identifier]
    said = connection.execute(_COMMENT, names).fetchone()
    if said == (origin or None,):
        return
    statement = sql.SQL("comment on table {} is {}")
    text = sql.Literal(origin) if origin else sql.NULL
    # Only its owner may, and who may write its rows may load them all the same.
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(statement.format(_identifier(staged), text))


def write_to_postgres(
    tables: Sequence[StagedTable], staging: StagingDatabase, target: Target, origin: str = ""
) -> None:
    """Replace the rows of all tables at once; views on the tables stay.

    Args:
        tables: Checked tables.
        staging: The database they are staged in.
        target: A target of type postgres.
        origin: Where the rows come from, for the tables' comments; empty where that is not said.

    Raises:
        MetricsStoreError: A table has other types, or the database refuses; it is as it was.
    """
    try:
        with exclusive_writer(target), connect(target) as connection, connection.transaction():
            connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
            for staged in tables:
                _create_schema(staged.table.schema, connection)
                _prepare_table(staged, connection)
            for staged in tables:
                _replace_rows(staged, staging, connection)
                _comment(staged, origin, connection)
    except psycopg.Error as error:
        raise MetricsStoreError(
            f"the database refused the load; it is as it was: {str(error).strip()}",
            where=f"target {target.name}",
            remedy="mend what the database names and load again",
        ) from None
