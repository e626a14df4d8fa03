"""Files that views of the warehouse read where they lie, and whether they changed since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA = "read_in_place"
_FILES = f"{SCHEMA}.files"
_MOST_LISTED = 5

FileMark = tuple[str, int, int]


def file_mark(path: Path) -> FileMark:
    """Give a file's path, size in bytes and time of change in nanoseconds.

    Raises:
        OSError: It is not there, or cannot be looked at.
    """
    status = path.stat()
    return str(path), status.st_size, status.st_mtime_ns


def note_files(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    relation: tuple[str, str],
    marks: Iterable[FileMark],
) -> None:
    """Note the files of a view, in the place of what was noted of this schema and name.

    Args:
        connection: A connection with a transaction under way.
        catalog: The warehouse's name in it.
        relation: Schema and name of the view; a table of that name has no files.
        marks: Each file as it was when it was checked.
    """
    rows = [(*relation, *mark) for mark in marks]
    files = f"{catalog}.{_FILES}"
    if rows:
        connection.execute(f"create schema if not exists {catalog}.{SCHEMA}")
        connection.execute(
            f"create table if not exists {files} (schema_name varchar, table_name varchar,"
            " path varchar, bytes bigint, changed_ns bigint)"
        )
    elif not _has_files(connection, catalog):
        return
    connection.execute(
        f"delete from {files} where schema_name = ? and table_name = ?",  # noqa: S608 - our own names
        relation,
    )
    if rows:
        connection.executemany(f"insert into {files} values (?, ?, ?, ?, ?)", rows)  # noqa: S608


def require_unchanged(database: Path) -> None:
    """Refuse a warehouse whose views read files that are no longer those that were checked.

    Raises:
        MetricsStoreError: A file changed, or is not there.
    """
    if not database.exists():
        return
    changed = list(_changes(_noted(database)))
    if changed:
        more = len(changed) - _MOST_LISTED
        listed = changed[:_MOST_LISTED] + ([f"and {more} more"] if more > 0 else [])
        raise MetricsStoreError(
            "files that are read in place are not those that were loaded: " + "; ".join(listed),
            where=str(database),
            expected="the files as `metrics load --in-place` found and checked them",
            remedy="put them back, or load them again",
        )


def _noted(database: Path) -> list[FileMark]:
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            row = connection.execute("select current_database()").fetchone()
            if row is None or not _has_files(connection, row[0]):
                return []
            return connection.execute(
                f"select path, bytes, changed_ns from {_FILES} order by all"  # noqa: S608 - our own name
            ).fetchall()
    except duckdb.Error:  # whoever writes to a damaged database tells of it
        return []


def _has_files(connection: duckdb.DuckDBPyConnection, catalog: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = ?",
        [catalog, SCHEMA],
    ).fetchone()
    return found is not None


def _changes(noted: Iterable[FileMark]) -> Iterator[str]:
    for mark in noted:
        path = Path(mark[0])
        try:
            if file_mark(path) != mark:
                yield f"{path} has changed"
        except OSError as error:
            yield f"{path}: {error.strerror or error}"
