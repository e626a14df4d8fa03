"""What a request gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Answer:
    """The rows of a request, and where they come from.

    Attributes:
        table: The rows; columns in the order asked, group-bys and then metrics.
        sql: What the warehouse was asked.
        data_version: Changes when the data or the definitions change; equal requests of one
            principal get equal rows as long as it stays.
        request_id: What the logs know the request by.
        warnings: What the caller is to be told of the metrics that they asked for, a line each;
            the schema of the table says it too.
    """

    table: pa.Table
    sql: str
    data_version: str
    request_id: str
    warnings: tuple[str, ...] = ()
