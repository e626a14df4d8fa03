"""The answer of one revision to a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.metric_store import MetricStore


@dataclass(frozen=True)
class SideAnswer:
    """The answer of one revision, or why there is none.

    Attributes:
        table: The answer; none where it could not be asked.
        sql: What was asked of the warehouse; empty where it could not be planned.
        error: Why there is no answer.
    """

    table: pa.Table | None
    sql: str = ""
    error: str = ""


def query_side(store: MetricStore, request: MetricRequest) -> SideAnswer:
    """Query a built revision; an error becomes part of the answer."""
    sql = ""
    try:
        sql = store.planner.plan(request)
        return SideAnswer(store.read(sql), sql)
    except MetricsStoreError as error:
        return SideAnswer(None, sql, error.what)
