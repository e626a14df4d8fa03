"""A statement's rows and columns, for whoever asks; the engine does the work."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.calls.select_layers import only_asks_for_life
from metrics_store.query.calls.semantic_calls import ListCall, QueryCall, ValuesCall
from metrics_store.query.calls.statement_parser import parse_selection
from metrics_store.query.output.row_selection import selected
from metrics_store.serve.flight.listings import listed

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.engine.engine import Engine
    from metrics_store.query.calls.semantic_calls import Call as Asked

_SQL = "sql"


@dataclass(frozen=True)
class Statements:
    """Answers statements.

    Attributes:
        engine: What knows the answers.
    """

    engine: Engine

    def check(self, text: str, principal: Principal, call: Call) -> None:
        """Refuse a statement that cannot be answered, as far as that is known before it runs.

        Raises:
            MetricsStoreError: It cannot be understood or answered.
        """
        if only_asks_for_life(text):
            return
        asked, layers = parse_selection(text)
        if layers:
            # What is around it is known to fit only by the columns.
            self._answer(text, principal, call, rows=False)
        elif not isinstance(asked, ListCall):
            self.engine.compile(asked.request, principal, call)

    def schema(self, text: str, principal: Principal, call: Call) -> pa.Schema:
        """Give the columns of a statement's answer, found by asking for none of its rows.

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
        if only_asks_for_life(text):
            return pa.table({"1": pa.array([1], pa.int32())})
        asked, layers = parse_selection(text)
        return selected(self._called(asked, principal, call, rows=rows), layers)

    def _called(self, asked: Asked, principal: Principal, call: Call, *, rows: bool) -> pa.Table:
        if isinstance(asked, ListCall):
            return listed(asked, self.engine.definitions(principal))
        if isinstance(asked, QueryCall) and asked.compiled:
            sql = self.engine.compile(asked.request, principal, call)
            return pa.table({_SQL: pa.array([sql], pa.utf8())})
        request = asked.request if rows else dataclasses.replace(asked.request, limit=0)
        if isinstance(asked, ValuesCall):
            return self.engine.dimension_values(request, principal, call).table
        return self.engine.answer(request, principal, call).table
