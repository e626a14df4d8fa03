"""The view of a staged table: each column as text and as its declared type."""

from __future__ import annotations

from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase
from metrics_store.load.staging.value_conversion import from_native, from_text, is_native, text_of


def given(number: int) -> str:
    """Name the view's column that holds column `number` as the file has it; NULL where empty."""
    return f"given_{number}"


def value(number: int) -> str:
    """Name the view's column that holds column `number` in its type; NULL where it does not fit."""
    return f"value_{number}"


def view_name(staged: StagedTable) -> str:
    """Name the view of a staged table."""
    return f"view_of_{staged.relation}"


def create_view(staged: StagedTable, staging: StagingDatabase) -> str:
    """Make the view of a staged table and give its name; the columns count from 0."""
    givens, values = [ROW], [ROW]
    for number, matched in enumerate(staged.columns):
        data_type = matched.column.data_type
        if matched.position is None:
            givens.append(f"cast(null as varchar) as {given(number)}")
            values.append(f"cast(null as {data_type.duckdb}) as {value(number)}")
        else:
            stored_as = staged.types[matched.position]
            native = is_native(stored_as, data_type)
            column = f"c{matched.position}"
            text = column if native else text_of(column, stored_as, data_type)
            convert = from_native if native else from_text
            givens.append(f"{text} as {given(number)}")
            values.append(f"{convert(given(number), data_type)} as {value(number)}")
        values.append(given(number))
    name = view_name(staged)
    staging.run(
        f"create view {name} as select {', '.join(values)} "  # noqa: S608 - names are our own
        f"from (select {', '.join(givens)} from {staged.relation})"
    )
    return name
