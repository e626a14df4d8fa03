"""The result cache: answers given before, while their data has not changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.engine.results.result_files import ResultFiles
    from metrics_store.engine.settings import EngineSettings


class ResultCache:
    """The latest answers, as many as fit.

    The SQL is the whole key besides the data: what a caller may see is part of it.

    Args:
        capacity: How many bytes they may take together.
        files: Answers that other processes share; none to keep them in this process alone.
    """

    def __init__(self, capacity: int, files: ResultFiles | None = None) -> None:
        self._capacity = capacity
        self._files = files
        self._taken = 0
        self._tables: OrderedDict[tuple[str, str], pa.Table] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: EngineSettings) -> ResultCache:
        """Make the cache of an engine."""
        capacity, directory = settings.result_bytes, settings.result_directory
        if directory is None or not capacity:
            return cls(capacity)
        from metrics_store.engine.results.result_files import ResultFiles  # noqa: PLC0415 - only servers

        return cls(capacity, ResultFiles(directory, capacity))

    def get(self, data_version: str, sql: str, *, in_memory: bool = False) -> pa.Table | None:
        """Give the rows of a statement; none where they are not known, or not `in_memory`."""
        with self._lock:
            table = self._tables.get((data_version, sql))
            if table is not None:
                self._tables.move_to_end((data_version, sql))
                return table
        return None if in_memory else self._shared(data_version, sql)

    def put(self, data_version: str, sql: str, table: pa.Table) -> None:
        """Store rows, unless they are too many."""
        if table.nbytes > self._capacity // 8:
            return
        if self._files is not None:
            self._files.write(data_version, sql, table)
            # From now on from the memory that all processes share.
            if self._shared(data_version, sql) is not None:
                return
        self._store(data_version, sql, table)

    def _shared(self, data_version: str, sql: str) -> pa.Table | None:
        table = None if self._files is None else self._files.read(data_version, sql)
        if table is not None:
            self._store(data_version, sql, table)
        return table

    def _store(self, data_version: str, sql: str, table: pa.Table) -> None:
        with self._lock:
            if (data_version, sql) in self._tables:
                return
            self._tables[data_version, sql] = table
            self._taken += _size(sql, table)
            while self._taken > self._capacity:
                (_, oldest), gone = self._tables.popitem(last=False)
                self._taken -= _size(oldest, gone)


def _size(sql: str, table: pa.Table) -> int:
    return int(table.nbytes) + 2 * len(sql)
