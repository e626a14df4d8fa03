"""The checksum that each row of a generated roll-up keeps of itself: an edited row has another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKSUM_COLUMN = "rollup_checksum"
# What a row keeps of the rows that it was made of, and of its period.
HASH_COLUMNS = ("rollup_hash", "rollup_rows")
PERIOD_COLUMN = "rollup_period"


def row_hash(values: Sequence[str], dialect: str) -> str:
    """Give the SQL of a hash of values in one row.

    Args:
        values: The values, as SQL.
        dialect: The SQL.
    """
    listed = ", ".join(values)
    if dialect == "duckdb":
        return f"hash({listed})"
    # Of the text: PostgreSQL gives numerics that differ in their sign alone the same hash.
    return f"hashtextextended(cast(row({listed}) as text), 0)"


def row_checksum(columns: Sequence[str], dialect: str) -> str:
    """Give the SQL of a stored row's checksum.

    Args:
        columns: The roll-up's own columns: those of its grain, and its aggregates.
        dialect: The SQL.
    """
    return row_hash([*columns, *HASH_COLUMNS, PERIOD_COLUMN], dialect)
