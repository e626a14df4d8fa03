"""Backup and restore of the whole embedded warehouse, in one file that is verified.

The file is a ZIP archive: the database, dbt's manifests that belong to it, and a list of the tables
with their rows and of the database's SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.damage import damaged, is_damage
from metrics_store.warehouse.embedded.database_copy import copy_database
from metrics_store.warehouse.embedded.database_file import flush, require_free_space
from metrics_store.warehouse.embedded.retention import ARTIFACTS
from metrics_store.warehouse.progress import working

if TYPE_CHECKING:
    from typing import IO

    from metrics_store.warehouse.embedded.generations import Generation, Warehouse

_CONTENTS = "backup.json"
_FORMAT = 1
_CHUNK = 1 << 20

_TABLES = """
select schema_name, table_name from duckdb_tables()
where not internal and database_name = current_database() order by all
"""


@dataclass(frozen=True)
class Contents:
    """The contents of a backup.

    Attributes:
        database: The name of the database's file, which is part of its tables' names.
        created: When it was made, UTC.
        sha256: Of the database's file.
        size: Of the database's file, in bytes.
        tables: The rows of each table, by schema and name.
        artifacts: The names of dbt's artifacts in it.
        made_by: The version of the store.
        format: The version of the backup's form.
    """

    database: str
    created: str
    sha256: str
    size: int
    tables: dict[str, int]
    artifacts: list[str]
    made_by: str = __version__
    format: int = _FORMAT

    def __str__(self) -> str:
        """Say how much it is."""
        rows = sum(self.tables.values())
        return f"{len(self.tables)} tables, {rows:,} rows, {self.size / 1e6:,.1f} MB"


def back_up(warehouse: Warehouse, file: Path, *, replace: bool = False) -> Contents:
    """Write what is live to a file; others may read, and build, meanwhile.

    Args:
        warehouse: The warehouse.
        file: The backup.
        replace: Whether a file that is there may be replaced; it is, when the new one is whole.

    Raises:
        MetricsStoreError: There is no warehouse, it is damaged, the file is there, or cannot be
            written.
    """
    if os.path.lexists(file) and not replace:
        raise MetricsStoreError(
            "there is a file of this name already",
            where=str(file),
            remedy="choose another name, or add --replace",
        )
    current = warehouse.current()
    if current is None:
        raise MetricsStoreError("there is no warehouse yet", where=str(warehouse.live_path))
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as name:
            copy = Path(name) / current.database.name
            copy_database(current.database, copy, patience=warehouse.writer_patience)
            tables = _rows(copy, of=current.database)
            whole = Path(name) / "backup"
            contents = _write(whole, copy, current.artifacts, tables)
            _compare(whole, contents)
            flush(whole)
            whole.replace(file)
            flush(file.parent)
    except OSError as error:
        raise MetricsStoreError(
            f"the backup cannot be written: {error.strerror or error}",
            where=str(error.filename or file),
            expected="a directory that this user may write to, with room for the warehouse twice",
        ) from error
    return contents


def contents_of(file: Path) -> Contents:
    """Read the contents of a backup.

    Raises:
        MetricsStoreError: It is none.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            read: dict[str, Any] = json.loads(archive.read(_CONTENTS))
        if read["format"] != _FORMAT:
            raise MetricsStoreError(
                "the backup was made by another version of the store",
                where=str(file),
                expected=f"form {_FORMAT}; it is {read['format']}",
                remedy=f"restore it with version {read.get('made_by')}",
            )
        return Contents(**read)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise MetricsStoreError(
            "this is no backup, or a damaged one",
            where=f"{file}: {error}",
            expected="a file that `metrics backup` wrote",
        ) from None


def restore(warehouse: Warehouse, file: Path) -> tuple[Contents, Generation]:
    """Make what a backup holds live, once it is known to be whole; what was live stays beside it.

    Raises:
        MetricsStoreError: The file is no backup, is damaged, or of another warehouse.
    """
    contents = contents_of(file)
    if contents.database != warehouse.live_path.name:
        raise MetricsStoreError(
            "the backup is of a warehouse whose file has another name, a part of its tables' names",
            where=f"{file}: {contents.database}",
            expected=warehouse.live_path.name,
            remedy="name the file in the profile as it was, and restore there",
        )
    _compare(file, contents)
    with warehouse.next_generation(empty=True) as generation:
        require_free_space(generation.directory, contents.size)
        with zipfile.ZipFile(file) as archive:
            _extract(archive, contents.database, generation.database)
            for name in contents.artifacts:
                _extract(archive, f"{ARTIFACTS}/{name}", generation.artifacts / name)
        if (found := _rows(generation.database, of=file)) != contents.tables:
            different = sorted(
                name
                for name in found | contents.tables
                if found.get(name) != contents.tables.get(name)
            )
            raise MetricsStoreError(
                "the backup does not hold the rows it says", where=f"{file}: {different[0]}"
            )
    return contents, generation


def restore_previous(warehouse: Warehouse) -> Generation:
    """Make the generation before the live one live again, once it is known to be whole.

    Raises:
        MetricsStoreError: There is none, or it is damaged too.
    """
    with warehouse.previous_generation() as generation:
        _rows(generation.database, of=generation.database)
    return generation


def _write(whole: Path, database: Path, artifacts: Path, tables: dict[str, int]) -> Contents:
    # A plain `dbt build` leaves a file without artifacts of its own.
    files = sorted(artifacts.glob("*.json")) if artifacts.is_dir() else []
    with database.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    contents = Contents(
        database.name,
        datetime.now(UTC).isoformat(timespec="seconds"),
        sha256,
        database.stat().st_size,
        tables,
        [one.name for one in files],
    )
    with (
        working("writing the backup"),
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        archive.writestr(_CONTENTS, json.dumps(asdict(contents), indent=2))
        archive.write(database, database.name)
        for one in files:
            archive.write(one, f"{ARTIFACTS}/{one.name}")
    return contents


def _compare(file: Path, contents: Contents) -> None:
    """Read a backup from end to end.

    Raises:
        MetricsStoreError: It is not what was written.
    """
    digest = hashlib.sha256()
    try:
        with working("reading the backup"), zipfile.ZipFile(file) as archive:
            with archive.open(contents.database) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
            for name in contents.artifacts:
                archive.read(f"{ARTIFACTS}/{name}")
    except (OSError, zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise MetricsStoreError("the backup is damaged", where=f"{file}: {error}") from None
    if digest.hexdigest() != contents.sha256:
        raise MetricsStoreError(
            "the backup is damaged",
            where=str(file),
            expected=f"a database with the SHA-256 {contents.sha256}",
        )


def _extract(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    source: IO[bytes]
    with archive.open(name) as source, path.open("wb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)


def _rows(database: Path, *, of: Path) -> dict[str, int]:
    """Count the rows of every table, reading every block.

    Raises:
        MetricsStoreError: A block is damaged.
    """
    try:
        with (
            working("reading every table"),
            duckdb.connect(str(database), read_only=True) as connection,
        ):
            return {
                f"{schema}.{table}": _count(schema, table, connection)
                for schema, table in connection.execute(_TABLES).fetchall()
            }
    except duckdb.Error as error:
        if is_damage(error):
            raise damaged(of, error) from None
        raise MetricsStoreError(
            "a table of the warehouse cannot be read", where=f"{of}: {error}"
        ) from None


def _count(schema: str, table: str, connection: duckdb.DuckDBPyConnection) -> int:
    name = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
    # Rows are counted without a look at them; their values are not.
    query = f"select count(*), count(hash(rows_of_it)) from {name} as rows_of_it"  # noqa: S608
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
