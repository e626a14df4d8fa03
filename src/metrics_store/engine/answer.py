"""The answer to a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.output.table_notices import (
    ROLLUP_REASONS,
    ROLLUPS,
    WARNINGS,
    with_notices,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.engine.call import Call


@dataclass(frozen=True)
class Answer:
    """The rows of a request, and where they come from.

    Attributes:
        table: The rows; columns in the order requested, group-bys and then metrics.
        sql: The statement that the warehouse ran.
        data_version: Changes when the data or the definitions change; equal requests of one
            principal get equal rows as long as it stays.
        request_id: What the logs know the request by.
        warnings: Notices about the metrics of the request, a line each; the schema of the table
            has them too.
        rollups: The roll-ups that it was answered from.
        rollup_reasons: Why it, or a part of it, was not answered from others.
    """

    table: pa.Table
    sql: str
    data_version: str
    request_id: str
    warnings: tuple[str, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: pa.Table, sql: str, data_version: str, call: Call) -> Answer:
        """Give an answer that says what the call has learnt, in its table too."""
        for key, texts in (
            (WARNINGS, call.warnings),
            (ROLLUPS, call.rollups),
            (ROLLUP_REASONS, call.rollup_reasons),
        ):
            table = with_notices(table, key, texts)
        return cls(
            table,
            sql,
            data_version,
            call.request_id,
            call.warnings,
            call.rollups,
            call.rollup_reasons,
        )
