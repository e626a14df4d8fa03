"""Rows that are read where their files lie: when that can be, and by which SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.sql_names import literal, quote
from metrics_store.load.staging.staging_database import ROW
from metrics_store.load.staging.value_conversion import is_native

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.load.staging.staging_database import StagedTable

# DuckDB adds a column of this name.
_NUMBER = "file_row_number"


def read_sql(path: Path, names: Sequence[str]) -> str:
    """Give SQL of the rows of a Parquet file as they would be staged; empty where none can be.

    Args:
        path: The file; DuckDB takes some characters of a path for a pattern of many files.
        names: The names of its columns.
    """
    if set("*?[") & set(str(path)) or _NUMBER in (name.lower() for name in names):
        return ""
    columns = "".join(f", {quote(name)} as c{number}" for number, name in enumerate(names))
    return (
        f"select {_NUMBER} + 1 as {ROW}{columns} "  # noqa: S608 - quoted
        f"from read_parquet({literal(str(path))}, {_NUMBER} = true)"
    )


def copied_because(staged: StagedTable) -> str:
    """Say why a table is copied though it might be read in place; empty where it need not be.

    Read in place is what Parquet stores in the contract's own types: whatever is read out of text,
    or by the clock of a session, is read once, when it is loaded.
    """
    if not staged.files:
        return "it has no file"
    if not staged.reads:
        return "its files are no Parquet, or a path has one of *?[ in it"
    if staged.rejects or staged.mapping.is_distinct:
        return "not all its rows are loaded"
    for matched in staged.columns:
        if matched.position is None:
            continue
        stored_as, data_type = staged.types[matched.position], matched.column.data_type
        is_text = stored_as == "VARCHAR" and data_type.kind == "text"
        if not (is_text or is_native(stored_as, data_type)):
            return f"{matched.label} is stored as {stored_as} and is to be {data_type.kind}"
    return ""
