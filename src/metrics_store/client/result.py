"""The answer to a question, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class Result:
    """The rows of an answer; libraries that know Arrow take it as a table.

    Attributes:
        table: The rows; columns in the order asked, group-bys and then metrics.
        data_version: Changes when the data or the definitions change.
        request_id: What the logs know the question by.
        warnings: What is to be known of the metrics asked for, such as that one is deprecated.
        rollups: The roll-ups that it was answered from.
        rollup_reasons: Why it, or a part of it, was not answered from others.
    """

    table: pa.Table
    data_version: str
    request_id: str
    warnings: tuple[str, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Say how many rows there are."""
        return int(self.table.num_rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows to another library, without a copy (Arrow's PyCapsule interface)."""
        return self.table.__arrow_c_stream__(requested_schema)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.table.column_names)

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows as objects, their values as Python's own."""
        found: list[dict[str, Any]] = self.table.to_pylist()
        return found

    def to_pandas(self, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - pyarrow's own options
        """Give the rows to pandas; options are those of `pyarrow.Table.to_pandas`."""
        frame: pd.DataFrame = self.table.to_pandas(**options)
        return frame
