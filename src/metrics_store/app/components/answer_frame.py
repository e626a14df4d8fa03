"""Answers as frames, which charts and tables are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.output.column_units import is_metric, unit_of

if TYPE_CHECKING:
    import pandas as pd


def drawn_frame(table: pa.Table) -> pd.DataFrame:
    """Give a table with its decimals as floats, and nothing else changed."""
    for number, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            # Arrow's own cast is off by the last bit now and then.
            values = table.column(number).to_pylist()
            floats = pa.array([None if one is None else float(one) for one in values], pa.float64())
            table = table.set_column(number, field.name, floats)
    frame: pd.DataFrame = table.to_pandas()
    return frame


def metric_units(table: pa.Table) -> dict[str, str]:
    """Give each column of a metric with its unit; empty where it has none."""
    return {field.name: unit_of(field) for field in table.schema if is_metric(field)}
