"""The units of metrics, in the metadata of an answer's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_UNIT, _UNIT_NAME = b"unit", b"unit_name"


def with_units(
    table: pa.Table, units: Mapping[str, str], names: Mapping[str, str] | None = None
) -> pa.Table:
    """Give an answer whose columns have their unit.

    Args:
        table: The answer.
        units: Column of a metric -> its unit, such as `currency`; empty where it has none.
        names: A unit, or one of its words -> what it is called here, such as `USD`.
    """
    for position, field in enumerate(table.schema):
        unit = units.get(field.name)
        if unit is not None:
            metadata = {_UNIT: unit.encode()}
            name = _named(unit, names or {})
            if name != unit:
                metadata[_UNIT_NAME] = name.encode()
            with_unit = field.with_metadata(metadata)
            table = table.set_column(position, with_unit, table.column(position))
    return table


def unit_of(field: pa.Field) -> str:
    """Give the unit of a column; empty where it has none."""
    unit: bytes = (field.metadata or {}).get(_UNIT, b"")
    return unit.decode()


def unit_name_of(field: pa.Field) -> str:
    """Give what the unit of a column is called, in words; empty where it has none."""
    name: bytes = (field.metadata or {}).get(_UNIT_NAME, b"")
    return name.decode() or unit_of(field).replace("_", " ")


def _named(unit: str, names: Mapping[str, str]) -> str:
    words = unit.split("_")
    return names.get(unit) or (
        " ".join(names.get(word, word) for word in words) if set(words) & set(names) else unit
    )


def is_metric(field: pa.Field) -> bool:
    """Whether a column of an answer is a metric, and not what it is grouped by."""
    return bool(_UNIT in (field.metadata or {}))
