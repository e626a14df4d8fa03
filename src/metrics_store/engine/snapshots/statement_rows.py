"""The rows of statements: kept ones, or read out of the warehouse when it is their turn."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.results.result_cache import ResultCache
from metrics_store.engine.statement_turns import StatementTurns
from metrics_store.engine.tracing import span
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.engine.call import Call
    from metrics_store.engine.settings import EngineSettings
    from metrics_store.engine.snapshots.snapshot import Snapshot

_log = logging.getLogger(__name__)

# To write down more takes longer than others should wait for it.
_SMALL_BYTES = 131_072


class StatementRows:
    """Gives the rows of statements.

    Args:
        settings: How many run at once, what one may cost, and how much is kept.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._limits = settings.limits
        self._results = ResultCache.of(settings)
        self._turns = StatementTurns(settings.at_once, settings.limits.seconds)

    def read(self, live: Snapshot, sql: str, call: Call) -> pa.Table:
        """Give the rows of a statement.

        Raises:
            MetricsStoreError: The warehouse does not answer, or not within the limits.
            NotKeptError: The call may not wait, and they are not kept.
        """
        known = None
        if live.is_immutable:
            known = self._results.get(live.data_version, sql, in_memory=call.at_once)
        if known is not None and not (call.at_once and known.nbytes > _SMALL_BYTES):
            return known
        if call.at_once:
            raise NotKeptError
        with self._turns.taken(call), span("execute"):
            _log.debug("statement", extra={"fields": {"request_id": call.request_id, "sql": sql}})
            table = live.executor.read(
                Statement(sql, call.request_id, self._limits, call.stop_with)
            )
        if live.is_immutable:
            self._results.put(live.data_version, sql, table)
        return table
