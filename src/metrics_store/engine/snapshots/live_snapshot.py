"""The live snapshot: replaced when a build has published something newer."""

from __future__ import annotations

import dataclasses
import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.snapshots.snapshot import FileVersions, Snapshot, file_versions
from metrics_store.errors import ClosedError, MetricsStoreError, UnavailableError
from metrics_store.warehouse.live_warehouse import LiveWarehouse, find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.warehouse.embedded.duckdb_executor import Resources

_log = logging.getLogger(__name__)


class LiveSnapshot:
    """The newest snapshot of a target that can be used.

    Requests under way keep the one they have; while one thread takes a newer one in, the others go
    on with the old one. What cannot be taken in is left alone until it changes again.

    Args:
        target: The target.
        resources: What DuckDB may use.
        check: Checks a new snapshot, beside the one in use, and raises where it must not be used.
        definitions: A directory with dbt's manifests in place of those that belong to the
            warehouse; none for these.
    """

    def __init__(
        self,
        target: Target,
        resources: Resources,
        check: Callable[[Snapshot, Snapshot | None], None],
        definitions: Path | None = None,
    ) -> None:
        self._definitions = definitions
        self._target = target
        self._resources = resources
        self._check = check
        self._renewal = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._rejected: FileVersions | None = None
        self._is_closed = False
        self.problem: MetricsStoreError | None = None

    @contextmanager
    def leased(self, *, at_once: bool = False) -> Iterator[Snapshot]:
        """Give what is live, kept open for the `with` block.

        Args:
            at_once: Only if nothing newer has to be opened first.

        Raises:
            UnavailableError: There is nothing that can be used, or it was closed.
            NotKeptError: It is wanted at once, and something newer has to be opened.
        """
        while True:
            if self._is_closed:
                raise ClosedError
            snapshot = self._current() if at_once else self._newest()
            with snapshot.leased():
                if snapshot.is_open:
                    yield snapshot
                    return

    @property
    def is_current(self) -> bool:
        """Whether certainly nothing newer is live."""
        return self._snapshot is not None and self._snapshot.is_live

    def _current(self) -> Snapshot:
        """Give what is open already, where it is the newest that can be used."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.is_live:
            raise NotKeptError
        return snapshot

    def _newest(self) -> Snapshot:
        if self._snapshot is None:
            with self._renewal:
                self._renew_unless_closed()
        elif self._renewal.acquire(blocking=False):
            try:
                self._renew_unless_closed()
            finally:
                self._renewal.release()
        if self._snapshot is None:
            raise self.problem or UnavailableError("there is nothing to answer from")
        return self._snapshot

    def _renew_unless_closed(self) -> None:
        # What was closed meanwhile opens nothing that nobody would close.
        if not self._is_closed:
            self._renew()

    def _renew(self) -> None:
        if self._snapshot is not None and self._snapshot.is_live:
            self.problem, self._rejected = None, None
            return
        try:
            warehouse = find_live_warehouse(self._target)
            if self._definitions is not None:
                warehouse = dataclasses.replace(warehouse, artifacts=self._definitions)
            versions = file_versions(warehouse)
        except MetricsStoreError as error:
            self.problem = error
            return
        if self._snapshot is not None and versions == self._snapshot.file_versions:
            self.problem, self._rejected = None, None
        elif versions != self._rejected:
            self._adopt(warehouse, versions)

    def _adopt(self, warehouse: LiveWarehouse, versions: FileVersions) -> None:
        try:
            newer = Snapshot(warehouse, self._resources)
            try:
                self._check(newer, self._snapshot)
            except BaseException:
                newer.retire()
                raise
        except MetricsStoreError as error:
            self._reject(error, versions)
            return
        except Exception:  # noqa: BLE001 - the log has it
            # Whatever it is, it is no reason to stop answering from what is there already.
            _log.exception("unforeseen")
            self._reject(UnavailableError("what is live now cannot be used"), versions)
            return
        older, self._snapshot = self._snapshot, newer
        self.problem, self._rejected = None, None
        if older is not None:
            older.retire()

    def _reject(self, error: MetricsStoreError, versions: FileVersions) -> None:
        self.problem = error
        if self._snapshot is not None:
            # Callers do not see it: they get what was live before.
            _log.error("what is live now cannot be used: %s", error)
            self._rejected = versions

    def close(self) -> None:
        """Let go of the warehouse as soon as nobody uses it any more, and answer no more."""
        with self._renewal:
            self._is_closed = True
            if self._snapshot is not None:
                self._snapshot.retire()
