"""Connectors, and what they say of rows in columns of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.sql_names import fold

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Connector:
    """A tool that lands tables.

    Attributes:
        name: What people call it.
        times: Columns that say when a row was landed; the first one that is there counts.
        current: The column that says whether a row is its record's current version.
        gone: The column that says that a record is gone; a boolean, or a time.
    """

    name: str
    times: tuple[str, ...]
    current: str = ""
    gone: str = ""


CONNECTORS = (
    Connector("Fivetran", ("_fivetran_synced",), "_fivetran_active", "_fivetran_deleted"),
    Connector(
        "Airbyte", ("_airbyte_extracted_at", "_airbyte_emitted_at"), gone="_ab_cdc_deleted_at"
    ),
    Connector("Stitch", ("_sdc_batched_at",), gone="_sdc_deleted_at"),
    # The seconds since 1970, as text.
    Connector("dlt", ("_dlt_load_id",)),
)
# `metrics load` makes Fivetran's columns too, as the contract has them, and leaves them empty.
UNKNOWN = Connector("", (), "_fivetran_active", "_fivetran_deleted")


def connector_of(columns: Collection[str]) -> Connector:
    """Tell which connector landed a table, by the names of its columns."""
    there = {fold(name) for name in columns}
    for one in CONNECTORS:
        if any(fold(name) in there for name in one.times):
            return one
    return UNKNOWN


def is_own_column(name: str) -> bool:
    """Whether a column is a connector's and not the record's."""
    return name.lower().startswith(("_fivetran_", "_airbyte_", "_ab_", "_sdc_", "_dlt_"))
