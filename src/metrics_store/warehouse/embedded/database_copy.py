"""A DuckDB database opened for its file's sake: keep writers out, copy, make, complete."""

from __future__ import annotations

import shutil
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.embedded.damage import damaged, is_damage
from metrics_store.warehouse.embedded.database_file import (
    FileState,
    file_state,
    log_files,
    require_free_space,
)
from metrics_store.warehouse.progress import say, working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL_SECONDS = 0.2
_NO_DOWNLOADS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def _attach_read_only(database: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config=_NO_DOWNLOADS)
    quoted = str(database.resolve()).replace("'", "''")
    try:
        connection.execute(f"attach '{quoted}' as held (type duckdb, read_only)")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_busy(error: duckdb.Error) -> bool:
    return isinstance(error, duckdb.ResourceInUseException) or "Could not set lock" in str(error)


@contextmanager
def held_against_writers(database: Path, *, patience: float) -> Iterator[None]:
    """Keep every writer out of the database for as long as the `with` block runs.

    Args:
        database: An existing DuckDB file.
        patience: How long to wait, in seconds, for a writer to close the file.

    Raises:
        MetricsStoreError: A writer keeps the file open, or DuckDB cannot read it.
    """
    if database.is_dir():
        raise MetricsStoreError(
            "there is a directory where the warehouse's database file should be",
            where=str(database),
            remedy="move the directory away, or name another path in the profile",
        )
    deadline = time.monotonic() + patience
    reported = False
    while True:
        try:
            connection = _attach_read_only(database)
            break
        except duckdb.Error as error:
            if is_damage(error):
                raise damaged(database, error) from None
            if not _is_busy(error):
                raise MetricsStoreError(
                    "the warehouse's file cannot be read as a DuckDB database",
                    where=f"{database}: {error}",
                    expected="a DuckDB file that this user may read",
                    remedy="mend the file or move it away; without one, a build starts afresh",
                ) from error
            if time.monotonic() >= deadline:
                raise MetricsStoreError(
                    f"another program has the warehouse open for writing (waited {patience:.0f} s)",
                    where=f"{database}: {error}",
                    remedy="close that program, or wait until it is done, and run this again",
                ) from error
        if not reported:
            say(f"waiting: another program has {database} open for writing")
            reported = True
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        connection.close()


def copy_database(source: Path, destination: Path, *, patience: float) -> FileState:
    """Copy a database that others may be reading, with all that is committed, checkpointed.

    Args:
        source: An existing DuckDB file; a write-ahead log that a killed writer left is copied too.
        destination: Where the copy goes; there is no file yet.
        patience: How long to wait, in seconds, for a writer to close the source.

    Returns:
        The state of the source that was copied, to compare with `file_state` later.

    Raises:
        MetricsStoreError: A writer has the source, it is no DuckDB file, or the disk is too full.
    """
    with held_against_writers(source, patience=patience):
        state = file_state(source)
        real = source.resolve()
        size = sum(path.stat().st_size for path in (real, *log_files(real)))
        require_free_space(destination.parent, size)
        with working(f"copying the warehouse ({size / 1e6:,.1f} MB)"):
            # The database goes last: closing it ends this process's lock on it (POSIX).
            for log in log_files(real):
                suffix = log.name.removeprefix(real.name)
                shutil.copyfile(log, destination.with_name(destination.name + suffix))
            shutil.copyfile(real, destination)
        # As private as its source, but writable.
        destination.chmod(stat.S_IMODE(real.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR)
    if log_files(destination):
        checkpoint(destination)
    return state


def create_database(path: Path) -> None:
    """Create an empty database."""
    duckdb.connect(str(path), config=_NO_DOWNLOADS).close()


def checkpoint(database: Path) -> None:
    """Move everything from the write-ahead log into the database file, which then stands alone.

    Raises:
        MetricsStoreError: The file is gone, another program has it open, or it is damaged.
    """
    if not database.is_file():
        raise MetricsStoreError("the new database is gone", where=str(database))
    try:
        with duckdb.connect(str(database), config=_NO_DOWNLOADS) as connection:
            connection.execute("force checkpoint")
    except duckdb.Error as error:
        raise MetricsStoreError(
            "the new database cannot be completed", where=f"{database}: {error}"
        ) from error
    left = log_files(database)
    if left:
        raise MetricsStoreError(
            "another program still has the new database open",
            where=str(left[0]),
            remedy="close that program and run this again",
        )
