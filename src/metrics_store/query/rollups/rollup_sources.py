"""Roll-ups as sources of plans: their columns as the warehouse has them, their rows restricted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.metricflow.rollup_plans.rollup_source import RollupSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.query.rollups.rollup_table import RollupTable


def readable_relation(table: RollupTable, condition: str = "") -> str:
    """Give the relation of a roll-up with our names for its columns, as SQL.

    Args:
        table: The roll-up.
        condition: What must hold for rows that may be read, on columns of `source`; empty for all.
    """
    if not table.columns and not condition:
        return table.relation
    theirs = dict(table.columns)
    columns = ", ".join(
        f'source."{theirs[name]}" AS {name}' if name in theirs else f"source.{name}"
        for name in table.column_names
    )
    where = f" WHERE {condition}" if condition else ""
    # All of it is out of the definitions, but for values, which come as SQL.
    return f"(SELECT {columns} FROM {table.relation} AS source{where})"  # noqa: S608


def source_of(
    table: RollupTable, whole_numbers: Iterable[str], condition: str = ""
) -> RollupSource:
    """Give a roll-up as the source of plans."""
    return RollupSource(
        table.model,
        table.time,
        readable_relation(table, condition),
        table.names,
        table.inputs,
        frozenset(whole_numbers),
    )
