"""Connections that run SQL of any origin alike, with a limit of time."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import psycopg

from metrics_store.warehouse.embedded.duckdb_executor import connect_read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from metrics_store.warehouse.embedded.duckdb_executor import Resources


class NoAnswerError(Exception):
    """A statement took longer than it may, or more memory than there is."""


class SqlRunner(Protocol):
    """Runs statements.

    Attributes:
        clock: What seconds are counted by.
    """

    clock: Callable[[], float]

    def seconds(self, sql: str) -> float:
        """Run a statement and fetch all of it; give the seconds it took.

        Raises:
            NoAnswerError: It took too much.
        """

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the rows of a statement.

        Raises:
            NoAnswerError: It took too much.
        """


class DuckdbRunner:
    """Runs statements on a DuckDB file, opened as the engine opens it."""

    def __init__(
        self,
        database: Path,
        resources: Resources,
        limit: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._connection = connect_read_only(database, resources)
        self._limit = limit
        self.clock = clock

    def seconds(self, sql: str) -> float:
        """Run a statement and fetch all of it; see `SqlRunner`."""
        with self._limited():
            began = self.clock()
            self._connection.sql(sql).to_arrow_table()
            return self.clock() - began

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the rows of a statement; see `SqlRunner`."""
        with self._limited():
            return self._connection.execute(sql).fetchall()

    @contextmanager
    def _limited(self) -> Iterator[None]:
        over = threading.Event()
        ends = self.clock() + self._limit

        def watch() -> None:
            while not over.wait(0.1):
                if self.clock() > ends:
                    self._connection.interrupt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        except duckdb.InterruptException:
            raise NoAnswerError(f"> {self._limit:.0f} s") from None
        except duckdb.OutOfMemoryException:
            raise NoAnswerError("out of memory") from None
        finally:
            over.set()
            watcher.join()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresRunner:
    """Runs statements on PostgreSQL; the schemas are found without their names."""

    def __init__(self, parameters: dict[str, Any], schemas: list[str], limit: float) -> None:
        self._connection = psycopg.connect(**parameters, autocommit=True)
        self._limit = limit
        # What its server takes is not this process's own.
        self.clock: Callable[[], float] = time.perf_counter
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute(f"set statement_timeout = {int(limit * 1000)}")
        self._connection.execute(f"set search_path = {', '.join(schemas)}")

    def seconds(self, sql: str) -> float:
        """Run a statement and fetch all of it; see `SqlRunner`."""
        began = self.clock()
        self.rows(sql)
        return self.clock() - began

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Give the rows of a statement; see `SqlRunner`."""
        try:
            return self._connection.execute(sql.encode()).fetchall()
        except psycopg.errors.QueryCanceled:
            raise NoAnswerError(f"> {self._limit:.0f} s") from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
