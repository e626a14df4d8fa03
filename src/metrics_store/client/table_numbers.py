"""The numbers of an answer as programs reckon with them: decimals as doubles."""

from __future__ import annotations

import pyarrow as pa


def with_doubles(table: pa.Table) -> pa.Table:
    """Give a table with its decimals as the doubles nearest to them, and nothing else changed."""
    for number, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            # By way of text: Arrow's own cast is off by the last bit now and then.
            doubles = table.column(number).cast(pa.string()).cast(pa.float64())
            column = pa.field(field.name, pa.float64(), metadata=field.metadata)
            table = table.set_column(number, column, doubles)
    return table
