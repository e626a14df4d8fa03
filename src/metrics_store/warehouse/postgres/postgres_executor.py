"""The executor for PostgreSQL: in transactions that can write nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from metrics_store.errors import LimitExceededError, UnavailableError
from metrics_store.warehouse.answer_types import exact_numbers, in_store_types, plain_value
from metrics_store.warehouse.postgres.long_names import fit_names
from metrics_store.warehouse.postgres.postgres_connection import (
    connection_parameters,
    prepare_session,
)
from metrics_store.warehouse.statement import (
    Interruption,
    Statement,
    first_line,
    rejected_statement,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.project.profile import Target

_CONNECTIONS = 8
_CHUNK_ROWS = 1000
_PATIENCE_SECONDS = 6
# Classes of errors, by PostgreSQL's codes: no room, and its own machine failing it.
_NO_ROOM = ("53", "58")
# Too many connections is another thing: it passes.
_TOO_MANY = "53300"
# PostgreSQL's own type numbers that need no look at the values.
_TYPES = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int32(),
    23: pa.int32(),
    25: pa.string(),
    700: pa.float32(),
    701: pa.float64(),
    1042: pa.string(),
    1043: pa.string(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", "UTC"),
}
_NUMERIC = 1700


class PostgresExecutor:
    """A pool of connections to one database; lost connections are made anew."""

    def __init__(self, target: Target, connections: int = _CONNECTIONS) -> None:
        self._target = target
        self._pool: ConnectionPool[psycopg.Connection] = ConnectionPool(
            kwargs=connection_parameters(target),
            min_size=0,
            max_size=connections,
            configure=self._configure,
            check=ConnectionPool.check_connection,
            # Long enough for a server that starts anew, short enough to say that there is none.
            timeout=_PATIENCE_SECONDS,
            reconnect_timeout=5,
            open=True,
        )

    def _configure(self, connection: psycopg.Connection) -> None:
        prepare_session(connection, self._target)
        connection.read_only = True

    def read(self, statement: Statement) -> pa.Table:
        """Give the rows of a statement, under names however long; see `Executor`."""
        sql, whole_names = fit_names(statement.sql)
        try:
            with self._pool.connection() as connection:
                table = _read(connection, dataclasses.replace(statement, sql=sql))
        except (PoolTimeout, TooManyRequests, psycopg.OperationalError) as error:
            code = getattr(error, "sqlstate", None) or ""
            if code.startswith(_NO_ROOM) and code != _TOO_MANY:
                raise UnavailableError(
                    "the warehouse has no room to answer", detail=first_line(error)
                ) from None
            raise UnavailableError(
                "the warehouse cannot be reached",
                remedy="check that the server runs",
                detail=first_line(error),
            ) from None
        except psycopg.Error as error:
            raise rejected_statement(
                error, missing=isinstance(error, psycopg.errors.UndefinedTable)
            ) from None
        names = [whole_names.get(name, name) for name in table.column_names]
        return in_store_types(table.rename_columns(names))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _read(connection: psycopg.Connection, statement: Statement) -> pa.Table:
    def interrupt() -> None:
        # A server that has gone works on nothing, and says so to whoever reads from it.
        with contextlib.suppress(psycopg.Error):
            connection.cancel_safe(timeout=2)

    with Interruption(statement, interrupt) as interruption, connection.cursor() as cursor:
        try:
            return _streamed(cursor, statement, interruption)
        except psycopg.errors.QueryCanceled:
            raise interruption.reason() or _too_slow(statement) from None


def _streamed(cursor: psycopg.Cursor, statement: Statement, interruption: Interruption) -> pa.Table:
    milliseconds = int(statement.limits.seconds * 1000)
    # Should this process die, the server still ends the statement.
    cursor.execute("select set_config('statement_timeout', %s, true)", [str(milliseconds)])
    rows: list[tuple[Any, ...]] = []
    size = 0
    stream = cursor.stream(statement.labelled.encode(), size=_CHUNK_ROWS)
    while chunk := list(itertools.islice(stream, _CHUNK_ROWS)):
        # What a row weighs, from the first of a chunk.
        size += sum(map(sys.getsizeof, chunk[0])) * len(chunk)
        rows += chunk
        interruption.check(len(rows), size)
    if not rows:
        # A stream of no rows does not say its columns.
        described = f"select * from ({statement.sql}) as nothing limit 0"  # noqa: S608 - ours
        cursor.execute(described.encode())
    return _table(cursor.description or (), rows)


def _table(description: Sequence[psycopg.Column], rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(description)
    return pa.Table.from_arrays(
        [
            _array(column.type_code, values)
            for column, values in zip(description, columns, strict=True)
        ],
        names=[column.name for column in description],
    )


def _array(type_code: int, values: Sequence[Any]) -> pa.Array:
    if type_code == _NUMERIC:
        return exact_numbers(values)
    if type_code in _TYPES:
        return pa.array(values, _TYPES[type_code])
    return pa.array([plain_value(value) for value in values])


def _too_slow(statement: Statement) -> LimitExceededError:
    return LimitExceededError(f"the answer takes longer than {statement.limits.seconds:g} seconds")
