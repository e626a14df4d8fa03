"""The units of metrics, in the metadata of an answer's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_UNIT = b"unit"


def with_units(table: pa.Table, units: Mapping[str, str]) -> pa.Table:
    """Give an answer whose columns have their unit.

    Args:
        table: The answer.
        units: Column of a metric -> its unit, such as `currency`; empty where it has none.
    """
    for position, field in enumerate(table.schema):
        unit = units.get(field.name)
        if unit is not None:
            with_unit = field.with_metadata({_UNIT: unit.encode()})
            table = table.set_column(position, with_unit, table.column(position))
    return table


def unit_of(field: pa.Field) -> str:
    """Give the unit of a column; empty where it has none."""
    unit: bytes = (field.metadata or {}).get(_UNIT, b"")
    return unit.decode()


def is_metric(field: pa.Field) -> bool:
    """Whether a column of an answer is a metric, and not what it is grouped by."""
    return bool(_UNIT in (field.metadata or {}))
