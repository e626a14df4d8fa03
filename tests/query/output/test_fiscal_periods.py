"""Fiscal periods by their names."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from metrics_store.query.output.column_units import with_units
from metrics_store.query.output.fiscal_periods import with_names


def test_periods_of_a_grain_have_their_names_and_all_else_stays() -> None:
    answer = with_units(
        pa.table(
            {
                "metric_time__fiscal_quarter": [
                    dt.datetime(2024, 2, 1),
                    dt.datetime(2024, 5, 1),
                    None,
                ],
                "metric_time__quarter": [dt.datetime(2024, 1, 1)] * 3,
                "fiscal_quarter": [dt.datetime(2024, 2, 1)] * 3,
            }
        ),
        {"fiscal_quarter": ""},
    )
    found = with_names(answer, {"fiscal_quarter": {dt.date(2024, 2, 1): "FY2025-Q1"}})
    # What the calendar has no name for is its first day.
    assert found.column(0).to_pylist() == ["FY2025-Q1", "2024-05-01", None]
    assert found.select([1, 2]) == answer.select([1, 2])
