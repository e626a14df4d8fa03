"""The answer to a question, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from metrics_store.client.table_numbers import with_doubles
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True)
class Result:
    """The rows of an answer; libraries that know Arrow take it as a table.

    Attributes:
        table: The rows; columns in the order asked, group-bys and then metrics.
        data_version: Changes when the data or the definitions change.
        request_id: What the logs know the question by.
        warnings: What is to be known of the answer, such as that a metric is deprecated.
        rollups: The roll-ups that it was answered from.
        rollup_reasons: Why it, or a part of it, was not answered from others.
        warning_kinds: What each warning is about: `deprecated_metric`, `partial_period` or
            `empty_answer`.
        reference_date: The last day that the data tell of, from which periods such as `last 4
            quarters` are counted; none where the definitions declare none.
    """

    table: pa.Table
    data_version: str
    request_id: str
    warnings: tuple[str, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    warning_kinds: tuple[str, ...] = ()
    reference_date: dt.date | None = None

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

    def to_pandas(self, *, decimals: bool = False, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - pyarrow's own options
        """Give the rows to pandas: numbers to reckon with, and days and times as times.

        Args:
            decimals: Whether decimals stay exact, as objects of Python's `decimal.Decimal`; by
                default they are the doubles nearest to them (float64).
            options: Those of `pyarrow.Table.to_pandas`.

        Raises:
            MetricsStoreError: pandas is not installed.
        """
        _require("pandas")
        table = self.table if decimals else with_doubles(self.table)
        frame: pd.DataFrame = table.to_pandas(**{"date_as_object": False, **options})
        return frame

    def to_polars(self, *, decimals: bool = False) -> pl.DataFrame:
        """Give the rows to polars, numbers and times as in `to_pandas`.

        Args:
            decimals: Whether decimals stay exact, as polars' own; by default they are the doubles
                nearest to them (Float64).

        Raises:
            MetricsStoreError: polars is not installed.
        """
        _require("polars")
        import polars as pl  # noqa: PLC0415 - whoever does not ask for it need not have it

        return pl.DataFrame(self.table if decimals else with_doubles(self.table))


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise MetricsStoreError(
            f"{package} is not installed", remedy=f"pip install {package}, or take `table`"
        )
