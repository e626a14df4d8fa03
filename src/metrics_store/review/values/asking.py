"""Ask one side of a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.identifiers import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from metrics_store.query.request import MetricRequest
    from metrics_store.query.store import MetricStore


@dataclass(frozen=True)
class Answered:
    """What one side answered.

    Attributes:
        table: The answer; none where it could not be asked.
        sql: What was asked of the warehouse; empty where it could not be planned.
        refusal: Why there is no answer.
    """

    table: pa.Table | None
    sql: str = ""
    refusal: str = ""


def ask(store: MetricStore, request: MetricRequest) -> Answered:
    """Ask a built revision; what it refuses is part of the answer."""
    sql = ""
    try:
        sql = store.planner.plan(request)
        table = with_whole_names(store.read(sql), request.metrics)
    except MetricsStoreError as error:
        return Answered(None, sql, error.what)
    if len(set(table.column_names)) < table.num_columns:
        return Answered(None, sql, "two names are the same where the warehouse cuts them off")
    return Answered(table, sql)


def with_whole_names(table: pa.Table, metrics: Sequence[str]) -> pa.Table:
    """Give an answer with the metrics' own names: PostgreSQL cuts off what is longer than 63 bytes.

    Args:
        table: The answer.
        metrics: The metrics that are columns of it.
    """
    whole = {name.encode()[:LONGEST_NAME].decode(errors="ignore"): name for name in metrics}
    return table.rename_columns([whole.get(name, name) for name in table.column_names])
