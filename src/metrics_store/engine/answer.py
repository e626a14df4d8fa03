"""The answer to a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


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
