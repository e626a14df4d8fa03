"""Answers in files, which several processes share: each is read from the same memory by all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from pathlib import Path

_UNFINISHED = ".unfinished"
# Of all that fits: so much is written by one process before it makes room.
_SHARE_BETWEEN_EVICTIONS = 1 / 16
_SHARE_LEFT = 7 / 8


class ResultFiles:
    """Answers by their data and statement, each a file of Arrow that is mapped into memory.

    A file is there whole or not at all. Whatever goes wrong, an answer is only computed again.

    Args:
        directory: Where they are; nobody else may be able to write there.
        capacity: How many bytes they may take together, for all processes.
    """

    def __init__(self, directory: Path, capacity: int) -> None:
        self._directory = directory
        self._capacity = capacity
        self._written = 0
        self._lock = threading.Lock()

    def read(self, data_version: str, sql: str) -> pa.Table | None:
        """Give the rows of a statement; none where nobody has written them."""
        file = self._file(data_version, sql)
        try:
            with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as reader:
                table = reader.read_all()
            os.utime(file)
        except (OSError, pa.ArrowException):
            return None
        return table

    def write(self, data_version: str, sql: str, table: pa.Table) -> None:
        """Write rows for the others, and now and then make room."""
        try:
            with tempfile.NamedTemporaryFile(
                dir=self._directory, suffix=_UNFINISHED, delete=False
            ) as new:
                try:
                    with pa.ipc.new_file(new, table.schema) as writer:
                        writer.write_table(table)
                    new.close()
                    os.replace(new.name, self._file(data_version, sql))  # noqa: PTH105 - a name
                except BaseException:
                    os.unlink(new.name)  # noqa: PTH108 - a name
                    raise
        except (OSError, pa.ArrowException):
            return
        with self._lock:
            self._written += table.nbytes
            if self._written <= self._capacity * _SHARE_BETWEEN_EVICTIONS:
                return
            self._written = 0
        self._make_room()

    def _file(self, data_version: str, sql: str) -> Path:
        name = hashlib.sha256(f"{data_version}\n{sql}".encode()).hexdigest()
        return self._directory / f"{name}.arrow"

    def _make_room(self) -> None:
        """Remove those that were not read for the longest; readers keep what they have mapped."""
        found = []
        with contextlib.suppress(OSError), os.scandir(self._directory) as entries:
            for entry in entries:
                # Another process may be first.
                with contextlib.suppress(OSError):
                    stat = entry.stat()
                    found.append((stat.st_mtime_ns, stat.st_size, entry.path))
        taken = sum(size for _, size, _ in found)
        if taken <= self._capacity:
            return
        for _, size, path in sorted(found):
            if taken <= self._capacity * _SHARE_LEFT:
                return
            with contextlib.suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - a name
            taken -= size
