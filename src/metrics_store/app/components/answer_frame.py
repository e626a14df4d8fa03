"""Answers as frames, which charts and tables are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.client.table_numbers import with_doubles
from metrics_store.query.output.column_units import is_metric, unit_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def drawn_frame(table: pa.Table) -> pd.DataFrame:
    """Give a table with its decimals as floats, and nothing else changed."""
    frame: pd.DataFrame = with_doubles(table).to_pandas()
    return frame


def metric_units(table: pa.Table) -> dict[str, str]:
    """Give each column of a metric with its unit; empty where it has none."""
    return {field.name: unit_of(field) for field in table.schema if is_metric(field)}
