"""Arrow and Parquet hold the rows, their types and the units of their columns."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from metrics_store.query.output.binary_formats import BINARY_FORMATS
from metrics_store.query.output.column_units import is_metric, unit_of, with_units

ANSWER = with_units(
    pa.table(
        {
            "month": pa.array([dt.datetime(2024, 1, 1), None], pa.timestamp("us")),
            "revenue": pa.array([Decimal("1.50"), None], pa.decimal128(38, 2)),
            "orders": [1, 2],
        }
    ),
    {"revenue": "euro", "orders": ""},
)


def _written(form: str) -> pa.BufferReader:
    sink = io.BytesIO()
    BINARY_FORMATS[form](ANSWER, sink)
    return pa.BufferReader(sink.getvalue())


def test_what_is_read_is_what_was_written() -> None:
    arrow = pyarrow.ipc.open_stream(_written("arrow")).read_all()
    parquet = pyarrow.parquet.read_table(_written("parquet"))
    for table in (arrow, parquet):
        assert table.to_pylist() == ANSWER.to_pylist()
        assert table.schema.types == ANSWER.schema.types
        assert [unit_of(field) for field in table.schema] == ["", "euro", ""]
        assert [is_metric(field) for field in table.schema] == [False, True, True]
