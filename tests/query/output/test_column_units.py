"""Units, and what they are called."""

from __future__ import annotations

import pyarrow as pa
import pytest

from metrics_store.query.output.column_units import unit_name_of, unit_of, with_units


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("currency", "USD"),
        ("currency_per_day", "USD per day"),
        ("sales_cycles", "sales cycles"),
        ("", ""),
    ],
)
def test_a_unit_keeps_its_word_and_has_a_name(unit: str, name: str) -> None:
    table = with_units(pa.table({"revenue": [1]}), {"revenue": unit}, {"currency": "USD"})
    field = table.schema.field("revenue")
    assert (unit_of(field), unit_name_of(field)) == (unit, name)
