"""A DuckDB database as files: what lies beside it, whether it changed, free space, flush.

DuckDB itself is not needed for it, and not imported: who only looks does not wait.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

# DuckDB's write-ahead log; the last two appear while a checkpoint or a recovery is under way.
LOG_SUFFIXES = (".wal", ".wal.checkpoint", ".wal.recovery")

# What a copy leaves free, in bytes, so that it does not fill the disk to the brim.
SPARE_BYTES = 32 * 1024 * 1024

FileState = tuple[tuple[str, int, int, int, int], ...]


def log_files(database: Path) -> list[Path]:
    """Name the write-ahead logs that lie beside the database now."""
    candidates = [database.with_name(database.name + suffix) for suffix in LOG_SUFFIXES]
    return [path for path in candidates if path.exists()]


def file_state(database: Path) -> FileState:
    """Give what tells one content of the database from another, logs included; empty without one.

    The content itself is not read: device, inode, size and time of change stand for it.
    """
    if not database.exists():
        return ()
    real = database.resolve()
    parts = []
    for path in (real, *log_files(real)):
        status = path.stat()
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        parts.append((path.name, *identity))
    return tuple(parts)


def require_free_space(directory: Path, size: int) -> None:
    """Check that `size` bytes fit into the directory's file system, with a little to spare.

    Raises:
        MetricsStoreError: They do not fit.
    """
    free = shutil.disk_usage(directory).free
    if free < size + SPARE_BYTES:
        raise MetricsStoreError(
            "there is too little free disk space for a copy of the warehouse",
            where=str(directory),
            expected=f"{(size + SPARE_BYTES) / 1e6:,.0f} MB free; there are {free / 1e6:,.0f} MB",
            remedy="free some space and run this again; the live warehouse was not touched",
        )


def flush(path: Path) -> None:
    """Make a file's content, or a directory's list of names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
