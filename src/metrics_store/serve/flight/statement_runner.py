"""Runs statements on the engine: gives their rows or their columns."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.calls.select_layers import is_ping
from metrics_store.query.calls.semantic_calls import ListCall, QueryCall, ValuesCall
from metrics_store.query.calls.statement_parser import parse_selection
from metrics_store.query.output.row_selection import select_rows
from metrics_store.serve.flight.listing_tables import listed

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.engine.engine import Engine
    from metrics_store.query.calls.semantic_calls import Call as SemanticCall

_SQL = "sql"


@dataclass(frozen=True)
class StatementRunner:
    """Runs statements.

    Attributes:
        engine: The engine.
    """

    engine: Engine

    def check(self, text: str, principal: Principal, call: Call) -> None:
        """Reject a statement that cannot be answered, as far as that is known before it runs.

        Raises:
            MetricsStoreError: It cannot be understood or answered.
        """
        if is_ping(text):
            return
        wanted, layers = parse_selection(text)
        if layers:
            # What is around it is known to fit only by the columns.
            self._answer(text, principal, call, rows=False)
        elif not isinstance(wanted, ListCall):
            self.engine.compile(wanted.request, principal, call)

    def schema(self, text: str, principal: Principal, call: Call) -> pa.Schema:
        """Give the columns of a statement's answer, found by requesting none of its rows.

        Raises:
            MetricsStoreError: It cannot be understood or answered.
        """
        return self._answer(text, principal, call, rows=False).schema

    def rows(self, text: str, principal: Principal, call: Call) -> pa.Table:
        """Answer a statement.

        Raises:
            MetricsStoreError: It cannot be understood or answered.
        """
        return self._answer(text, principal, call, rows=True)

    def _answer(self, text: str, principal: Principal, call: Call, *, rows: bool) -> pa.Table:
        if is_ping(text):
            return pa.table({"1": pa.array([1], pa.int32())})
        wanted, layers = parse_selection(text)
        return select_rows(self._called(wanted, principal, call, rows=rows), layers)

    def _called(
        self, wanted: SemanticCall, principal: Principal, call: Call, *, rows: bool
    ) -> pa.Table:
        if isinstance(wanted, ListCall):
            return listed(wanted, self.engine.definitions(principal))
        if isinstance(wanted, QueryCall) and wanted.compiled:
            sql = self.engine.compile(wanted.request, principal, call)
            return pa.table({_SQL: pa.array([sql], pa.utf8())})
        request = wanted.request if rows else dataclasses.replace(wanted.request, limit=0)
        if isinstance(wanted, ValuesCall):
            return self.engine.dimension_values(request, principal, call).table
        return self.engine.answer(request, principal, call).table
