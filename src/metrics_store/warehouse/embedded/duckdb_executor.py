"""The executor for DuckDB: read only, without access to other files."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from metrics_store.errors import LimitExceededError, UnavailableError
from metrics_store.warehouse.answer_types import in_store_types
from metrics_store.warehouse.embedded.damage import damaged, is_damage
from metrics_store.warehouse.statement import (
    Interruption,
    Statement,
    first_line,
    rejected_statement,
)

if TYPE_CHECKING:
    from pathlib import Path

_BATCH_ROWS = 16_384


@dataclass(frozen=True)
class Resources:
    """What all statements on one warehouse may use together.

    Attributes:
        memory: Such as `2GB`; beyond it rows go to disk.
        disk: What may lie on disk, such as `8GB`.
        threads: How many threads work; DuckDB's own number where none is given.
        connections: How many connections to PostgreSQL there may be.
    """

    memory: str = "2GB"
    disk: str = "8GB"
    threads: int | None = None
    connections: int = 8


def connect_read_only(
    database: Path, resources: Resources | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file so that nothing can be written, no other file read, and nothing unlocked.

    Raises:
        UnavailableError: The file is not there, is held by a writer, or is no DuckDB file.
    """
    resources = resources or Resources()
    config: dict[str, Any] = {
        "memory_limit": resources.memory,
        "max_temp_directory_size": resources.disk,
        "temp_directory": f"{_temporary_directory()}/metrics-store-duckdb",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        # A name in SQL never means a variable of this process.
        "python_enable_replacements": False,
    }
    if resources.threads is not None:
        config["threads"] = resources.threads
    try:
        connection = _attached(database, config)
    except duckdb.Error as error:
        raise _closed(database, error) from None
    try:
        connection.execute("set global TimeZone = 'UTC'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        connection.execute(_use(connection))
    except duckdb.Error as error:
        connection.close()
        raise _closed(database, error) from None
    return connection


def _attached(database: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Attach a file to a database of our own, so that it may be open elsewhere in this process."""
    if database.name.partition(".")[0] == "memory":
        # That is the name of a database of our own.
        return duckdb.connect(str(database), read_only=True, config=config)
    connection = duckdb.connect(config=config)
    quoted = str(database).replace("'", "''")
    try:
        connection.execute(f"attach '{quoted}' (type duckdb, read_only)")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _closed(database: Path, error: duckdb.Error) -> UnavailableError:
    if is_damage(error):
        return damaged(database, error)
    return UnavailableError(
        "the warehouse cannot be opened",
        where=str(database),
        remedy="close the program that writes to it, or run `metrics build`",
        detail=first_line(error),
    )


def _use(connection: duckdb.DuckDBPyConnection) -> str:
    """Give the statement that makes the attached database the one of a cursor."""
    found = connection.execute(
        "select database_name from duckdb_databases() where not internal and path is not null"
    ).fetchone()
    assert found is not None  # noqa: S101 - it was attached
    name = str(found[0]).replace('"', '""')
    return f'use "{name}"'


def _temporary_directory() -> str:
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        # None has room now, which is no reason not to read; there may be some later.
        return os.environ.get("TMPDIR", os.curdir)


class DuckdbExecutor:
    """Any number of statements at once on one DuckDB file, pinned to it as it was opened."""

    def __init__(self, database: Path, resources: Resources | None = None) -> None:
        self._database = database
        self._connection = connect_read_only(database, resources)
        self._use = _use(self._connection)

    def read(self, statement: Statement) -> pa.Table:
        """Give the rows of a statement; see `Executor`."""
        with (
            contextlib.closing(self._connection.cursor()) as cursor,
            Interruption(statement, cursor.interrupt) as interruption,
        ):
            try:
                cursor.execute(self._use)
                return in_store_types(_limited(cursor, statement, interruption))
            except duckdb.OutOfMemoryException as error:
                # What memory has no room for goes to disk, as far as there is room.
                on_disk = "offload" in first_line(error)
                raise LimitExceededError(
                    "the answer needs more memory than it may use"
                    + (", and there is no room on the disk for the rest" if on_disk else ""),
                    remedy="ask for a shorter time, a coarser grain or fewer dimensions",
                ) from None
            except duckdb.IOException as error:
                if is_damage(error):
                    raise damaged(self._database, error) from None
                # Nothing is ever written but rows that memory has no room for.
                writes = "write" in first_line(error)
                raise UnavailableError(
                    "there is no room on the disk for what the answer is made of"
                    if writes
                    else "the warehouse cannot be read",
                    detail=first_line(error),
                ) from None
            except (duckdb.Error, pa.ArrowException) as error:
                if is_damage(error):
                    raise damaged(self._database, error) from None
                raise interruption.reason() or rejected_statement(
                    error, missing=isinstance(error, duckdb.CatalogException)
                ) from None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _limited(
    cursor: duckdb.DuckDBPyConnection, statement: Statement, interruption: Interruption
) -> pa.Table:
    reader = cursor.sql(statement.labelled).to_arrow_reader(_BATCH_ROWS)
    batches = []
    rows = size = 0
    for batch in reader:
        rows += batch.num_rows
        size += batch.nbytes
        interruption.check(rows, size)
        batches.append(batch)
    return pa.Table.from_batches(batches, schema=reader.schema)
